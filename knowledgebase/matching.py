"""Which articles answer what somebody typed, the best one first."""

from dataclasses import dataclass
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.utils.text import Truncator
from wagtail.rich_text import RichText

from portal.people.models import User
from portal.ui.search import alternatives, query_any, tokens_of

from .models import ArticlePage

# Candidates taken from the index, the newest first; ranked here, because the two databases rank
# differently and SQLite ranks by searching once more for every hit.
CANDIDATES = 500
TITLE, KEYWORDS, SUMMARY, BODY = 4.0, 3.0, 2.0, 0.5
# An article that has this share of the words is offered as the answer, not as one of several.
GOOD_SHARE = 0.5
# A text that has this share of the words is about the same.
SHARE_OF_WORDS = 0.5
# So much of an article is shown before it is opened as a page.
STEPS_SHOWN, WORDS_SHOWN = 5, 60


@dataclass(frozen=True)
class Match:
    """An article with how well it fits; `is_good` ones may be shown as the best answer."""

    article: ArticlePage
    score: float
    is_good: bool


@dataclass(frozen=True)
class Fit:
    """How the words stand in one candidate; `share` counts those outside its text."""

    score: float
    share: float


def suggest(text: str, user: User | AnonymousUser, limit: int = 6) -> list[Match]:
    """The articles `user` may read that fit `text`, best first. At most two queries.

    The last word may be cut short. Articles that hold any of the words come from the index; they
    are ordered by where the words stand: in the title, in the other words, in the summary or in
    the text only. The last kind is left out when there are others.
    """
    groups = alternatives(text)
    if not groups:
        return []
    visible = ArticlePage.objects.visible_to(user)
    # Rows by name: the backend of PostgreSQL adds a column of its own.
    rows = visible.values("pk", "title", "keywords", "summary").autocomplete(
        query_any(text), order_by_relevance=False
    )[:CANDIDATES]
    fits = {row["pk"]: fit(groups, row["title"], row["keywords"], row["summary"]) for row in rows}
    fits = {pk: found for pk, found in fits.items() if found.share} or fits
    best = sorted(fits, key=lambda pk: fits[pk].score, reverse=True)[: limit * 2]
    if not best:
        return []
    matches = [
        Match(
            article,
            # Between equals, what helped others goes first.
            fits[article.pk].score + article.solved_count / (article.vote_count + 5) / 2,
            is_good=fits[article.pk].share >= GOOD_SHARE,
        )
        for article in visible.filter(pk__in=best).with_votes()
    ]
    return sorted(matches, key=lambda match: (-match.score, match.article.title))[:limit]


def fit(groups: list[tuple[str, ...]], title: str, keywords: str, summary: str) -> Fit:
    """How the words asked for (`alternatives`) stand in a text of these three parts."""
    fields = (
        (TITLE, _token_set(title)),
        (KEYWORDS, _token_set(keywords)),
        (SUMMARY, _token_set(summary)),
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
    return Fit(score, hits / len(groups))


def share_of_words(groups: list[tuple[str, ...]], text: str) -> float:
    """Which share of the words asked for (`alternatives`) stands in `text`."""
    tokens = frozenset(tokens_of(text))
    return sum(_holds(tokens, group) for group in groups) / len(groups) if groups else 0.0


@dataclass(frozen=True)
class Passage:
    """The part of an article that answers: steps, or the beginning of a text."""

    steps: tuple[RichText, ...] = ()
    text: str = ""


def passage_of(article: ArticlePage, text: str) -> Passage:
    """The steps or the paragraph of `article` with most of the words of `text`; the earliest of
    equals, steps before paragraphs. The summary when it has neither. No query.
    """
    groups = alternatives(text)
    candidates = [block for block in article.body if block.block_type in ("steps", "paragraph")]
    if not candidates:
        return Passage(text=article.summary)
    best = max(
        candidates,
        key=lambda block: (
            share_of_words(groups, " ".join(block.block.get_searchable_content(block.value))),
            block.block_type == "steps",
        ),
    )
    if best.block_type == "steps":
        return Passage(steps=tuple(best.value)[:STEPS_SHOWN])
    words = Truncator(" ".join(best.block.get_searchable_content(best.value)))
    return Passage(text=words.words(WORDS_SHOWN))


# Room for the three texts of as many candidates as are ranked; about 5 MB when it is full.
@lru_cache(maxsize=3 * CANDIDATES)
def _token_set(text: str) -> frozenset[str]:
    return frozenset(tokens_of(text))


def _holds(tokens: frozenset[str], group: tuple[str, ...]) -> bool:
    return any(word in tokens for word in group)


def _begins(tokens: frozenset[str], cut_word: str) -> bool:
    return any(token.startswith(cut_word) for token in tokens)
