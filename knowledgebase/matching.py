"""Which articles answer what somebody typed, the best one first."""

from dataclasses import dataclass

from portal.ui.search import alternatives, query_any, tokens_of

from .models import ArticlePage

# Candidates taken from the index; ranked here, because the two databases rank differently.
CANDIDATES = 30
TITLE, KEYWORDS, SUMMARY, BODY = 4.0, 3.0, 2.0, 0.5
# An article that has this share of the words is offered as the answer, not as one of several.
GOOD_SHARE = 0.5


@dataclass(frozen=True)
class Match:
    """An article with how well it fits; `is_good` ones may be shown as the best answer.

    `is_about` is false when the words stand in its text only.
    """

    article: ArticlePage
    score: float
    is_about: bool
    is_good: bool


def suggest(text: str, user, limit: int = 6) -> list[Match]:
    """The articles `user` may read that fit `text`, best first. At most two queries.

    The last word may be cut short. Articles that hold any of the words come from the index; they
    are ordered by where the words stand: in the title, in the other words, in the summary or in
    the text only. The last kind is left out when there are others.
    """
    groups = alternatives(text)
    if not groups:
        return []
    articles = ArticlePage.objects.visible_to(user).with_votes().defer("body")
    found = articles.autocomplete(query_any(text))[:CANDIDATES]
    matches = [_match(article, groups, at) for at, article in enumerate(found)]
    matches = [match for match in matches if match.is_about] or matches
    return sorted(matches, key=lambda match: -match.score)[:limit]


def _match(article: ArticlePage, groups: list[tuple[str, ...]], at: int) -> Match:
    fields = (
        (TITLE, set(tokens_of(article.title))),
        (KEYWORDS, set(tokens_of(article.keywords))),
        (SUMMARY, set(tokens_of(article.summary))),
    )
    score, hits = 0.0, 0
    for group in groups:
        weight = max(
            (
                weight
                for weight, tokens in fields
                if _holds(tokens, group) or (group is groups[-1] and _begins(tokens, group[0]))
            ),
            default=0.0,
        )
        score += weight or BODY / len(groups)
        hits += weight > 0
    # Between equals: the order of the index, then what helped others.
    helped = article.solved_count / (article.vote_count + 5)
    score += 1 / (1 + at) + helped / 2
    return Match(article, score, is_about=hits > 0, is_good=hits / len(groups) >= GOOD_SHARE)


def _holds(tokens: set[str], group: tuple[str, ...]) -> bool:
    return any(word in tokens for word in group)


def _begins(tokens: set[str], cut_word: str) -> bool:
    return any(token.startswith(cut_word) for token in tokens)
