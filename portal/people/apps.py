from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(AppConfig):
    name = "portal.people"
    verbose_name = _("People and organizations")
    default = True


class WagtailPeopleConfig(WagtailUsersAppConfig):
    """Wagtail's own app for people, with our screens for our user model."""

    default = False
    user_viewset = "portal.people.wagtail_hooks.PersonViewSet"
