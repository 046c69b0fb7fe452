"""The order page: one item, its form, what it costs and what happens next."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from catalog.offerings.models import CatalogItem, DepartmentPage
from catalog.requests import actions
from catalog.requests.forms import ME, OTHER, OrderForm, read_token, shown_token
from catalog.requests.models import Draft
from itil.fields.answers import readable
from itil.fields.definition import Definition, Kind
from itil.fields.forms import AnswerForm
from itil.fields.models import FormVersion
from itil.tickets.errors import MissingValue, Refused
from portal.people.models import User

NO_QUESTIONS = Definition()


@dataclass
class Sheet:
    """The two forms of the page as they were sent, and the draft they are kept in."""

    order: OrderForm
    answers: AnswerForm
    version: FormVersion | None
    draft: Draft
    # It is for somebody else than it was for when it was kept before.
    is_for_another: bool = False

    @property
    def is_valid(self) -> bool:
        return not self.order.errors and not self.answers.errors


class OrderView(LoginRequiredMixin, View):
    """Finds the item of the URL for the person; one that may not be ordered is as good as none."""

    @cached_property
    def now(self):
        return timezone.now()

    @property
    def user(self) -> User:
        return self.request.user

    @cached_property
    def department(self) -> DepartmentPage:
        found = DepartmentPage.objects.filter(slug=self.kwargs["department"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def item(self) -> CatalogItem | None:
        """The item, if this person may order it."""
        items = CatalogItem.objects.visible_to(self.user).child_of(self.department)
        joined = items.select_related(
            "form__current",
            "approval",
            "bundle",
            "calendar",
            "figure",
            "item_owner",
            "team",
            "service",
        )
        return joined.filter(slug=self.kwargs["item"]).first()

    @cached_property
    def version(self) -> FormVersion | None:
        """The version of the form that is filled in now."""
        return self.item.form.current if self.item and self.item.form else None

    def draft_of(self, key) -> Draft | None:
        """The person's own unsent draft with this key."""
        drafts = Draft.objects.visible_to(self.user).open().select_related("form_version")
        return drafts.filter(uuid=key).first() if key else None

    # --- what was sent ------------------------------------------------------------------------

    def sheet(self) -> Sheet:
        """Read the form by the questions the person was shown, and keep all of it as a draft.

        Raises Refused when it was sent before, and Http404 for what the person was never shown.
        """
        order = OrderForm(self.request.POST, user=self.user)
        order.is_valid()
        version = self._shown_version(order)
        before = self.draft_of(order.cleaned_data["key"])
        holder = order.cleaned_data.get("beneficiary")
        answers = self._answers(version, self.request.POST, self.request.FILES, before, holder)
        draft = actions.save_draft(
            order.cleaned_data["key"],
            by=self.user,
            item=self.item or self._shown_item(order),
            form_version=version,
            typed=answers.typed,
            requested_for=order.cleaned_data.get("beneficiary"),
            quantity=order.cleaned_data.get("quantity") or 1,
            files=answers.uploads,
            at=self.now,
        )
        if answers.uploads and (answers.errors or order.errors):
            # The files are kept with the draft, so nobody has to choose them again.
            kept = with_kept(self.request.POST, draft)
            answers = self._answers(version, kept, None, draft, holder)
            answers.is_valid()
        was_for = before.requested_for_id if before else None
        return Sheet(order, answers, version, draft, was_for != draft.requested_for_id)

    def _answers(
        self,
        version: FormVersion | None,
        data: Any,
        files: Any,
        draft: Draft | None,
        holder: User | None,
    ) -> AnswerForm:
        form = AnswerForm(
            version.questions if version else NO_QUESTIONS,
            data,
            files,
            initial=draft.typed if draft else None,
            person=self.user,
            holder=holder,
            currency=self.item.currency if self.item else "EUR",
            today=timezone.localdate(self.now),
        )
        form.is_valid()
        return form

    def _shown_version(self, order: OrderForm) -> FormVersion | None:
        shown = read_token(order.cleaned_data.get("shown", ""), self.user)
        if shown is None:
            if self.item is None:
                raise Http404
            return self.version
        return FormVersion.objects.filter(pk=shown[1]).first()

    def _shown_item(self, order: OrderForm) -> CatalogItem:
        """An item that was retired since; only who was shown it gets here."""
        shown = read_token(order.cleaned_data.get("shown", ""), self.user)
        here = CatalogItem.objects.child_of(self.department).filter(slug=self.kwargs["item"])
        found = here.filter(pk=shown[0]).first() if shown else None
        if found is None:
            raise Http404
        return found


class OrderPage(OrderView):
    """GET shows the form, with what was begun before; POST sends it, or keeps it for later."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.item is None:
            return self._retired(self._own_drafts(retired=True))
        draft = self._begun()
        answers = AnswerForm(
            self.version.questions if self.version else NO_QUESTIONS,
            initial=draft.typed if draft else None,
            person=self.user,
            holder=draft.requested_for if draft else None,
            currency=self.item.currency,
        )
        initial = {"quantity": 1, "who": ME}
        if draft:
            initial = {"key": draft.uuid, "quantity": draft.quantity, "who": ME}
            if draft.requested_for:
                initial |= {"who": OTHER, "person": draft.requested_for.email}
        notices = [changed_form()] if draft and draft.form_version != self.version else []
        return self._show(
            OrderForm(user=self.user, initial=initial), answers, draft=draft, notices=notices
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            sheet = self.sheet()
        except Refused as refusal:
            messages.info(request, str(refusal))
            return to(reverse("selfservice:requests"))
        if self.item is None:
            return self._retired([sheet.draft], status=409)
        what = request.POST.get("do", "send")
        if what == "later":
            messages.success(request, _("Saved. You find it under “My requests”."))
            return to(reverse("selfservice:requests"))
        if sheet.version != self.version:
            return self._show_anew(sheet)
        if not sheet.is_valid:
            return self._show(sheet.order, sheet.answers, draft=sheet.draft, status=422)
        return self._go_on(sheet, what)

    def _go_on(self, sheet: Sheet, what: str) -> HttpResponse:
        """Send what will do, or put it into the order of several items."""
        try:
            if what == "cart":
                actions.put_into_cart(sheet.draft, by=self.user, at=self.now)
                messages.success(
                    self.request, _("“%(item)s” is in your order.") % {"item": self.item.title}
                )
                return to(reverse("requests:cart"))
            made = actions.submit(sheet.draft, by=self.user, at=self.now)
        except Refused as refusal:
            field = refusal.field if isinstance(refusal, MissingValue) else None
            if field in sheet.answers.fields:
                sheet.answers.add_error(field, str(refusal))
            else:
                sheet.order.add_error(field if field in sheet.order.fields else None, str(refusal))
            return self._show(sheet.order, sheet.answers, draft=sheet.draft, status=409)
        messages.success(
            self.request,
            _("Sent. Number %(number)s. We e-mailed you a copy.") % {"number": made.number},
        )
        return to(made.public_url)

    def _begun(self) -> Draft | None:
        """What the person goes on with: the draft that was asked for, else the newest one."""
        drafts = self._own_drafts()
        asked = self.request.GET.get("draft", "")
        return next((one for one in drafts if str(one.uuid) == asked), None) or next(
            (one for one in drafts if not one.in_cart), None
        )

    def _own_drafts(self, *, retired: bool = False) -> list[Draft]:
        items = CatalogItem.objects.child_of(self.department).filter(slug=self.kwargs["item"])
        drafts = Draft.objects.visible_to(self.user).open()
        found = drafts.filter(item__in=items) if retired else drafts.filter(item=self.item)
        return list(found.select_related("form_version", "requested_for", "item"))

    # --- pages ----------------------------------------------------------------------------------

    def _show(
        self,
        order: OrderForm,
        answers: AnswerForm,
        *,
        draft: Draft | None = None,
        notices: list[str] | None = None,
        gone: list[tuple[str, str]] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        unsent = draft or Draft(owner=self.user, item=self.item, form_version=self.version)
        if not order.is_bound and draft is None:
            unsent.typed = answers.typed
        key = order["key"].value() or unsent.uuid
        context = {
            "item": self.item,
            "department": self.department,
            "order": order,
            "form": answers,
            "key": key,
            "token": shown_token(self.item, self.version, self.user),
            "draft": draft,
            "is_fresh": not order.is_bound,
            "notices": notices or [],
            "gone": gone or [],
            "may_order_for_others": _may_order_for_others(self.user),
            "telling": telling(answers),
            "asks_quantity": bool(self.item.price or self.item.is_starting_price),
            **aside(unsent, self.item, self.user, self.now),
        }
        return render(self.request, "catalog/requests/order.html", context, status=status)

    def _show_anew(self, sheet: Sheet) -> HttpResponse:
        """The form was published anew meanwhile: its questions of today with the given answers,
        and what is no longer asked.
        """
        before, now = sheet.version, self.version
        gone: list[tuple[str, str]] = []
        if before is not None:
            kept = now.questions.questions if now else {}
            answers = {
                key: answer for key, answer in sheet.answers.answers.items() if key not in kept
            }
            gone = [line for _t, lines in readable(before.questions, answers) for line in lines]
        actions.go_on_with(sheet.draft, now, by=self.user)
        form = AnswerForm(
            now.questions if now else NO_QUESTIONS,
            initial=sheet.draft.typed,
            person=self.user,
            holder=sheet.draft.requested_for,
            currency=self.item.currency,
        )
        return self._show(
            sheet.order, form, draft=sheet.draft, notices=[changed_form()], gone=gone, status=409
        )

    def _retired(self, drafts: list[Draft], status: int = 200) -> HttpResponse:
        """It is not offered any more: what was typed can still be read. Others get 404."""
        if not drafts:
            raise Http404
        context = {"drafts": [(one, typed_in_words(one)) for one in drafts]}
        return render(self.request, "catalog/requests/retired.html", context, status=status)


class KeepOrder(OrderView):
    """Keeps what was typed while it is typed; gives the price and what happens next, a fragment."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.item is None:
            raise Http404
        try:
            sheet = self.sheet()
        except Refused:
            return HttpResponse(status=204)
        draft = sheet.draft
        context = {
            "item": self.item,
            "department": self.department,
            "draft": draft,
            "saved_at": draft.updated_at,
            "devices": devices_in(sheet.answers) if sheet.is_for_another else [],
            **aside(draft, self.item, self.user, self.now),
        }
        return render(request, "catalog/requests/_aside.html", context)


def telling(form: AnswerForm) -> Any:
    """The first question that is answered in sentences, which answers and items may fit."""
    questions = form.definition.questions.values()
    first = next((one for one in questions if one.kind == Kind.LONG_TEXT), None)
    return form.bound(first.key) if first else None


def devices_in(form: AnswerForm) -> list[Any]:
    """The questions that offer what the person has, who is another one now."""
    questions = form.definition.questions.values()
    return [form.bound(one.key) for one in questions if one.kind == Kind.DEVICE]


def aside(draft: Draft, item: CatalogItem, user: User, now) -> dict[str, Any]:
    """What the panels beside the form show."""
    return {
        "preview": actions.preview(draft, item, by=user, at=now),
        "charged_to": draft.beneficiary.cost_centre,
    }


def typed_in_words(draft: Draft) -> list[tuple[str, str]]:
    """What was typed into a form that may be gone, as labels and texts."""
    if draft.form_version is None:
        return []
    questions = draft.form_version.questions.questions
    return [
        (questions[key].label, _as_text(questions[key], typed))
        for key, typed in draft.typed.items()
        if key in questions and typed not in ("", [], ["", ""])
    ]


def _as_text(question, typed) -> str:
    parts = [typed] if isinstance(typed, str) else [str(part) for part in typed]
    if question.kind in (Kind.CHOICE, Kind.CHOICES, Kind.TREE):
        parts = [question.label_of(part) for part in parts]
    return ", ".join(parts)


def changed_form() -> str:
    return _(
        "This form has changed since you opened it. Your answers are here; check them, then send."
    )


def with_kept(data: QueryDict, draft: Draft) -> QueryDict:
    """What was posted, with the files that were just kept among those that stay."""
    found = data.copy()
    for name in {kept.question for kept in draft.files.all()}:
        part, _sign, key = name.rpartition("/")
        typed = draft.parts.get(part, {}).get("typed", {}) if part else draft.typed
        prefix = f"p-{part}-" if part else ""
        found.setlist(f"{prefix}q-{key}-kept", list(typed.get(key, ())))
    return found


def _may_order_for_others(user: User) -> bool:
    """Whether it makes sense to ask who it is for. One query at the most."""
    return user.grants.is_agent or user.sees_organization or user.reports_of.exists()


def to(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)
