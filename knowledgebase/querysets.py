"""Named reads of articles, and of what was read at forms; who may read an article is decided here
and nowhere else (`KBA-3`).
"""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Case, Count, Q, Value, When
from wagtail.models import PageQuerySet

# Who reports the same within this time was not helped by what was read (`KPI-15`).
COMES_BACK_WITHIN = timedelta(hours=24)


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


class ConsultationQuerySet(models.QuerySet):
    def with_outcome(self, now: datetime) -> Self:
        """Adds `outcome`, what had become of the form at `now`: `sent` although answers were
        offered; `solved` by one; `came_back` with the same subject by another way; `pending`
        while that may still happen; `read` and nothing sent.
        """
        return self.annotate(
            outcome=Case(
                When(sent_at__isnull=False, then=Value("sent")),
                When(solved_at__isnull=False, then=Value("solved")),
                When(came_back_at__isnull=False, then=Value("came_back")),
                When(opened_at__gt=now - COMES_BACK_WITHIN, then=Value("pending")),
                default=Value("read"),
            )
        )

    def read_by(self, user, *, before: datetime) -> Self:
        """Those at which `user` opened an answer in the day before an instant, and sent nothing
        since.
        """
        return self.filter(
            user=user,
            opened_at__gt=before - COMES_BACK_WITHIN,
            opened_at__lte=before,
            sent_at__isnull=True,
            came_back_at__isnull=True,
        )
