"""Making and editing agreements: what saving would do is seen before it is done."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import CreateView, DeleteView, EditView

from itil.sla.actions import versions
from itil.sla.errors import AgreementSavedMeanwhile
from itil.sla.forms import first_steps
from itil.sla.models import Agreement
from itil.sla.tables import target_table

from .reading import versions_button
from .weighing import Weighing
from .zones import InOwnZone


class WeighedBeforeSaving(InOwnZone):
    """A check shows what saving would do; saving what moves clocks of today asks once."""

    produced_error_message = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.object_to_edit()
        form = self.get_form()
        if not self.is_valid(form):
            return self.form_invalid(form)
        weighing = Weighing(form.save(commit=False), request.user, timezone.now())
        if "check" in request.POST:
            return self.show(form, weighing)
        agreed = request.POST.get("confirmed") == weighing.seal
        if not agreed and weighing.foresight.asks:
            messages.warning(
                request,
                _("Nothing is saved yet: see below what saving does, then save again."),
            )
            return self.show(form, weighing)
        try:
            return self.form_valid(form)
        except (AgreementSavedMeanwhile, IntegrityError) as refused:
            return self.refuse(form, refused)

    def object_to_edit(self) -> Agreement | None:
        return None

    def show(self, form: Any, weighing: Weighing) -> HttpResponse:
        """The form as it was typed, with what it would do above it."""
        self.form = form
        return self.render_to_response(self.get_context_data(weighing=weighing))

    def refuse(self, form: Any, refused: Exception) -> HttpResponse:
        """Nothing was saved: somebody was faster."""
        text = str(refused)
        if isinstance(refused, IntegrityError):
            text = _("Somebody saved something at the same moment. Nothing was saved; try again.")
        form.add_error(None, ValidationError(text, code="stale"))
        self.produced_error_message = self.get_error_message()
        return self.form_invalid(form)

    def save_instance(self) -> Agreement:
        """Save with a record of the version, instead of Wagtail's note that something changed."""
        agreement = self.form.instance
        if agreement.pk is not None:
            versions.claim(agreement)
            versions.keep_former(agreement)
        self.action_class(
            agreement, user=self.request.user, form=self.form, log_action=False
        ).execute(skip_permission_checks=True)
        versions.keep(agreement, by=self.request.user)
        return agreement

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        agreement = context["form"].instance
        context["kind"] = Agreement.Kind(agreement.kind)
        return context


class AgreementEditView(WeighedBeforeSaving, EditView):
    """An agreement with its targets as they are in force."""

    def object_to_edit(self) -> Agreement:
        return self.get_object()

    @cached_property
    def header_more_buttons(self) -> list[Component]:
        return [versions_button(self.object), *super().header_more_buttons]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # Fresh from the database: the instance holds what is being typed.
        stored = Agreement.objects.get(pk=self.object.pk)
        return context | {
            "stored": stored,
            "in_force": target_table(versions.definition_of(stored)),
            "is_stale": context["form"].has_error("__all__", code="stale"),
        }


class AgreementCreateView(WeighedBeforeSaving, CreateView):
    """A new agreement of the kind that the address names."""

    def get_initial_form_instance(self) -> Agreement | None:
        if self.request.method == "POST":
            return None
        kind = self.request.GET.get("kind")
        return Agreement(
            kind=kind if kind in Agreement.Kind.values else Agreement.Kind.SLA,
            steps=first_steps(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"kinds": Agreement.Kind.choices}


class AgreementDeleteView(DeleteView):
    """What something was promised by stays, for as long as the promise is known."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            text = _("%(name)s was promised to tickets and stays. Make it inactive instead.")
            messages.error(self.request, text % {"name": self.object.name})
            return redirect("agreements:edit", self.object.pk)


class AgreementCopyView(AgreementCreateView):
    """A new agreement that begins with what another one says."""

    def get_initial_form_instance(self) -> Agreement | None:
        if self.request.method == "POST":
            return None
        return _copy(get_object_or_404(Agreement, pk=self.kwargs["pk"]))


def _copy(agreement: Agreement) -> Agreement:
    """The same, not saved, under another name; there is one default of a kind, so this is none."""
    targets, steps = list(agreement.targets.all()), list(agreement.steps.all())
    for row in (*targets, *steps):
        row.pk = None
    left_out = {"id", "version", "is_default", "name"}
    fields = [field for field in Agreement._meta.concrete_fields if field.name not in left_out]
    return Agreement(
        name=_("Copy of %(name)s") % {"name": agreement.name},
        targets=targets,
        steps=steps,
        **{field.attname: getattr(agreement, field.attname) for field in fields},
    )
