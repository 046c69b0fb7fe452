"""A small site that shows organizations with the generic pages."""

import django_filters
from django import forms
from django.urls import include, path

from portal.people.models import Organization
from portal.ui.pages import ActionPage, DetailPage, ListPage, Tab
from portal.ui.tables import Column


class RenameError(Exception):
    """The rename was refused; `field` says where."""

    field = "name"


class OrganizationFilter(django_filters.FilterSet):
    class Meta:
        model = Organization
        fields = ["kind", "active"]


class Organizations(ListPage):
    duties = ("is_staff",)
    template_name = "whole.html"
    fragment_template_name = "part.html"
    filterset_class = OrganizationFilter
    default_sort = "name"
    csv_name = "organizations"
    columns = (
        Column("name", "Name", sort="name"),
        Column("kind", "Kind", sort="kind", value=lambda row: row.get_kind_display()),
        Column("parent", "Part of", value="parent.name"),
    )

    def get_queryset(self):
        return Organization.objects.visible_to(self.request.user).select_related("parent")

    def tabs(self):
        return (Tab("All", "?", is_current=True, count=3),)


class OneOrganization(DetailPage):
    model = Organization
    lookup = "uuid"
    template_name = "record.html"


class RenameForm(forms.Form):
    name = forms.CharField()


class Rename(ActionPage):
    model = Organization
    lookup = "uuid"
    form_class = RenameForm
    refusals = (RenameError,)
    success_message = "Renamed."
    template_name = "form.html"

    def perform(self, form):
        name = form.cleaned_data["name"]
        if name == "Taken":
            raise RenameError("Another organization has this name.")
        Organization.objects.filter(pk=self.record.pk).update(name=name)

    def get_success_url(self):
        return "/organizations/"


class Toggle(ActionPage):
    model = Organization
    lookup = "uuid"
    refusals = (RenameError,)

    def perform(self, form):
        raise RenameError("Not today.")

    def get_success_url(self):
        return "/organizations/"


urlpatterns = [
    path("", include("portal.signin.urls")),
    path("me/", include("portal.people.urls")),
    path("organizations/", Organizations.as_view()),
    path("organizations/<uuid:uuid>/", OneOrganization.as_view()),
    path("organizations/<uuid:uuid>/rename/", Rename.as_view()),
    path("organizations/<uuid:uuid>/toggle/", Toggle.as_view()),
]
