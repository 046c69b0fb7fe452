"""Builders for the answers section."""

from knowledgebase.models import ArticlePage, TopicPage
from portal.selfservice.actions import ensure_home


def topic(title: str = "Network and VPN") -> TopicPage:
    """A topic of the answers, made when it is not there."""
    answers = ensure_home().get_children().get(slug="answers").specific
    found = TopicPage.objects.child_of(answers).filter(title=title).first()
    return found or answers.add_child(instance=TopicPage(title=title))


def article(title: str = "VPN connects but nothing loads", **fields) -> ArticlePage:
    """A published article for everyone, with a list of steps and a paragraph."""
    steps = fields.pop("steps", ["Quit the VPN app fully.", "Choose another server."])
    paragraph = fields.pop("paragraph", "Some home routers drop the connection.")
    shelf = fields.pop("topic", None) or topic()
    page = ArticlePage(
        **{
            "title": title,
            "summary": "What to do when pages stay empty.",
            "audience": ArticlePage.Audience.PUBLIC,
            "body": [
                ("heading", "Try this first"),
                ("steps", steps),
                ("heading", "Why this happens"),
                ("paragraph", f"<p>{paragraph}</p>"),
            ],
        }
        | fields
    )
    return shelf.add_child(instance=page)
