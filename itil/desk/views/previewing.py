"""Seeing what a form would do to the clocks before it is saved."""

from abc import ABC, abstractmethod

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property

from itil.sla.actions import Effect
from itil.tickets.errors import Refused


class Previewed(ABC):
    """An action page that shows the effect of what is typed, without saving it.

    Give `effects(form)`. The page asks while fields are changed and gets a part of itself; without
    script a button asks for the whole page.
    """

    template_name = "itil/desk/previewed.html"
    effects_template_name = "itil/desk/_effects.html"

    @abstractmethod
    def effects(self, form: Form) -> list[Effect]:
        """What saving would do; from the values that are in the form's cleaned data."""

    @cached_property
    def now(self):
        return timezone.now()

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if "effect" in request.POST:
            return self.preview(self.get_form())
        return super().post(request, *args, **kwargs)

    def preview(self, form: Form) -> HttpResponse:
        _read_what_is_there(form)
        try:
            effects = self.effects(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            effects = []
        shown = {"effects": effects, "now": self.now}
        if self.request.htmx:
            return render(self.request, self.effects_template_name, shown)
        return self.render_to_response(
            self.get_context_data(form=form, **shown, is_asked=True),
            status=422 if form.errors else 200,
        )


def _read_what_is_there(form: Form) -> None:
    """Validate; what is not filled in yet is no mistake before it is saved."""
    for name, errors in form.errors.as_data().items():
        if all(error.code == "required" for error in errors):
            del form.errors[name]
