"""What people thought of solutions, and the ratings behind each number."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.surveys.models import Rating
from knowledgebase.models import Consultation
from portal.ui.pages import ListPage
from portal.ui.tables import Column
from reports.actions.reading import Scope
from reports.actions.snapshots import CSAT
from reports.charts import satisfaction
from reports.filters import query_of
from reports.filters.consultations import consultations_of
from reports.filters.ratings import RatingList, ratings_of

from .places import ReportPage
from .snapshots import SnapshotPage


class SatisfactionPage(SnapshotPage):
    template_name = "reports/satisfaction.html"
    title = gettext_lazy("Satisfaction")
    report = CSAT

    def figures(self, scope: Scope, data: dict[str, Any]) -> dict[str, Any]:
        links = satisfaction.Links(query_of(scope))
        return {
            "facts": satisfaction.facts(data, links),
            "panels": satisfaction.panels(data, links),
        }


class RatingsPage(ReportPage, ListPage):
    """The ratings that a number of the report counts, with what people wrote."""

    template_name = "reports/ratings.html"
    csv_name = "ratings"
    default_sort = "-rated"
    about_ratings = (
        Column("number", gettext_lazy("Ticket"), sort="ticket__number", value="ticket.number"),
        Column("title", gettext_lazy("Subject"), value="ticket.title"),
        Column("score", gettext_lazy("Rating"), sort="score", value="score"),
        Column("comment", gettext_lazy("Comment")),
        Column(
            "praised",
            gettext_lazy("Went well"),
            value=lambda rating: ", ".join(rating.praise_labels),
        ),
        Column("rated", gettext_lazy("Rated"), sort="rated_at", value="rated_at"),
    )
    recommendation = Column(
        "recommendation", gettext_lazy("Recommends us, 0 to 10"), sort="recommendation"
    )

    @cached_property
    def listed(self) -> RatingList:
        return ratings_of(self.request.GET)

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        if self.listed.are_recommendations:
            return (*self.about_ratings, self.recommendation)
        return self.about_ratings

    def get_queryset(self) -> QuerySet[Rating]:
        return self.listed.rows.select_related("ticket")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        listed = self.listed
        return super().get_context_data(
            are_recommendations=listed.are_recommendations, few=listed.few, **kwargs
        )


class ConsultationsPage(ReportPage, ListPage):
    """The forms that an answer ended or did not; by what was typed, not by who typed it."""

    template_name = "reports/consultations.html"
    csv_name = "answers-before-sending"
    default_sort = "-started"
    columns = (
        Column("query", gettext_lazy("Typed"), sort="query"),
        Column("article", gettext_lazy("Answer"), sort="article__title", value="article.title"),
        Column("started", gettext_lazy("When"), sort="started_at", value="started_at"),
    )

    def get_queryset(self) -> QuerySet[Consultation]:
        found = consultations_of(self.request.GET, now=timezone.now())
        return found.select_related("article").defer("article__body")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = satisfaction.outcome_names()
        title = names.get(self.request.GET.get("outcome", ""), _("Answered before it was sent"))
        return super().get_context_data(title=title, **kwargs)
