"""What a schedule is asked that opens incidents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.cmdb.models import ConfigurationItem
from itil.schedules.forms import GONE, RecordForm
from portal.people.models import User


class CheckForm(RecordForm):
    """A check: who does what, on which items."""

    items = forms.ModelMultipleChoiceField(
        label=_("Items"),
        help_text=_("Hold Ctrl (on a Mac ⌘) to choose several, or to take one out."),
        queryset=ConfigurationItem.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        error_messages=GONE,
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        items = ConfigurationItem.objects.present()
        if user is not None:
            items = items.visible_to(user)
        self.fields["items"].queryset = items.order_by("name", "pk")
