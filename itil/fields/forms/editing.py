"""The shape of a form as editors compose it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from itil.fields.definition import named
from itil.fields.models import FieldSet


class FieldSetForm(WagtailAdminModelForm):
    """A form being edited. Short names that were left out are written in when it is saved."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = FieldSet
        fields = ["name", "draft"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen_version"].initial = self.instance.version

    def clean_draft(self) -> Any:
        """The same blocks, every one with its short name."""
        field = FieldSet.draft.field
        return field.to_python(named(self.cleaned_data["draft"].get_prep_value()))

    def clean(self) -> dict[str, Any]:
        """Refused when somebody else has saved since; the row stays locked until the end."""
        cleaned = super().clean()
        seen = cleaned.get("seen_version")
        if self.instance.pk and seen is not None:
            rows = FieldSet.objects.select_for_update().filter(pk=self.instance.pk)
            stored = rows.values_list("version", flat=True).first()
            if stored != seen:
                self.add_error(
                    None,
                    _(
                        "Somebody else has saved this form after you opened it. Nothing of yours"
                        " was saved; it is all still here. Open the page a second time, compare,"
                        " and enter there what is missing."
                    ),
                )
            self.instance.version = seen + 1
        return cleaned


class ExampleForm(forms.Form):
    """The name under which the answers in a preview are kept."""

    name = forms.CharField(
        label=gettext_lazy("Name of the example"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the example a name")},
    )
