"""The people and things that a form offers while a name is typed."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import TemplateView

from .answers import people_for
from .definition import chooser

MOST_PEOPLE = 10
MOST_ITEMS = 10


class PeopleFound(LoginRequiredMixin, TemplateView):
    """At most ten people whose name or address begins with what was typed."""

    template_name = "itil/fields/_people.html"
    http_method_names = ["get"]

    def get_context_data(self, **kwargs):
        query = self.request.GET
        typed = query.get(query.get("name", ""), "").strip().replace("\x00", "")
        people = people_for(self.request.user)
        found = people.filter(name__istartswith=typed) | people.filter(email__istartswith=typed)
        shown = found.select_related("organization")[:MOST_PEOPLE] if typed else []
        return super().get_context_data(people=shown, **kwargs)


class ItemsFound(LoginRequiredMixin, TemplateView):
    """At most ten things of a class, among those the person may see, that fit what was typed."""

    template_name = "itil/fields/_items.html"
    http_method_names = ["get"]

    def get_context_data(self, **kwargs):
        query = self.request.GET
        typed = query.get(query.get("name", ""), "").strip().replace("\x00", "")[:200]
        among = query.get("among", "").replace("\x00", "")[:120]
        user = self.request.user
        found = chooser().suggest(typed, among=among, asker=user, limit=MOST_ITEMS) if typed else []
        return super().get_context_data(things=found, **kwargs)
