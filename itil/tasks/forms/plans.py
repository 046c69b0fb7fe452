"""The shape of a task in a plan as editors enter it."""

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from itil.tasks.models import PlanTask
from portal.people.models import User


class PlanTaskForm(WagtailAdminModelForm):
    """One row of a plan; how the rows fit together is checked when the plan is published."""

    class Meta(WagtailAdminModelForm.Meta):
        model = PlanTask
        fields = [
            "title",
            "key",
            "text",
            "team",
            "person",
            "after",
            "due_amount",
            "due_unit",
            "is_optional",
            "visible_to_requester",
            "checklist",
            "evidence",
            "condition_question",
            "condition_value",
            "answers",
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "checklist": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "key": gettext_lazy("How other tasks name it; left empty it comes from the title."),
            "person": gettext_lazy("Left empty, the team decides who does it."),
            "after": gettext_lazy("Keys of the tasks it waits for, such as: order, account"),
            "due_amount": gettext_lazy("Counted from the start of the plan."),
            "checklist": gettext_lazy("One line for each point; all are ticked before it is done."),
            "condition_question": gettext_lazy(
                "Key of a question of the form; left empty, the task is for every request."
            ),
            "condition_value": gettext_lazy("Left empty, any answer will do."),
            "answers": gettext_lazy(
                "Keys of the questions whose answers the people who do it may read; * for all."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.agents()

    def clean(self) -> dict:
        cleaned = super().clean()
        if not cleaned.get("key") and cleaned.get("title"):
            cleaned["key"] = slugify(cleaned["title"])[:60]
            if not cleaned["key"]:
                self.add_error("key", _("Give it a key of letters and digits."))
        person, team = cleaned.get("person"), cleaned.get("team")
        if person and team and team.pk not in person.grants.team_ids:
            self.add_error(
                "person",
                _("%(name)s does not work in %(team)s.") % {"name": person, "team": team},
            )
        if cleaned.get("condition_value") and not cleaned.get("condition_question"):
            self.add_error("condition_question", _("Say which question it is about."))
        return cleaned
