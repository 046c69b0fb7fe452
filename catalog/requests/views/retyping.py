"""Making an order of a report, and the other way round (`VOC-1`)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.offerings.models import CatalogItem, DepartmentPage
from catalog.requests import actions
from catalog.requests.actions.retyping import effects_of_incident, effects_of_request, order_of
from catalog.requests.forms import AsRequestForm, ToIncidentForm
from catalog.requests.models import ServiceRequest
from itil.desk import permissions
from itil.desk.views.acting import TicketAction
from itil.desk.views.previewing import Previewed
from itil.desk.views.ticket import TicketRecord
from itil.fields.definition import Definition
from itil.fields.forms import AnswerForm
from itil.incidents.models import Incident
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Ticket
from portal.people.models import User
from portal.ui.pages import DetailPage

# The most items that are offered at once; words find the others.
OFFERED = 60


class FormerType:
    """Sends a person back who may not change the type, or when it is another one already."""

    former: type[Ticket]
    duties: tuple[str, ...]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if user.is_authenticated and any(getattr(user.grants, duty) for duty in self.duties):
            refusal = self._refusal(user)
            if refusal:
                messages.error(request, refusal)
                return HttpResponseRedirect(self.record.get_absolute_url(), status=303)
        return super().dispatch(request, *args, **kwargs)

    def _refusal(self, user: User) -> str:
        words = {"number": self.record.number, "type": self.record.kind_label}
        if self.record.record_model is not self.former:
            return _("%(number)s was changed to “%(type)s” already.") % words
        if not permissions.may_edit(user, self.record):
            return _("You cannot change this ticket.")
        return ""


def after(ticket: Ticket, user: User) -> str:
    """Where the person goes on: the ticket, unless it left for a team whose work is private."""
    if Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists():
        return ticket.get_absolute_url()
    return reverse("desk:queue")


class ToIncident(FormerType, Previewed, TicketAction):
    """An order turns out to be a fault: how bad it is, and why it is none."""

    former = ServiceRequest
    title = gettext_lazy("Change to an incident")
    button = gettext_lazy("Change to an incident")
    form_class = ToIncidentForm

    def effects(self, form: ToIncidentForm):
        levels = {
            name: form.cleaned_data.get(name) or getattr(self.record, name)
            for name in ("impact", "urgency")
        }
        return effects_of_incident(self.record, **levels, at=self.now)

    def perform(self, form: ToIncidentForm):
        return actions.to_incident(
            self.record, by=self.request.user, **form.cleaned_data, at=self.now
        )

    def get_success_url(self) -> str:
        return after(self.record, self.request.user)

    def get_success_message(self, result: Incident) -> str:
        return _("%(number)s is an incident now.") % {"number": result.number}


class ToRequest(FormerType, TicketRecord, DetailPage):
    """A report turns out to be an order: what is ordered, then the form of it."""

    former = Incident
    template_name = "catalog/requests/to_request.html"

    @cached_property
    def now(self):
        return timezone.now()

    @property
    def person(self) -> User:
        """Who gets it: whose items are offered."""
        return self.record.requested_for or self.record.requester

    @cached_property
    def item(self) -> CatalogItem | None:
        """The item that was chosen, if it is offered to whom it is for."""
        key = self.request.GET.get("item", "")
        if not key:
            return None
        items = CatalogItem.objects.visible_to(self.person).select_related(
            "form__current", "approval", "calendar", "item_owner", "team", "service", "category"
        )
        found = items.filter(pk=key).first() if key.isdecimal() else None
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.item is None:
            return self.render_to_response(self.get_context_data(**self._choice()))
        return self._show(AsRequestForm(initial={"quantity": 1}), self._answers())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.item is None:
            raise Http404
        beside, answers = AsRequestForm(request.POST), self._answers(request.POST, request.FILES)
        if "effect" in request.POST:
            return self._show(beside, answers)
        if not (beside.is_valid() & answers.is_valid()):
            return self._show(beside, answers, status=422)
        try:
            made = actions.to_request(
                self.record,
                self.item,
                by=request.user,
                answers=answers.answers,
                quantity=beside.cleaned_data["quantity"],
                files=[file for chosen in answers.uploads.values() for file in chosen],
                at=self.now,
            )
        except Refused as refusal:
            field = refusal.field if isinstance(refusal, MissingValue) else None
            if field in answers.fields:
                answers.add_error(field, str(refusal))
            else:
                beside.add_error(field if field in beside.fields else None, str(refusal))
            return self._show(beside, answers, status=409)
        messages.success(
            request,
            _("%(number)s is an order of “%(item)s” now.")
            % {"number": made.number, "item": made.item_title},
        )
        return HttpResponseRedirect(after(made, request.user), status=303)

    def _choice(self) -> dict[str, Any]:
        """The items on offer by department, as far as they fit the words. Three queries."""
        words = self.request.GET.get("q", "").strip()
        items = CatalogItem.objects.visible_to(self.person).with_shelf().order_by("title", "pk")
        for word in words.split():
            items = items.filter(title__icontains=word) | items.filter(summary__icontains=word)
        found = list(items.defer("body")[: OFFERED + 1])
        departments = DepartmentPage.objects.in_bulk(
            {item.shelf for item in found}, field_name="path"
        )
        shelves: dict[str, list[CatalogItem]] = {}
        for item in found[:OFFERED]:
            shelves.setdefault(departments[item.shelf].title, []).append(item)
        return {
            "words": words,
            "shelves": sorted(shelves.items()),
            "is_cut": len(found) > OFFERED,
            "person": self.person,
        }

    def _answers(self, data=None, files=None) -> AnswerForm:
        version = self.item.form.current if self.item.form else None
        return AnswerForm(
            version.questions if version else Definition(),
            data,
            files,
            person=self.record.requester,
            holder=self.person,
            currency=self.item.currency,
            today=timezone.localdate(self.now),
        )

    def _show(self, beside: AsRequestForm, answers: AnswerForm, status: int = 200) -> HttpResponse:
        if answers.is_bound:
            answers.is_valid()
        asked = beside["quantity"].value()
        quantity = int(asked) if str(asked).isdecimal() and 1 <= int(asked) <= 999 else 1
        order = order_of(
            self.record, self.item, answers=answers.typed, quantity=quantity, at=self.now
        )
        preview = actions.preview(order, self.item, by=order.owner, at=self.now)
        effects = effects_of_request(
            self.record, self.item, quantity=quantity, begins=not preview.steps, at=self.now
        )
        context = self.get_context_data(
            item=self.item,
            form=answers,
            beside=beside,
            preview=preview,
            effects=effects,
            queue=self.item.queue,
            person=self.person,
            asks_quantity=bool(self.item.price or self.item.is_starting_price),
        )
        return self.render_to_response(context, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = _("Change to a request")
        return super().get_context_data(ticket=self.record, title=title, now=self.now, **kwargs)
