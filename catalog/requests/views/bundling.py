"""The page of a bundle: common questions once, then its lines, sent together."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from catalog.offerings.models import Bundle
from catalog.requests import actions
from catalog.requests.actions.bundling import day_in
from catalog.requests.errors import PartRefused
from catalog.requests.forms import (
    BundleSheet,
    OrderForm,
    PersonForm,
    cannot_order_for,
    read_token,
    shown_token,
)
from catalog.requests.models import Draft
from catalog.requests.permissions import may_order_for
from itil.fields.definition import Typed
from itil.fields.forms import AnswerForm
from itil.tickets.errors import MissingValue, Refused
from portal.people.models import User

from .ordering import NO_QUESTIONS, KeepOrder, OrderPage, OrderView, changed_form, to, with_kept


class BundleView(OrderView):
    """What the page and the fragment beside it have in common."""

    @property
    def bundle(self) -> Bundle:
        return self.item.bundle

    @cached_property
    def about(self) -> User | None:
        """Of a bundle that takes things back: whose, from the address of the page."""
        text = self.request.POST.get("about") or self.request.GET.get("about", "")
        form = PersonForm({"person": text}, user=self.user)
        return form.cleaned_data["person"] if form.is_valid() else None

    def common(self, data: Any = None, files: Any = None, draft: Draft | None = None) -> AnswerForm:
        """The common questions; whose things are taken back is known already."""
        given: dict[str, Typed] = {}
        if self.bundle.takes_back and self.about:
            given[self.bundle.person_question] = self.about.email
        form = AnswerForm(
            self.version.questions if self.version else NO_QUESTIONS,
            data,
            files,
            initial=draft.typed if draft else None,
            person=self.user,
            given=given,
            today=timezone.localdate(self.now),
        )
        if form.is_bound:
            form.is_valid()
        return form

    def person_in(self, common: AnswerForm) -> User | None:
        """Whom it is for, as far as the common answers say; an error stands at the question."""
        if self.bundle.takes_back:
            return self.about
        key = self.bundle.person_question
        if not common.is_bound or key not in common.answers:
            return None
        person = actions.person_of(self.item, common.answers)
        if person is not None and not may_order_for(self.user, person):
            common.add_error(f"q-{key}", cannot_order_for(person))
            return None
        return person

    def posted(self) -> tuple[BundleSheet, Draft]:
        """Read everything that was sent, and keep all of it as a draft.

        Raises Refused when it was sent before.
        """
        post, files = self.request.POST, self.request.FILES
        beside = OrderForm(post, user=self.user)
        beside.is_valid()
        key = beside.cleaned_data["key"]
        before = self.draft_of(key)
        sheet = self.sheet_of(self.common(post, files, before), before, post, files)
        draft = actions.save_draft(
            key,
            by=self.user,
            item=self.item,
            form_version=self.version,
            typed=sheet.common.typed,
            requested_for=sheet.person,
            files=sheet.uploads(),
            parts=(before.parts if before else {}) | sheet.parts(),
            at=self.now,
        )
        if any(sheet.uploads().values()) and sheet.errors:
            # The files are kept with the draft, so nobody has to choose them again.
            post = with_kept(post, draft)
            sheet = self.sheet_of(self.common(post, None, draft), draft, post)
        return sheet, draft

    def sheet_of(
        self, common: AnswerForm, draft: Draft | None, data: Any = None, files: Any = None
    ) -> BundleSheet:
        person = self.person_in(common)
        parts = actions.assemble(self.item, by=self.user, person=person)
        today = timezone.localdate(self.now)
        return BundleSheet(
            self.item,
            common,
            parts,
            by=self.user,
            person=person,
            draft=draft,
            data=data,
            files=files,
            today=today,
        )

    def aside(self, sheet: BundleSheet) -> dict[str, Any]:
        """What is ordered with its prices and days, and who is asked."""
        day = day_in(self.item, sheet.common.readings)
        rows, totals = [], defaultdict(Decimal)
        asked: dict[tuple[User, ...], list[str]] = {}
        for line in sheet.wanted:
            one = line.part.as_draft(line.typed, by=self.user, person=sheet.person, day=day)
            preview = actions.preview(one, line.part.item, by=self.user, at=self.now)
            rows.append((line.part, preview, one.wished_on))
            if preview.total:
                totals[line.part.item.currency, line.part.item.price_period] += preview.total
            for step in preview.steps:
                titles = asked.setdefault(tuple(step.people), [])
                if line.part.title not in titles:
                    titles.append(line.part.title)
        return {
            "rows": rows,
            "totals": [(*key, amount) for key, amount in totals.items()],
            "asked": list(asked.items()),
        }

    @property
    def token(self) -> str:
        return f"{shown_token(self.item, self.version, self.user)}/{self.bundle.version}"

    @property
    def is_as_shown(self) -> bool:
        """Whether the form and the bundle are still those that the person has before them."""
        shown, _sign, version = self.request.POST.get("shown", "").rpartition("/")
        was = read_token(shown, self.user)
        now = (self.item.pk, self.version and self.version.pk)
        return was is None or (was == now and version == str(self.bundle.version))


class BundleOrder(BundleView, OrderPage):
    """GET shows the form, with what was begun before; POST sends it, or keeps it for later."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        draft = self._begun()
        if self.bundle.takes_back and draft and "about" not in request.GET:
            self.about = draft.requested_for
        if self.bundle.takes_back and self.about is None:
            return self._ask_person()
        if draft and self.bundle.takes_back and draft.requested_for_id != self.about.pk:
            draft = None
        notices = [changed_form()] if draft and draft.form_version != self.version else []
        sheet = self.sheet_of(self.common(draft=draft), draft)
        return self._page(sheet, draft, notices=notices)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.bundle.takes_back and self.about is None:
            return self._ask_person()
        try:
            sheet, draft = self.posted()
        except Refused as refusal:
            messages.info(request, str(refusal))
            return to(reverse("selfservice:requests"))
        if request.POST.get("do") == "later":
            messages.success(request, _("Saved. You find it under “My requests”."))
            return to(reverse("selfservice:requests"))
        if not self.is_as_shown:
            return self._page(sheet, draft, notices=[changed_form()], status=409)
        if gone := self._gone(sheet, draft):
            return self._page(sheet, draft, notices=gone, status=409)
        if sheet.errors:
            return self._page(sheet, draft, status=422)
        return self._send(sheet, draft)

    def _send(self, sheet: BundleSheet, draft: Draft) -> HttpResponse:
        try:
            made = actions.submit_bundle(draft, by=self.user, at=self.now)
        except PartRefused as refusal:
            titles = {line.part.key: line.part.title for line in sheet.lines}
            words = {"item": titles.get(refusal.part, ""), "why": refusal}
            sheet.refuse(_("%(item)s: %(why)s") % words)
            return self._page(sheet, draft, status=409)
        except MissingValue as refusal:
            sheet.common.add_error(f"q-{refusal.field}", str(refusal))
            return self._page(sheet, draft, status=409)
        except Refused as refusal:
            sheet.refuse(str(refusal))
            return self._page(sheet, draft, status=409)
        messages.success(
            self.request,
            _("Sent. Number %(number)s. We e-mailed you a copy.") % {"number": made.number},
        )
        return to(made.get_absolute_url())

    def _gone(self, sheet: BundleSheet, draft: Draft) -> list[str]:
        """What was ticked and is not offered any more, or not with this person any more."""
        here = {f"{line.prefix}-on" for line in sheet.lines}
        ticked = {name for name in self.request.POST if _is_tick(name)}
        if ticked <= here:
            return []
        return [_("Something you ticked is not offered any more. Check the list, then send.")]

    def _ask_person(self) -> HttpResponse:
        """Whose things: asked first, because the list depends on it."""
        typed = self.request.POST.get("about") or self.request.GET.get("about")
        form = PersonForm(None if typed is None else {"person": typed}, user=self.user)
        context = {"item": self.item, "department": self.department, "form": form}
        status = 422 if form.errors else 200
        template = "catalog/requests/bundle_person.html"
        return render(self.request, template, context, status=status)

    def _page(
        self,
        sheet: BundleSheet,
        draft: Draft | None,
        *,
        notices: list[str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        key = draft.uuid if draft else Draft().uuid
        context = {
            "item": self.item,
            "department": self.department,
            "sheet": sheet,
            "form": sheet.common,
            "about": self.about if self.bundle.takes_back else None,
            "key": key,
            "token": self.token,
            "draft": draft,
            "is_fresh": status == 200,
            "notices": notices or [],
            **self.aside(sheet),
        }
        return render(self.request, "catalog/requests/bundle_order.html", context, status=status)


def _is_tick(name: str) -> bool:
    return name.startswith("p-") and name.endswith("-on")


class KeepBundle(BundleView, KeepOrder):
    """Keeps what was typed while it is typed; gives the panels beside it, a fragment."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.bundle.takes_back and self.about is None:
            raise Http404
        try:
            sheet, draft = self.posted()
        except Refused:
            return HttpResponse(status=204)
        context = {
            "item": self.item,
            "sheet": sheet,
            "saved_at": draft.updated_at,
            **self.aside(sheet),
        }
        return render(request, "catalog/requests/_bundle_aside.html", context)


class _Entry:
    """The address of an item: of one with a bundle the page of the bundle answers."""

    bundled: type[BundleView]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        item = self.item if request.user.is_authenticated else None
        if item is not None and item.bundle_id is not None:
            return self.bundled.as_view()(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)


class OrderEntry(_Entry, OrderPage):
    bundled = BundleOrder


class KeepEntry(_Entry, KeepOrder):
    bundled = KeepBundle
