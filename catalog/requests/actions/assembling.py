"""What a bundle consists of for one person, line by line. Writes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from catalog.offerings.actions import questions_of, typed_of
from catalog.offerings.models import (
    Bundle,
    BundleAnswer,
    BundleLine,
    CatalogItem,
    ReturnRule,
)
from catalog.requests.clock import working_day_from
from catalog.requests.lifecycle import Status
from catalog.requests.models import Draft, ServiceRequest
from itil.cmdb.models import ConfigurationItem, ItemClass
from itil.fields.definition import Definition, Kind, Typed
from itil.fields.models import FormVersion
from itil.tickets.lifecycle import Phase
from portal.people.models import User

Source, Standing = BundleAnswer.Source, BundleLine.Standing
# The question of an item that ends a delivery which is told what ends.
WHAT = "what"


@dataclass(frozen=True)
class Part:
    """One line of a bundle: an item, and what of its form is answered already.

    `key` names the line among the others and stays the same while a person fills the form in.
    `fixed` and `first` are texts by question, `flows` the common questions by question.
    """

    key: str
    item: CatalogItem
    standing: str
    quantity: int = 1
    days: int = 0
    fixed: Mapping[str, Typed] = field(default_factory=dict)
    first: Mapping[str, Typed] = field(default_factory=dict)
    flows: Mapping[str, str] = field(default_factory=dict)
    takes_back: ConfigurationItem | None = None
    ends: ServiceRequest | None = None

    @property
    def version(self) -> FormVersion | None:
        return self.item.form.current if self.item.form else None

    @property
    def is_required(self) -> bool:
        return self.standing == Standing.REQUIRED

    @property
    def is_ticked_first(self) -> bool:
        return self.standing != Standing.OPTIONAL

    @property
    def is_fact(self) -> bool:
        """Something that the person has: who leaves it out says why."""
        return self.takes_back is not None or self.ends is not None

    @property
    def title(self) -> str:
        return about(self.item.title, self.takes_back, self.ends)

    @property
    def days_before(self) -> int:
        """How many working days before the day it is needed."""
        return max(-self.days, 0)

    def given(self, common: Mapping[str, Typed]) -> dict[str, Typed]:
        """The answers that are not asked for here, with those to the common questions."""
        return {key: common.get(there, "") for key, there in self.flows.items()} | dict(self.fixed)

    def wished_on(self, day: date | None) -> date | None:
        """The day by which it is to be there, counted in working days from `day`."""
        if day is None or not self.days:
            return day
        schedule = self.item.calendar.schedule() if self.item.calendar else None
        return working_day_from(schedule, day, self.days)

    def as_draft(
        self,
        typed: Mapping[str, Typed],
        *,
        by: User,
        person: User | None = None,
        day: date | None = None,
    ) -> Draft:
        """The order of this line with these answers; not stored."""
        return Draft(
            owner=by,
            requested_for=person if person and person.pk != by.pk else None,
            item=self.item,
            item_title=self.item.title,
            form_version=self.version,
            typed=dict(typed),
            quantity=self.quantity,
            wished_on=self.wished_on(day),
            takes_back=self.takes_back,
            ends=self.ends,
        )


def about(title: str, takes_back: ConfigurationItem | None, ends: ServiceRequest | None) -> str:
    """What is ordered, with the thing it is about."""
    if takes_back is not None:
        return _("%(item)s: %(thing)s") % {"item": title, "thing": takes_back.name}
    if ends is not None:
        return _("%(item)s: %(thing)s") % {"item": title, "thing": ends.title}
    return title


def assemble(item: CatalogItem, *, by: User, person: User | None = None) -> list[Part]:
    """The lines of the bundle of `item` that `by` may order, for `person` when it is somebody else.

    What is retired or not offered to `by` is left out; the person need not be among its audience,
    because editors have put it into the bundle. At most nine queries, whatever the number of lines.
    """
    bundle: Bundle | None = item.bundle
    if bundle is None:
        return []
    lines = list(bundle.lines.prefetch_related("answers"))
    rules = list(bundle.returns.all())
    held = list(_held(person)) if bundle.takes_back and person else []
    delivered = list(_delivered(person, by=by)) if bundle.takes_back and person else []
    keys = {line.item_id for line in lines} | {rule.item_id for rule in rules}
    keys |= {ending for _request, ending in delivered}
    offered = _offered(keys, by=by)
    common = questions_of(item)
    parts = [
        _part_of(line, offered[line.item_id], common) for line in lines if line.item_id in offered
    ]
    for thing in held:
        rule = rule_for(thing.item_class, rules)
        if rule is not None and rule.item_id in offered:
            parts.append(_return_of(thing, offered[rule.item_id], common))
    return parts + [
        _ending_of(request, offered[ending], common)
        for request, ending in delivered
        if ending in offered
    ]


def rule_for(item_class: ItemClass, rules: Iterable[ReturnRule]) -> ReturnRule | None:
    """The rule of the nearest class, upwards from that of the thing, or the one for others."""
    by_class = {rule.item_class_id: rule for rule in rules}
    step: ItemClass | None = item_class
    while step is not None:
        if step.pk in by_class:
            return by_class[step.pk]
        step = step.parent
    return by_class.get(None)


def _offered(keys: Iterable[int], *, by: User) -> dict[int, CatalogItem]:
    found = CatalogItem.objects.visible_to(by).filter(pk__in=keys, bundle__isnull=True)
    joined = found.select_related("form__current", "approval", "calendar", "item_owner", "service")
    return {item.pk: item for item in joined.defer("body")}


def _held(person: User) -> Iterable[ConfigurationItem]:
    """What the person has and nobody has ordered back yet."""
    coming = ServiceRequest.objects.filter(takes_back=OuterRef("pk")).exclude(phase=Phase.DONE)
    items = ConfigurationItem.objects.held_by_person(person).filter(~Exists(coming))
    return items.select_related("item_class__parent__parent__parent").order_by("name", "pk")


def _delivered(person: User, *, by: User) -> list[tuple[ServiceRequest, int]]:
    """What the person got and has to give up, and nobody has ended yet, with the item that ends it;
    of what is confidential only what `by` may see.
    """
    ended = ServiceRequest.objects.filter(ends=OuterRef("pk")).exclude(
        status__in=(Status.REJECTED, Status.CANCELLED)
    )
    theirs = Q(requested_for=person) | Q(requested_for__isnull=True, requester=person)
    found = ServiceRequest.objects.filter(
        theirs,
        status__in=(Status.FULFILLED, Status.CLOSED),
        item__ended_by__isnull=False,
    ).filter(~Exists(ended))
    seen = ServiceRequest.objects.visible_to(by).values("pk")
    found = found.filter(Q(is_confidential=False) | Q(pk__in=seen))
    rows = found.select_related("item").order_by("item_title", "pk")
    return [(row, row.item.ended_by_id) for row in rows if row.item and row.item.ended_by_id]


def _part_of(line: BundleLine, item: CatalogItem, common: Definition) -> Part:
    asked = questions_of(item).questions
    fixed: dict[str, Typed] = {}
    first: dict[str, Typed] = {}
    flows = _same(questions_of(item), common)
    for answer in line.answers.all():
        question = asked.get(answer.question)
        if question is None:
            continue
        flows.pop(question.key, None)
        if answer.source == Source.COMMON:
            flows[question.key] = answer.value.strip()
        elif answer.source == Source.FIXED:
            fixed[question.key] = typed_of(question, answer.value)
        else:
            first[question.key] = typed_of(question, answer.value)
    return Part(
        key=str(line.pk),
        item=item,
        standing=line.standing,
        quantity=line.quantity,
        days=line.days,
        fixed=fixed,
        first=first,
        flows=flows,
    )


def _same(asked: Definition, common: Definition) -> dict[str, str]:
    """The questions that the common form asks under the same short name and in the same way."""
    return {
        key: key
        for key, question in asked.questions.items()
        if question.kind != Kind.FILE
        and key in common.questions
        and common.questions[key].kind == question.kind
    }


def _return_of(thing: ConfigurationItem, item: CatalogItem, common: Definition) -> Part:
    asked = questions_of(item)
    things = (Kind.DEVICE, Kind.ITEM)
    fixed = {key: thing.number for key, one in asked.questions.items() if one.kind in things}
    return Part(
        key=f"item-{thing.pk}",
        item=item,
        standing=Standing.PRESELECTED,
        fixed=fixed,
        flows=_without(_same(asked, common), fixed),
        takes_back=thing,
    )


def _ending_of(request: ServiceRequest, item: CatalogItem, common: Definition) -> Part:
    asked = questions_of(item)
    what = asked.questions.get(WHAT)
    is_text = what is not None and what.kind in (Kind.TEXT, Kind.LONG_TEXT)
    fixed = {WHAT: f"{request.title} ({request.number})"} if is_text else {}
    return Part(
        key=f"request-{request.pk}",
        item=item,
        standing=Standing.PRESELECTED,
        fixed=fixed,
        flows=_without(_same(asked, common), fixed),
        ends=request,
    )


def _without(flows: Mapping[str, str], fixed: Mapping[str, Typed]) -> dict[str, str]:
    return {key: there for key, there in flows.items() if key not in fixed}
