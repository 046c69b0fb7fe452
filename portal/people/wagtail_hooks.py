"""The admin screens of people and what they belong to."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.users.views.users import UserViewSet

from .forms import PersonCreationForm, PersonEditForm, PersonSearchForm
from .models import Location, MailDomain, Membership, Organization, Team, User


class ChoosePersonView(ChooseView):
    filter_form_class = PersonSearchForm


class ChoosePersonResultsView(ChooseResultsView):
    filter_form_class = PersonSearchForm


class PersonChooserViewSet(ChooserViewSet):
    """Every field of an admin form that points to a person searches instead of listing them all."""

    model = User
    icon = "user"
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    choose_view_class = ChoosePersonView
    choose_results_view_class = ChoosePersonResultsView


people_chooser = PersonChooserViewSet("person_chooser")


class PersonCreationScreen(PersonCreationForm):
    class Meta(PersonCreationForm.Meta):
        widgets = {**PersonCreationForm.Meta.widgets, "manager": people_chooser.widget_class}


class PersonEditScreen(PersonEditForm):
    class Meta(PersonEditForm.Meta):
        widgets = {**PersonEditForm.Meta.widgets, "manager": people_chooser.widget_class}


class PersonViewSet(UserViewSet):
    """Wagtail's screens of people, with our fields."""

    menu_label = _("People")
    template_prefix = "portal/people/admin/"

    def get_form_class(self, for_update=False):  # noqa: FBT002 - as Wagtail calls it
        return PersonEditScreen if for_update else PersonCreationScreen


class OrganizationViewSet(ModelViewSet):
    model = Organization
    icon = "home"
    list_display = ["name", "kind", "parent", "city", "active"]
    list_filter = ["kind", "active"]
    search_fields = ["name", "city", "vat_id", "registration_number"]
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("parent")]),
        FieldRowPanel([FieldPanel("time_zone"), FieldPanel("language")]),
        MultiFieldPanel(
            [
                FieldPanel("street"),
                FieldRowPanel([FieldPanel("postcode"), FieldPanel("city"), FieldPanel("country")]),
            ],
            heading=_("Address"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("vat_id"), FieldPanel("registration_number")]),
                FieldPanel("billing_email"),
            ],
            heading=_("For invoices"),
        ),
        FieldPanel("active"),
    ]


class MailDomainViewSet(ModelViewSet):
    model = MailDomain
    icon = "mail"
    list_display = ["domain", "organization"]
    list_filter = ["organization"]
    search_fields = ["domain"]
    form_fields = ["domain", "organization"]


class LocationViewSet(ModelViewSet):
    model = Location
    icon = "site"
    list_display = ["name", "organization", "address"]
    list_filter = ["organization"]
    search_fields = ["name", "address"]
    form_fields = ["organization", "name", "address", "time_zone"]


class TeamViewSet(ModelViewSet):
    model = Team
    icon = "group"
    list_display = ["name", "department", "restricted", "active"]
    list_filter = ["active", "restricted"]
    search_fields = ["name"]
    form_fields = ["name", "slug", "department", "restricted", "active"]


class MembershipViewSet(ModelViewSet):
    model = Membership
    icon = "key"
    list_display = ["user", "role", "team"]
    list_filter = ["role", "team"]
    search_fields = ["user__name", "user__email", "team__name"]
    # Panels, not form_fields: only the forms of panels take the chooser of people.
    panels = [FieldPanel("user"), FieldPanel("role"), FieldPanel("team")]


class PeopleGroup(ModelViewSetGroup):
    menu_label = _("Organization")
    menu_icon = "group"
    menu_order = 200
    items = (
        OrganizationViewSet(),
        MailDomainViewSet(),
        LocationViewSet(),
        TeamViewSet(),
        MembershipViewSet(),
    )


@hooks.register("register_admin_viewset")
def people_screens():
    return [people_chooser, PeopleGroup()]
