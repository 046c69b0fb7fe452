"""The edit form of agreements."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

from itil.sla.forms import AgreementForm, StepForm, StepSet, TargetForm, TargetSet


class RowsPanel(InlinePanel):
    """Rows entered through a form and a formset of ours."""

    def __init__(self, *args, form, formset, **kwargs):
        super().__init__(*args, **kwargs)
        self.form, self.formset = form, formset

    def clone_kwargs(self):
        return super().clone_kwargs() | {"form": self.form, "formset": self.formset}

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name] |= {"form": self.form, "formset": self.formset}
        return options


CONDITIONS = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("organization"), FieldPanel("service")]),
        FieldRowPanel([FieldPanel("location"), FieldPanel("requester_vip")]),
        FieldRowPanel([FieldPanel("ticket_kind"), FieldPanel("channel")]),
        FieldRowPanel([FieldPanel("team"), FieldPanel("supplier")]),
    ],
    heading=_("Applies when all of these hold"),
    help_text=_("What is left empty holds for every ticket."),
)

PRECEDENCE = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("active"), FieldPanel("is_default")]),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
        FieldPanel(
            "rank",
            help_text=_("Lower goes first, before everything that is more specific."),
        ),
    ],
    heading=_("In force"),
    help_text=_(
        "A ticket received at the first moment is included, one received at the last is not."
        " Times are in your zone."
    ),
)

TARGETS = RowsPanel(
    "targets",
    form=TargetForm,
    formset=TargetSet,
    panels=[
        FieldRowPanel(
            [
                FieldPanel("metric"),
                FieldPanel("priority"),
                FieldPanel("form"),
                FieldPanel("seconds"),
                FieldPanel("days"),
                FieldPanel("snap"),
                FieldPanel("cutoff"),
                FieldPanel("calendar"),
            ]
        )
    ],
    heading=_("Targets"),
    label=_("Target"),
    help_text=_(
        "Fill in what the form of the target asks for: business time as hours and minutes (4:00),"
        " business days and the moment of the day, or a cut-off time (12:00). A priority without"
        " a target has no clock."
    ),
    classname="sla-rows sla-targets",
)

STEPS = RowsPanel(
    "steps",
    form=StepForm,
    formset=StepSet,
    panels=[
        FieldRowPanel(
            [
                FieldPanel("percent"),
                FieldPanel("metric"),
                FieldPanel("action"),
                FieldPanel("team"),
                FieldPanel("calendar"),
            ]
        )
    ],
    heading=_("Escalation"),
    label=_("Step"),
    help_text=_(
        "A step happens once when so much of a target is used up; in the closed hours of its"
        " calendar it waits until that opens."
    ),
    classname="sla-rows",
)

RULES = MultiFieldPanel(
    [
        FieldRowPanel([FieldPanel("at_risk_percent"), FieldPanel("reopen_policy")]),
        FieldRowPanel([FieldPanel("vendor_pauses"), FieldPanel("requester_sees_due")]),
        FieldRowPanel([FieldPanel("degraded_percent")]),
    ],
    heading=_("Rules"),
)

EDIT_HANDLER = ObjectList(
    [
        FieldRowPanel([FieldPanel("name"), FieldPanel("calendar"), FieldPanel("target_key")]),
        CONDITIONS,
        PRECEDENCE,
        TARGETS,
        STEPS,
        RULES,
    ],
    base_form_class=AgreementForm,
)
