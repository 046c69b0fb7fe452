"""Named reads of articles; who may read one is decided here and nowhere else (`KBA-3`)."""

from django.db import models
from django.db.models import Count, Q
from wagtail.models import PageQuerySet


def audiences_of(user) -> list[str]:
    """The audiences to which `user` belongs."""
    if not user.is_authenticated:
        return ["public"]
    if user.grants.is_staff:
        return ["public", "employees", "staff"]
    return ["public", "employees"]


class ArticleQuerySet(PageQuerySet):
    def visible_to(self, user):
        """Published articles whose audience includes `user`; no query but the person's grants."""
        return self.live().filter(audience__in=audiences_of(user))

    def with_votes(self):
        """Adds `solved_count` and `vote_count`: how many people said yes, and how many said."""
        return self.annotate(
            solved_count=Count("feedback", filter=Q(feedback__solved=True)),
            vote_count=Count("feedback"),
        )

    def popular(self):
        """Those that solved it for most people first, then those last checked."""
        return self.with_votes().order_by(
            "-solved_count", models.F("checked_on").desc(nulls_last=True), "title", "pk"
        )
