"""Entering an item and changing it: its columns, and the questions of its class."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from itil.cmdb import actions
from itil.cmdb.errors import Refused
from itil.cmdb.forms import ItemForm, NewItemForm
from itil.cmdb.forms.items import values_of
from itil.cmdb.models import ItemClass
from itil.fields.forms import AnswerForm
from portal.people.models import Organization
from portal.ui.pages import DutyPage, version_shown

from .item import ItemRecord

PREFIX = "own"


class ChooseClass(DutyPage, TemplateView):
    """What kind of thing is it? The classes, each leading to its form."""

    duties = ("is_agent",)
    template_name = "itil/cmdb/choose_class.html"

    def get_context_data(self, **kwargs):
        classes = ItemClass.objects.filter(active=True).select_related("parent")
        return super().get_context_data(classes=classes, **kwargs)


class _Form(DutyPage, View):
    """Two forms as one: what every item has, and what its class asks."""

    duties = ("is_agent",)
    template_name = "itil/cmdb/form.html"

    def own_form(self, item_class: ItemClass, initial=None) -> AnswerForm | None:
        """The questions of the class; None when it has none."""
        version = item_class.field_set.current if item_class.field_set else None
        if version is None:
            return None
        data = self.request.POST if self.request.method == "POST" else None
        return AnswerForm(
            version.questions, data, initial=initial, person=self.request.user, prefix=PREFIX
        )

    def judged(self, form, own) -> bool:
        """Both are as they should be; both are asked, so that all faults are seen at once."""
        return all([form.is_valid(), own is None or own.is_valid()])

    def refuse(self, form, own, refusal: Refused) -> None:
        """Put the sentence where it belongs."""
        field = getattr(refusal, "field", "")
        key = field.removeprefix("details.")
        if own is not None and key != field and key in own.definition.questions:
            own.add_error(own.bound(key).name, str(refusal))
            return
        form.add_error(field if field in form.fields else None, str(refusal))

    def page(self, form, own, *, status: int = 200, **context) -> HttpResponse:
        context |= {"form": form, "own": own}
        return render(self.request, self.template_name, context, status=status)


class NewItem(_Form):
    """A new item of the class in the URL."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        item_class = self.item_class(slug)
        ours = Organization.objects.filter(kind=Organization.Kind.PROVIDER).first()
        form = NewItemForm(by=request.user, initial={"organization": ours})
        return self.page(form, self.own_form(item_class), item_class=item_class)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        item_class = self.item_class(slug)
        form, own = NewItemForm(request.POST, by=request.user), self.own_form(item_class)
        if not self.judged(form, own):
            return self.page(form, own, item_class=item_class, status=422)
        values = dict(form.cleaned_data)
        try:
            item = actions.create_item(
                by=request.user,
                name=values.pop("name"),
                item_class=item_class,
                organization=values.pop("organization"),
                status=values.pop("status"),
                columns=values,
                details=own.typed if own else None,
                at=timezone.now(),
            )
        except Refused as refusal:
            self.refuse(form, own, refusal)
            return self.page(form, own, item_class=item_class, status=409)
        messages.success(
            request, _("%(name)s is %(number)s.") % {"name": item.name, "number": item.number}
        )
        return redirect(item)

    def item_class(self, slug: str) -> ItemClass:
        classes = ItemClass.objects.select_related("field_set__current")
        return get_object_or_404(classes, slug=slug, active=True)


class EditItem(ItemRecord, _Form):
    """What is known of an item, to be changed."""

    duties = ("is_agent",)

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        form = ItemForm(by=request.user, initial=values_of(self.record))
        return self.show(form, self.own_form(self.record.item_class, self.record.details))

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        item = self.record
        form = ItemForm(request.POST, by=request.user)
        own = self.own_form(item.item_class, item.details)
        if not self.judged(form, own):
            return self.show(form, own, status=422)
        stays = form.cleaned_data["item_class"] == item.item_class
        try:
            actions.edit_item(
                item,
                by=request.user,
                version=version_shown(request.POST),
                changes=form.cleaned_data,
                details=own.typed if own and stays else None,
                at=self.now,
            )
        except Refused as refusal:
            self.refuse(form, own, refusal)
            return self.show(form, own, status=409)
        messages.success(request, _("Saved."))
        return redirect(item)

    def show(self, form, own, status: int = 200) -> HttpResponse:
        return self.page(form, own, item=self.record, status=status)
