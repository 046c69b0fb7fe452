"""Lists with named parts, such as "Mine" or "Late": their tabs, counted in one statement."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise, cached_property

from .pages import ListPage, Tab
from .paging import COUNT_LIMIT, CappedCount

# The view that holds everything is not counted: its number says nothing, and costs the most.
ALL = "all"


@dataclass(frozen=True)
class NamedView:
    """A named part of a list: `narrow` takes its rows out of all, for a person at an instant."""

    key: str
    label: str | Promise
    narrow: Callable[[Any, Any, datetime], Any]
    # Its number is a call to act.
    is_hot: bool = False
    ordering: str = "due"


def counts(
    views: tuple[NamedView, ...], rows: QuerySet[Any], user: Any, now: datetime
) -> dict[str, int]:
    """How many of `rows` each view holds, at most COUNT_LIMIT + 1; one statement for all."""
    numbers = {
        view.key: CappedCount(
            view.narrow(rows, user, now).order_by().values("pk")[: COUNT_LIMIT + 1]
        )
        for view in views
        if view.key != ALL
    }
    people = get_user_model().objects
    return people.filter(pk=user.pk).values(**numbers).order_by().get()


class NamedViewsPage(ListPage):
    """A list of which one view is shown. Give `views`, `default_view()` and `visible()`."""

    views: tuple[NamedView, ...] = ()

    def default_view(self) -> str:
        """The key of the view that is shown when the address names none."""
        return self.views[0].key

    @abstractmethod
    def visible(self) -> QuerySet[Any]:
        """The rows this person may see, in whatever view."""

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def view_of_list(self) -> NamedView:
        by_key = {view.key: view for view in self.views}
        asked = self.request.GET.get("view", "")
        return by_key.get(asked) or by_key[self.default_view()]

    @property
    def default_sort(self) -> str:
        return self.view_of_list.ordering

    def get_queryset(self) -> QuerySet[Any]:
        return self.view_of_list.narrow(self.visible(), self.request.user, self.now)

    def tabs(self) -> tuple[Tab, ...]:
        numbers = counts(self.views, self.visible(), self.request.user, self.now)
        return tuple(self._tab(view, numbers.get(view.key)) for view in self.views)

    def _tab(self, view: NamedView, number: int | None) -> Tab:
        many = number is not None and number > COUNT_LIMIT
        return Tab(
            view.label,
            self._url(view=view.key, sort=None),
            view is self.view_of_list,
            f"{COUNT_LIMIT}+" if many else number,
            view.is_hot and bool(number),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "now": self.now,
            "view_label": self.view_of_list.label,
        }
