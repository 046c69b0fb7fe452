"""The three kinds of page that most of the product is made of: a list, a record, an action.

Each only translates: what may be seen is the queryset's business (`visible_to`), what may be done
is the verb's.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from django.views.generic.base import TemplateResponseMixin
from django_htmx.http import HttpResponseClientRedirect

from .paging import PAGE_SIZE, CappedPaginator
from .tables import Column, HeadCell, csv_response


class DutyPage(LoginRequiredMixin):
    """A page for people with a duty; to all others it does not exist.

    `duties` names properties of `user.grants`, one of which must be true; empty means that
    signing in is enough.
    """

    duties: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (
            request.user.is_authenticated
            and self.duties
            and not any(getattr(request.user.grants, duty) for duty in self.duties)
        ):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


@dataclass(frozen=True)
class Chip:
    """One filter that is on."""

    label: str | Promise
    value: str
    remove_url: str


@dataclass(frozen=True)
class Tab:
    """One saved view above a list. `count` None shows no number."""

    label: str | Promise
    url: str
    is_current: bool = False
    count: int | str | None = None
    is_hot: bool = False


def _words(value: Any, choices: dict[str, Any]) -> str:
    """A filter's value as people read it."""
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(choices.get(str(value), value))
    return ", ".join(_words(one, choices) for one in value)


class ListPage(DutyPage, TemplateView, ABC):
    """Rows of one kind: filtered, ordered, in pages; as a file with `?format=csv`.

    Give `get_queryset()`, `columns` and `template_name`. A request of htmx whose target is
    `fragment_target` gets `fragment_template_name` instead of the whole page.
    """

    columns: tuple[Column, ...] = ()
    # The keys of those that the page shows, where the file has more; empty for all.
    shown: tuple[str, ...] = ()
    filterset_class: Any = None
    # As in the parameter `sort`: the key of a column, with a minus for descending.
    default_sort = ""
    page_size = PAGE_SIZE
    fragment_template_name = ""
    fragment_target = "list"
    csv_name = ""
    # Parameters that belong to the page, not to the filter form, and survive a change of filter.
    kept_parameters: tuple[str, ...] = ("view", "sort")

    @abstractmethod
    def get_queryset(self) -> QuerySet[Any]:
        """The rows this person may see, before any filter."""

    @cached_property
    def filterset(self) -> Any:
        if self.filterset_class is None:
            return None
        return self.filterset_class(
            self.request.GET, queryset=self.get_queryset(), request=self.request
        )

    @cached_property
    def sort(self) -> str:
        """The order asked for when a column knows it, else the order of the list."""
        asked = self.request.GET.get("sort", "")
        known = {column.key for column in self.columns if column.sort}
        return asked if asked.removeprefix("-") in known else self.default_sort

    def get_rows(self) -> QuerySet[Any]:
        """All rows of the filter in their order; rows of equal rank stay in one order by key."""
        rows = self.filterset.qs if self.filterset is not None else self.get_queryset()
        fields = {column.key: column.sort for column in self.columns}
        field = fields.get(self.sort.removeprefix("-"))
        if not field:
            return rows
        minus = "-" if self.sort.startswith("-") else ""
        return rows.order_by(f"{minus}{field}", f"{minus}pk")

    def _url(self, **changes: str | None) -> str:
        query = self.request.GET.copy()
        for key in ("page", "format"):
            query.pop(key, None)
        for key, value in changes.items():
            query.pop(key, None)
            if value:
                query[key] = value
        return f"?{query.urlencode()}"

    def head(self) -> tuple[HeadCell, ...]:
        """The cells above the rows, with the order each would give."""
        cells = []
        for column in self.columns:
            if self.shown and column.key not in self.shown:
                continue
            if not column.sort:
                cells.append(HeadCell(column.label, column.css))
                continue
            state = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
            turned = f"-{column.key}" if state == "ascending" else column.key
            cells.append(HeadCell(column.label, column.css, self._url(sort=turned), state))
        return tuple(cells)

    def chips(self) -> tuple[Chip, ...]:
        """The filters that are on, each with the list as it would be without."""
        if self.filterset is None or not self.filterset.form.is_valid():
            return ()
        found = []
        for name, value in self.filterset.form.cleaned_data.items():
            if not self.request.GET.get(name) or value in (None, "", []):
                continue
            field = self.filterset.form.fields[name]
            # Choices of records would be read from the database; their values name themselves.
            named = not hasattr(field, "queryset") and getattr(field, "choices", None)
            choices = {str(key): label for key, label in named} if named else {}
            label = field.label or name
            found.append(Chip(label, _words(value, choices), self._url(**{name: None})))
        return tuple(found)

    def tabs(self) -> tuple[Tab, ...]:
        """The saved views; none unless the page has some."""
        return ()

    def get_page_count(self) -> int | None:
        """The number of rows, for a page that knows it; None lets the database count them."""
        return None

    def get_template_names(self) -> list[str]:
        htmx = getattr(self.request, "htmx", None)
        if self.fragment_template_name and htmx and htmx.target == self.fragment_target:
            return [self.fragment_template_name]
        return super().get_template_names()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.csv_name and request.GET.get("format") == "csv":
            return csv_response(
                self.csv_name, self.columns, self.get_rows().iterator(chunk_size=500)
            )
        response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = [
            (name, self.request.GET[name])
            for name in self.kept_parameters
            if self.request.GET.get(name)
        ]
        pages = CappedPaginator(self.get_rows(), self.page_size, counted=self.get_page_count())
        page = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            rows=page.object_list,
            columns=self.head(),
            tabs=self.tabs(),
            chips=self.chips(),
            filter_form=self.filterset.form if self.filterset is not None else None,
            kept_parameters=kept,
            clear_url=f"?{urlencode(kept)}",
            csv_url=self._url(format="csv") if self.csv_name else "",
            **kwargs,
        )


class RecordMixin:
    """Finds the record of a page among those the person may see; absent and forbidden are one."""

    model: type[Model]
    # The field that the URL names the record by, and the name of the part of the URL.
    lookup = "pk"

    def get_queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.visible_to(self.request.user)

    @cached_property
    def record(self) -> Any:
        return get_object_or_404(self.get_queryset(), **{self.lookup: self.kwargs[self.lookup]})


class DetailPage(DutyPage, RecordMixin, TemplateView):
    """One record, in the template as `record`."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, **kwargs)


def version_shown(posted: QueryDict) -> int:
    """The version of the record that the form was made from; 0, which none has, when it is missing
    or no number.
    """
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


class VerbPage(DutyPage, TemplateResponseMixin, View, ABC):
    """A form that calls a verb: POST, call, message, redirect.

    Give `perform(form)`, which calls the verb; `refusals`, the exceptions whose text is for the
    person; and `get_success_url()`, for which `result` is what the verb gave. A wrong form comes
    back with 422 and a refusal with 409, both with everything that was typed; `template_name`
    shows them, and GET shows the empty form. Without a template a refusal becomes a message, and
    the person lands where success would have led.
    """

    form_class: type[Form] = Form
    refusals: tuple[type[Exception], ...] = ()
    success_message: str | Promise = ""
    template_name = ""
    # The heading of the form, and the word on its button when that is another one.
    title: str | Promise = ""
    button: str | Promise = ""
    result: Any = None

    @abstractmethod
    def perform(self, form: Form) -> Any:
        """Call the verb with `self.request.user` and the form's cleaned data."""

    @abstractmethod
    def get_success_url(self) -> str:
        """Where the person goes after it."""

    def get_success_message(self, result: Any) -> str | Promise:
        """What to say after it; `result` is what `perform` gave."""
        return self.success_message

    def get_form_kwargs(self) -> dict[str, Any]:
        if self.request.method == "POST":
            return {"data": self.request.POST, "files": self.request.FILES}
        return {"initial": self.request.GET.dict()}

    def get_form(self) -> Form:
        return self.form_class(**self.get_form_kwargs())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"view": self, "title": self.title, "button": self.button or self.title, **kwargs}

    def check(self) -> None:
        """Raise Http404 for who has no business here, before the form is read."""

    def refused(self) -> None:
        """Called after a refusal, before the page is shown again."""

    def show(self, form: Form, status: int = 200) -> HttpResponse:
        """The form's page, with what was typed."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def leave(self) -> HttpResponse:
        """To the page that follows; a part of a page cannot follow a redirect, the page can."""
        url = self.get_success_url()
        if getattr(self.request, "htmx", False):
            return HttpResponseClientRedirect(url)
        return HttpResponseRedirect(url, status=303)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.template_name:
            return self.http_method_not_allowed(request, *args, **kwargs)
        self.check()
        return self.show(self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.check()
        form = self.get_form()
        if not form.is_valid():
            return self._refuse(form, status=422)
        try:
            self.result = self.perform(form)
        except self.refusals as refusal:
            field = getattr(refusal, "field", None)
            form.add_error(field if field in form.fields else None, str(refusal))
            self.refused()
            return self._refuse(form, status=409)
        text = self.get_success_message(self.result)
        if text:
            messages.success(request, text)
        return self.leave()

    def _refuse(self, form: Form, *, status: int) -> HttpResponse:
        if self.template_name:
            return self.show(form, status=status)
        for errors in form.errors.values():
            for error in errors:
                messages.error(self.request, error)
        return self.leave()


class ActionPage(VerbPage, RecordMixin):
    """A verb on the record of the URL, which is in the template as `record`."""

    def get_success_url(self) -> str:
        return self.record.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, **kwargs)

    def check(self) -> None:
        """The record is looked up first, so that a hidden one answers 404 whatever is sent."""
        _found = self.record

    def refused(self) -> None:
        """The verb may have changed the object before it was refused; show what is stored."""
        self.record.refresh_from_db()
