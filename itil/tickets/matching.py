"""Which form of further fields a record has, and what was answered to it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from itil.fields.definition import Kind
from itil.fields.models import FormVersion

from .models import Category, Ticket, TicketFields

# In `custom`: the key of the version of the form, and the answers to it.
FORM, ANSWERS = "form", "answers"


@dataclass(frozen=True)
class Filled:
    """What is kept of a record: the version of the form, and its answers."""

    version: FormVersion
    answers: dict[str, Any]

    def as_custom(self) -> dict[str, Any]:
        """How `custom` of the ticket keeps it."""
        return {FORM: self.version.pk, ANSWERS: self.answers}


def form_of(ticket: Ticket) -> FormVersion | None:
    """What a record of this kind, service and category is asked now; the most particular form, of
    two equal ones that of the category. One query; one more for a category below another.
    """
    categories = _with_those_above(ticket.category)
    found = (
        TicketFields.objects.filter(kind=ticket.kind, form__current__isnull=False)
        .filter(Q(service__isnull=True) | Q(service=ticket.service_id))
        .filter(Q(category__isnull=True) | Q(category__in=categories))
        .select_related("form__current")
    )

    def nearness(one: TicketFields) -> tuple[int, bool]:
        place = categories.index(one.category_id) if one.category_id else len(categories)
        return place, one.service_id is None

    nearest = min(found, key=nearness, default=None)
    return nearest.form.current if nearest else None


def with_fields(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Adds `has_fields`: whether any form applies, also by the two categories above; no query."""
    upwards = ("category", "category__parent", "category__parent__parent")
    theirs = Q(category__isnull=True)
    for step in upwards:
        theirs |= Q(category=OuterRef(step))
    forms = TicketFields.objects.filter(
        theirs,
        Q(service__isnull=True) | Q(service=OuterRef("service")),
        kind=OuterRef("kind"),
        form__current__isnull=False,
    )
    return tickets.annotate(has_fields=Exists(forms))


def form_at_report(kind: str) -> FormVersion | None:
    """What is asked of everybody who reports something of this kind. One query."""
    found = (
        TicketFields.objects.filter(
            kind=kind, at_report=True, service__isnull=True, category__isnull=True
        )
        .select_related("form__current")
        .first()
    )
    return found.form.current if found else None


def choices_to_filter_by() -> list[tuple[str, str]]:
    """What can be answered by a choice in the forms of further fields that are asked now: pairs of
    `key=value`, as `answered` takes them, and words. One query.
    """
    asked = TicketFields.objects.values("form__current")
    found: dict[str, str] = {}
    for version in FormVersion.objects.filter(pk__in=asked):
        for question in version.questions.questions.values():
            if question.kind in (Kind.CHOICE, Kind.CHOICES):
                for option in question.options:
                    found[f"{question.key}={option.value}"] = f"{question.label}: {option.label}"
    return list(found.items())


def answered(tickets: QuerySet[Ticket], choices: Iterable[str]) -> QuerySet[Ticket]:
    """Those with these answers, each written `key=value`: one of them to each of the questions."""
    wanted: dict[str, set[str]] = {}
    for choice in choices:
        key, _sign, value = choice.partition("=")
        wanted.setdefault(key, set()).add(value)
    for place, (key, values) in enumerate(wanted.items()):
        name = f"answer_{place}"
        tickets = tickets.alias(**{name: KeyTransform(key, KeyTransform(ANSWERS, "custom"))})
        # One choice is a text, several are a list in its JSON.
        fits = Q(**{f"{name}__in": values})
        for value in values:
            fits |= Q(**{f"{name}__icontains": json.dumps(value)})
        tickets = tickets.filter(fits)
    return tickets


def filled_of(ticket: Ticket) -> Filled | None:
    """What was answered, by the form as it was then. One query, none without answers."""
    key = ticket.custom.get(FORM)
    version = (
        FormVersion.objects.select_related("field_set").filter(pk=key).first() if key else None
    )
    return Filled(version, dict(ticket.custom.get(ANSWERS) or {})) if version else None


def version_to_fill(ticket: Ticket, filled: Filled | None) -> FormVersion | None:
    """The version that is filled in next: the one that was answered, unless another form applies
    by now; without any answers the one of today.
    """
    now = form_of(ticket)
    if filled is None:
        return now
    if now is not None and now.field_set_id != filled.version.field_set_id:
        return now
    return filled.version


def _with_those_above(category: Category | None) -> list[int]:
    found = []
    while category is not None:
        found.append(category.pk)
        category = category.parent
    return found
