"""The page of one item."""

from datetime import date, datetime, time, timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property

from itil.cmdb import permissions
from itil.cmdb.lifecycle import HANDED_FROM, steps_from
from itil.cmdb.models import ConfigurationItem, Relation
from itil.cmdb.querysets import key_of
from itil.cmdb.timeline import history, item_at, relations_of
from itil.fields.answers import readable
from portal.ui.pages import DetailPage

from .listing import DUTIES


class ItemRecord:
    """Finds the item of the URL by its number, with what its page shows, in one query."""

    model = ConfigurationItem
    duties = DUTIES

    def get_queryset(self):
        items = ConfigurationItem.objects.visible_to(self.request.user)
        return items.select_related(
            "item_class__field_set__current",
            "organization",
            "owner",
            "held_by",
            "team",
            "location",
            "details_form",
        )

    @cached_property
    def record(self):
        key = key_of(self.kwargs["number"])
        if key is None:
            raise Http404
        return get_object_or_404(self.get_queryset(), pk=key)

    @cached_property
    def now(self):
        return timezone.now()

    @cached_property
    def asked_day(self) -> date | None:
        """The day that `?on=` names; None for none and for what is no date."""
        try:
            day = parse_date(self.request.GET.get("on", ""))
        except ValueError:
            return None
        return day if day and 1900 <= day.year <= 2999 else None

    @cached_property
    def asked_at(self) -> datetime | None:
        """The end of the day asked for, in the person's zone; None for today and later, or none."""
        day = self.asked_day
        if day is None:
            return None
        # Midnight of the next day: moments end before it.
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
        return end if end <= self.now else None


class Link:
    """A relation as it reads from one of its ends."""

    def __init__(self, relation: Relation, item: ConfigurationItem):
        self.relation = relation
        kind = relation.relation_type
        is_source = relation.source_id == item.pk
        self.label = kind.label if is_source else kind.inverse_label
        self.other = relation.target if is_source else relation.source
        self.service = relation.service
        self.offering = relation.offering

    @property
    def name(self) -> str:
        return str(self.other or self.offering or self.service)


def links_of(relations, item: ConfigurationItem) -> list[tuple[str, list[Link]]]:
    """The relations by what they say of the item, in the order of their types."""
    found: dict[str, list[Link]] = {}
    for relation in relations:
        link = Link(relation, item)
        found.setdefault(str(link.label), []).append(link)
    for links in found.values():
        links.sort(key=lambda link: link.name.casefold())
    return list(found.items())


class ItemPage(ItemRecord, DetailPage):
    template_name = "itil/cmdb/item.html"

    def get_context_data(self, **kwargs):
        item = self.record
        may_edit = permissions.may_edit(self.request.user)
        past = item_at(item, self.asked_at) if self.asked_at else None
        relations = past.relations if past else relations_of(item)
        form = item.details_form
        return super().get_context_data(
            item=item,
            now=self.now,
            today=timezone.localdate(self.now),
            asked_on=self.asked_day if self.asked_at else None,
            is_ahead=bool(self.asked_day and self.asked_at is None),
            past=past,
            links=links_of(relations, item),
            details=readable(form.questions, item.details) if form and not past else [],
            history=history(item),
            steps=steps_from(item.status) if may_edit else (),
            may_edit=may_edit,
            may_hand_over=may_edit and item.status in HANDED_FROM,
            label=item.labels.filter(revoked_at__isnull=True).first(),
            **kwargs,
        )
