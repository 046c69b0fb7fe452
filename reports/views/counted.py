"""Lists of the records that a figure counts: stored by a worker, joined to what one may see."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.ui.pages import ListPage
from portal.ui.tables import Column
from reports.charts import words
from reports.models import CountedRecord, ReportSnapshot
from reports.tables import RecordTable

from .snapshots import is_waiting


@dataclass(frozen=True)
class Shown:
    """A cell: text, or a moment; `url` leads to the record."""

    text: str = ""
    at: datetime | None = None
    url: str = ""
    css: str = ""


class CountedPage(ListPage):
    """The records behind a number; what the reader may not see is counted beside the list. Give
    `table`, `snapshot` and `about`."""

    template_name = "reports/records.html"
    csv_name = "records"
    frame = "ui/desk.html"
    # The page of a ticket that a row leads to.
    ticket_page = "desk:ticket"
    table: RecordTable

    @property
    @abstractmethod
    def snapshot(self) -> ReportSnapshot:
        """What a worker found, with a `CountedRecord` for each record."""

    @abstractmethod
    def about(self) -> dict[str, Any]:
        """Of the page: `title`, `how` the number is computed, `conditions` in words."""

    @property
    def is_ready(self) -> bool:
        return self.snapshot.is_ready

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        return self.table.columns

    @property
    def default_sort(self) -> str:  # type: ignore[override]
        return self.table.default_sort

    @cached_property
    def words(self) -> str:
        return self.request.GET.get("q", "").strip()[:100]

    def _seen(self) -> QuerySet[Any]:
        """The records behind the point that this person may see."""
        counted = CountedRecord.objects.filter(snapshot=self.snapshot.pk).values("record")
        return self.table.seen_by(self.request.user).filter(pk__in=counted)

    @cached_property
    def seen_count(self) -> int:
        return self._seen().order_by().count()

    def get_queryset(self) -> QuerySet[Any]:
        found = self._seen()
        if not self.words:
            return found
        either = Q()
        for field in self.table.search_fields:
            either |= Q(**{f"{field}__icontains": self.words})
        return found.filter(either)

    def get_page_count(self) -> int | None:
        return None if self.words else self.seen_count

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_ready:
            waiting = {"frame_template": self.frame, "title": _("Records"), "is_ready": False}
            context = TemplateView.get_context_data(self, **waiting)
            return self.render_to_response(context)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        data = self.snapshot.data
        hidden = 0 if data["few"] else data["records"] - self.seen_count
        context = super().get_context_data(**kwargs) | self.about()
        return context | {
            "frame_template": self.frame,
            "is_ready": True,
            "is_waiting": is_waiting(self.snapshot),
            "snapshot": self.snapshot,
            "noun": self.table.noun,
            "few": data["few"],
            "n": data["n"],
            "figure": "" if data["n"] is None else words.count(data["n"]),
            "seen": self.seen_count,
            "hidden": hidden,
            "is_counted_often": data["n"] is not None and data["n"] != data["records"],
            "records": words.count(data["records"]),
            "lines": [self._line(row) for row in context["rows"]],
            "words": self.words,
            "kept": [pair for pair in self.request.GET.items() if pair[0] not in ("q", "page")],
        }

    def _line(self, row: Any) -> list[Shown]:
        ticket = self.table.ticket_of(row)
        if ticket is not None:
            page = reverse(self.ticket_page, args=[ticket.number])
        else:
            page = self.table.url_of(row)
        cells = []
        for column in self.columns:
            value, url = column.cell(row), page if column.key == self.table.link else ""
            if isinstance(value, datetime):
                cells.append(Shown(at=value, css="nowrap"))
            elif isinstance(value, date):
                cells.append(Shown(words.day(value), url=url, css="nowrap"))
            else:
                text = "–" if value in (None, "") else str(value)
                css = "nowrap" if column.key == "number" else ""
                cells.append(Shown(text, url=url, css=css))
        return cells
