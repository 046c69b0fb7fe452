"""Pages of a list whose cost does not grow with the table."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.formats import number_format

PAGE_SIZE = 50
COUNTED_AT_MOST = 2000
# Tabs count so far and no further: a number that large says "many", and costs no more to find.
COUNT_LIMIT = 300


class CappedCount(Subquery):
    """Counts the rows of a sliced queryset inside the statement that asks for it."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _counted)"
    output_field = IntegerField()


class CappedPaginator(Paginator):
    """Counts at most `COUNTED_AT_MOST` rows; further pages are not offered.

    Who needs more narrows the filter or takes the CSV file: a late page of a long list is read by
    nobody, and costs the database as much as all the pages before it.
    """

    def __init__(
        self,
        object_list: Any,
        per_page: int = PAGE_SIZE,
        *,
        counted: int | None = None,
        **options: Any,
    ):
        """`counted` is the number of rows when it is known; no query is made for it then."""
        super().__init__(object_list, per_page, **options)
        if counted is not None:
            self._counted = counted

    @cached_property
    def _counted(self) -> int:
        """One query that reads no more than one row beyond the cap."""
        if isinstance(self.object_list, QuerySet):
            rows = self.object_list.order_by().values("pk")[: COUNTED_AT_MOST + 1]
            return rows.count()
        return len(self.object_list)

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED_AT_MOST)

    @property
    def is_capped(self) -> bool:
        """Whether there are rows that no page shows."""
        return self._counted > COUNTED_AT_MOST

    @property
    def count_text(self) -> str:
        """The number of rows for people: "86", or "2,000+" when nobody counted on."""
        text = number_format(self.count, use_l10n=True, force_grouping=True)
        return f"{text}+" if self.is_capped else text
