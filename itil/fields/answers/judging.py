"""Whether what was typed answers the form; the one judge of pages, examples and publications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from itil.fields.definition import (
    Answer,
    Definition,
    Kind,
    Question,
    Standing,
    Typed,
    fault,
    read,
    standing,
)
from itil.fields.definition.choosing import Thing, chooser
from itil.fields.definition.values import missing
from portal.people.models import Location, Organization, User


@dataclass
class Judged:
    """The verdict: answers to the questions that are shown, and a sentence for each that is not
    answered as it should be."""

    standing: Standing
    answers: dict[str, Answer] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def judge(
    definition: Definition,
    typed: Mapping[str, Typed],
    *,
    person: User | None,
    today: date,
    holder: User | None = None,
) -> Judged:
    """Read, check and look up what was typed. `person` is who asks: it decides which people and
    locations there are; `today` is the day in that person's zone. `holder` is whose devices can be
    chosen, `person` unless it is told. One query for each person, location or thing that was named.
    """
    readings = {
        key: read(question, typed.get(key)) for key, question in definition.questions.items()
    }
    verdict = Judged(standing(definition, readings))
    for key, question in definition.questions.items():
        if key not in verdict.standing.shown:
            continue
        text = fault(question, typed.get(key), today)
        answer: Any = readings[key]
        if not text and answer is None and key in verdict.standing.required:
            text = missing(question)
        if not text and answer is not None:
            answer, text = _look_up(question, answer, person, holder or person)
        if text:
            verdict.faults[key] = text
        elif answer is not None:
            verdict.answers[key] = answer
    return verdict


def people_for(person: User | None) -> Any:
    """Whom this person may name: active people among those he or she may see (`VIS-5`)."""
    return User.objects.visible_to(person).active() if person else User.objects.none()


def locations_for(person: User | None) -> Any:
    """The locations of the organizations that this person may see, and of the one above the own."""
    if person is None:
        return Location.objects.none()
    organizations: Any = Organization.objects
    places = Q(organization__in=organizations.visible_to(person)) | Q(pk=person.location_id)
    if person.organization_id:
        places |= Q(organization__children=person.organization_id)
    return Location.objects.filter(places).distinct().order_by("name", "pk")


def _look_up(
    question: Question, answer: Answer, person: User | None, holder: User | None
) -> tuple[Answer | None, str]:
    """The key of a person or a location, or the thing, that was named, or why there is none."""
    if question.kind == Kind.DEVICE:
        return _find_device(str(answer), question.among, holder)
    if question.kind == Kind.ITEM:
        return _find_item(str(answer), question.among, person)
    if question.kind == Kind.PERSON:
        return _find_person(str(answer), person)
    if question.kind == Kind.LOCATION:
        pk = int(str(answer)) if str(answer).isascii() and str(answer).isdigit() else 0
        # Larger numbers than a key can be are no keys.
        if not 0 < pk < 2**63 or not locations_for(person).filter(pk=pk).exists():
            return None, _("This location is no longer offered. Choose another one")
        return pk, ""
    return answer, ""


def _find_person(text: str, person: User | None) -> tuple[int | None, str]:
    people = people_for(person)
    found = list(people.with_address(text)[:1]) or list(people.filter(name__iexact=text)[:2])
    if len(found) == 1:
        return found[0].pk, ""
    if found:
        return None, _("Several people have this name. Write the e-mail address")
    return None, _("Nobody is known by this name or e-mail address. Check it for typing errors")


def devices_of(holder: User | None, among: str = "") -> list[Thing]:
    """What this person has in use and may choose here."""
    return list(chooser().held_by(holder, among=among)) if holder else []


def _find_device(text: str, among: str, holder: User | None) -> tuple[Answer | None, str]:
    for thing in devices_of(holder, among):
        if thing.number == text:
            return thing.as_answer(), ""
    name = holder.name if holder else ""
    return None, _("%(name)s does not have this any more. Choose another one") % {"name": name}


def _find_item(text: str, among: str, person: User | None) -> tuple[Answer | None, str]:
    found = chooser().find(text, among=among, asker=person) if person else ()
    if len(found) == 1:
        return found[0].as_answer(), ""
    if found:
        return None, _("Several items have this name. Write the number, such as CI-000123")
    return None, _("Nothing is known by this name or number. Check it for typing errors")
