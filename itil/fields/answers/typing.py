"""What stands in a form before anybody types: kept answers, and what the profile knows."""

from collections.abc import Mapping
from typing import Any

from itil.fields.definition import Definition, Kind, Profile, Question, Typed
from itil.fields.definition.values import typed_answer
from portal.people.models import User


def as_typed(definition: Definition, values: Mapping[str, Any]) -> dict[str, Typed]:
    """Kept answers, or a draft of what was typed, as text for the form; unknown keys are left out.

    One query when people are among them.
    """
    known = {key: value for key, value in values.items() if key in definition.questions}
    pks = {
        value
        for key, value in known.items()
        if definition.questions[key].kind == Kind.PERSON and isinstance(value, int)
    }
    addresses = dict(User.objects.filter(pk__in=pks).values_list("pk", "email")) if pks else {}
    return {
        key: addresses.get(value, "")
        if isinstance(value, int) and value in pks and definition.questions[key].kind == Kind.PERSON
        else typed_answer(definition.questions[key], value)
        for key, value in known.items()
    }


def at_first(definition: Definition, person: User | None) -> dict[str, Typed]:
    """What a form begins with: the defaults of its questions, and what the profile knows."""
    found: dict[str, Typed] = {}
    for key, question in definition.questions.items():
        text = _from_profile(question, person) or question.default
        if text:
            found[key] = [text] if question.kind == Kind.CHOICES else text
    return found


def _from_profile(question: Question, person: User | None) -> str:
    if person is None or not question.profile:
        return ""
    match question.profile:
        case Profile.NAME:
            return str(person.name)
        case Profile.EMAIL | Profile.SELF:
            return str(person.email)
        case Profile.PHONE:
            return str(person.phone)
        case Profile.ORGANIZATION:
            return str(person.organization or "")
        case Profile.COST_CENTRE:
            return str(person.cost_centre or "")
        case Profile.LOCATION:
            return str(person.location_id or "")
        case Profile.MANAGER:
            return str(person.manager.email) if person.manager else ""
    return ""
