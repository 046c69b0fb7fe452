"""The admin screens of people and what they belong to."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.users.views.users import UserViewSet

from .forms import PersonCreationForm, PersonEditForm
from .models import Location, MailDomain, Membership, Organization, Team


class PersonViewSet(UserViewSet):
    """Wagtail's screens of people, with our fields."""

    menu_label = _("People")
    template_prefix = "portal/people/admin/"

    def get_form_class(self, for_update=False):  # noqa: FBT002 - as Wagtail calls it
        return PersonEditForm if for_update else PersonCreationForm


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
    form_fields = ["user", "role", "team"]


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
    return PeopleGroup()
