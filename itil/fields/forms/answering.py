"""A Django form made of a definition."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from itil.fields.answers import (
    as_typed,
    at_first,
    devices_of,
    judge,
    locations_for,
    price,
    priced,
)
from itil.fields.definition import (
    Definition,
    Kind,
    Question,
    Typed,
    fault,
    is_empty,
    read,
    standing,
)
from itil.fields.definition.values import LONG_TEXT_LENGTH, TEXT_LENGTH
from portal.people.models import User

from .drawing import DrawnSection, draw
from .files import AnswerFile, over_limits, read_uploads


class AnswerForm(forms.Form):
    """Asks what the definition asks; the judge of `itil.fields.answers` decides.

    `initial` are kept answers, or a draft (`typed`) that was kept when the form was left; without
    it the form begins with its defaults and the profile of `person`, who asks. `person` also says
    which people and locations there are. `today` is the day in that person's zone. Names of files
    in `initial` count as files that are already there; the form offers to take them out. `holder`
    is whose devices are offered, `person` unless it is told.

    `given` are texts for questions that are answered elsewhere, by the form beside this one or for
    good: they are not asked as long as the judge accepts them. `mirrors` names the input elsewhere
    on the page whose text such a question takes while it is typed.

    After `is_valid()`: `answers` (JSON; only questions that are shown), `uploads` (the new files by
    question, also when the form is not valid); `faults`, a sentence for each question that is
    not answered as it should be. `typed` is what stands in the form, for drafts.
    """

    def __init__(
        self,
        definition: Definition,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
        person: User | None = None,
        prefix: str = "",
        *,
        holder: User | None = None,
        given: Mapping[str, Typed] | None = None,
        mirrors: Mapping[str, str] | None = None,
        currency: str = "EUR",
        today: date | None = None,
    ):
        super().__init__(data, files, prefix=prefix or None)
        self.definition = definition
        self.person = person if person is not None and person.is_authenticated else None
        self.currency = currency
        self.holder = holder or self.person
        self.today = today or timezone.localdate()
        self.given = self._fitting(given or {})
        self.mirrors = dict(mirrors or {})
        begun = as_typed(definition, initial or {})
        self._kept = {
            key: [name for name in begun.get(key, ()) if name]
            for key, question in definition.questions.items()
            if question.kind == Kind.FILE
        }
        self.uploads: dict[str, list[AnswerFile]] = {}
        self.faults: dict[str, str] = {}
        self.answers: dict[str, Any] = {}
        for key, question in definition.questions.items():
            self.fields[_name(key)] = self._field(question)
        self.typed = self._posted() if self.is_bound else begun or at_first(definition, self.person)
        self.typed |= {
            key: typed
            for key, typed in self.given.items()
            if not (is_empty(typed) and self.is_bound)
        }
        if not self.is_bound:
            self.initial = {_name(key): typed for key, typed in self.typed.items()}
        self.standing = standing(definition, self.readings)

    def name_of(self, key: str) -> str:
        """The name of a question's input."""
        return self.add_prefix(_name(key))

    def bound(self, key: str) -> forms.BoundField:
        """The field of a question."""
        return self[_name(key)]

    @cached_property
    def readings(self) -> dict[str, Any]:
        """What was typed as answers, as far as it can be read; nothing is looked up."""
        questions = self.definition.questions
        return {key: read(questions[key], typed) for key, typed in self.typed.items()}

    @cached_property
    def sections(self) -> list[DrawnSection]:
        """The form as templates draw it."""
        return draw(self)

    @property
    def priced(self) -> list[tuple[str, Decimal]]:
        """The options chosen so far that have a price."""
        return priced(self.definition, self.readings)

    @property
    def price(self) -> Decimal:
        """What is chosen so far costs this, in `currency`."""
        return price(self.definition, self.readings)

    @property
    def files_lost(self) -> bool:
        """True when new files have to be chosen again: browsers forget them with the form."""
        return bool(self.errors) and any(self.uploads.values())

    @property
    def rules_id(self) -> str:
        """The id of the element that carries the rules."""
        return f"{self.add_prefix('q')}-rules"

    @property
    def rules(self) -> dict[str, Any]:
        """What the browser needs to show, hide and require in the same way."""
        return {
            "language": get_language(),
            "currency": self.currency,
            "sections": [
                {
                    "key": section.key,
                    "conditions": [condition.as_data() for condition in section.conditions],
                    "questions": [self._rule(question) for question in section.questions],
                }
                for section in self.definition.sections
            ],
        }

    def _rule(self, question: Question) -> dict[str, Any]:
        return {
            "key": question.key,
            "name": self.name_of(question.key),
            "kind": str(question.kind),
            "required": question.required,
            "conditions": [condition.as_data() for condition in question.conditions],
            "options": {
                value: {
                    "above": [option.value for option in path],
                    "label": path[-1].label,
                    "price": None if path[-1].price is None else str(path[-1].price),
                }
                for value, path in question.paths.items()
                if value in question.chosen
            },
        }

    # --- Input -----------------------------------------------------------------------------------

    def _posted(self) -> dict[str, Typed]:
        """What was sent, without characters that no database keeps."""
        found: dict[str, Typed] = {}
        for key, question in self.definition.questions.items():
            name = self.name_of(key)
            if question.kind == Kind.FILE:
                found[key] = self._posted_files(key, name)
            elif question.kind in (Kind.DATE_SPAN, Kind.TIME_SPAN):
                found[key] = [self._text(f"{name}_0"), self._text(f"{name}_1")]
            elif question.kind == Kind.CHOICES:
                found[key] = [text.replace("\x00", "") for text in _all(self.data, name)]
            else:
                found[key] = self._text(name)
        return found

    def _fitting(self, given: Mapping[str, Typed]) -> dict[str, Typed]:
        """What is given and can be an answer; nothing yet counts as well."""
        questions = self.definition.questions
        return {
            key: typed
            for key, typed in given.items()
            if key in questions
            and questions[key].kind != Kind.FILE
            and not fault(questions[key], typed, self.today)
        }

    def _text(self, name: str) -> str:
        return str(self.data.get(name) or "").replace("\x00", "")

    def _posted_files(self, key: str, name: str) -> list[str]:
        """The names of the files that stay and of those that were added."""
        staying = set(_all(self.data, f"{name}-kept"))
        self.uploads[key] = read_uploads(_all(self.files, name))
        return [
            *(name for name in self._kept[key] if name in staying),
            *(file.name for file in self.uploads[key]),
        ]

    def clean(self) -> dict[str, Any]:
        """Judge what was typed; every fault stands at its question."""
        verdict = judge(
            self.definition,
            self.typed,
            person=self.person,
            today=self.today,
            holder=self.holder,
        )
        files = {key: self.uploads[key] for key in self.uploads if key in verdict.standing.shown}
        self.uploads = files
        count = sum(len(found) for found in files.values())
        total = sum(len(file.content) for found in files.values() for file in found)
        for key, found in files.items():
            text = over_limits(found, count, total)
            if text:
                verdict.faults.setdefault(key, text)
        for key in self.definition.questions:
            if key in verdict.faults:
                self.faults[key] = verdict.faults[key]
                # It is asked here then, with what is wrong.
                self.given.pop(key, None)
                self.add_error(_name(key), verdict.faults[key])
        self.answers = verdict.answers
        return dict(verdict.answers)

    # --- Fields ----------------------------------------------------------------------------------

    def _field(self, question: Question) -> forms.Field:
        """A field that takes anything: the judge says what will do."""
        return forms.Field(
            label=question.label,
            help_text=question.help or self._hint(question),
            required=False,
            widget=self._widget(question),
        )

    def _hint(self, question: Question) -> str:
        if question.kind != Kind.FILE:
            return ""
        most = int(question.maximum or settings.ATTACHMENT_MAX_COUNT)
        return ngettext(
            "Up to %(count)s file, %(size)s at most", "Up to %(count)s files, %(size)s each", most
        ) % {"count": most, "size": filesizeformat(settings.ATTACHMENT_MAX_BYTES)}

    def _widget(self, question: Question) -> forms.Widget:
        match question.kind:
            case Kind.LONG_TEXT:
                return forms.Textarea(attrs={"rows": 4, "maxlength": LONG_TEXT_LENGTH})
            case Kind.TEXT:
                most = min(TEXT_LENGTH, int(question.maximum or TEXT_LENGTH))
                return forms.TextInput(attrs={"maxlength": most})
            case Kind.NUMBER | Kind.MONEY:
                return forms.TextInput(attrs={"inputmode": "decimal", "class": "short"})
            case Kind.DATE:
                return forms.TextInput(attrs={"type": "date", "class": "short"})
            case Kind.TREE | Kind.CHOICE:
                return forms.Select(choices=self._choices(question))
            case Kind.LOCATION:
                places = locations_for(self.person).values_list("pk", "name")
                return forms.Select(choices=[("", _("Choose a location")), *places])
            case Kind.DEVICE:
                devices = devices_of(self.holder, question.among)
                choices = [(one.number, f"{one.name} ({one.number})") for one in devices]
                return forms.Select(choices=[("", _("Choose one")), *choices])
            case Kind.PERSON | Kind.ITEM:
                return forms.TextInput(attrs={"autocomplete": "off"})
        return forms.TextInput()

    def _choices(self, question: Question) -> list[tuple[str, Any]]:
        """The options of a list; those of a tree under the first level of their path."""
        choices: list[tuple[str, Any]] = [("", _("Choose one"))]
        for option in question.options:
            if option.options:
                below = [
                    (value, " › ".join(step.label for step in question.paths[value][1:]))
                    for value in question.chosen
                    if question.paths[value][0] is option
                ]
                choices.append((option.label, below))
            else:
                choices.append((option.value, option.label))
        return choices

    def kept_files(self, key: str) -> list[tuple[str, bool]]:
        """The files that are already there, and whether each is to stay."""
        staying = self.typed.get(key, ())
        return [(name, name in staying) for name in self._kept[key]]


def _name(key: str) -> str:
    """A name that neither a field beside the form nor an attribute of it can have: templates look
    for fields first."""
    return f"q-{key}"


def _all(data: Any, name: str) -> list[Any]:
    """All values that were sent under a name, whatever kind of mapping they came in."""
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    value = data.get(name)
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
