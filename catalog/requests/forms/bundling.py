"""A bundle as it is filled in: the common questions once, and the open ones of each line."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.offerings.actions import questions_of
from catalog.offerings.models import CatalogItem
from catalog.requests.actions import Part, is_wanted, part_question, typed_for
from catalog.requests.models import Draft
from itil.fields.definition import Typed
from itil.fields.forms import AnswerFile, AnswerForm
from portal.people.models import User

from .ordering import find_person

REASON_LENGTH = 250


class PersonForm(forms.Form):
    """Whose things are looked up before the rest is asked."""

    person = forms.CharField(
        label=_("Name or e-mail address"),
        max_length=254,
        strip=True,
        error_messages={"required": _("Write who it is about")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_person(self) -> User | None:
        person, text = find_person(self.cleaned_data["person"], self.user)
        if text:
            raise forms.ValidationError(text)
        return person


class LineForm:
    """One line: whether it is wanted, its open questions, and why it is left out."""

    def __init__(
        self,
        part: Part,
        *,
        common: AnswerForm,
        by: User,
        person: User | None,
        kept: Mapping[str, Any],
        data: Any = None,
        files: Any = None,
        today: date,
    ):
        self.part = part
        self.prefix = f"p-{part.key}"
        self.is_bound = data is not None
        self.is_on = is_wanted(part, kept)
        self.reason = str(kept.get("reason", ""))
        if self.is_bound:
            self.is_on = part.is_required or f"{self.prefix}-on" in data
            self.reason = str(data.get(f"{self.prefix}-reason", ""))[:REASON_LENGTH]
        options: dict[str, Any] = {
            "person": by,
            "holder": person,
            "prefix": self.prefix,
            "given": part.given(common.typed),
            "mirrors": {key: common.name_of(there) for key, there in part.flows.items()},
            "currency": part.item.currency,
            "today": today,
        }
        questions = questions_of(part.item)
        begun = typed_for(part, kept, {}, by)
        self.answers = AnswerForm(questions, data, files, initial=begun, **options)
        if self.is_bound and self.is_on:
            self.answers.is_valid()
        self.uploads: dict[str, list[AnswerFile]] = self.answers.uploads
        self.typed: Mapping[str, Typed] = self.answers.typed
        if self.is_bound and not self.is_on:
            # What is not wanted is not judged; what was typed stays for when it is.
            self.answers = AnswerForm(questions, initial=dict(self.typed), **options)

    @property
    def asks(self) -> bool:
        """Whether any question of it is open."""
        return any(section.asks for section in self.answers.sections)

    @cached_property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong: the id of the place and a sentence."""
        found = [
            (drawn.first_id, " ".join(drawn.field.errors))
            for section in self.answers.sections
            for drawn in section.errors
        ]
        if self.reason_error:
            found.append((f"{self.prefix}-reason", self.reason_error))
        return found

    @property
    def reason_error(self) -> str:
        """A thing that the person has is not left out without a reason."""
        if not self.is_bound or self.is_on or not self.part.is_fact or self.reason.strip():
            return ""
        return _now("Say why %(thing)s is left out") % {"thing": self.part.title}

    @property
    def told(self) -> list[tuple[str, str]]:
        """The answers that are fixed, as labels and texts."""
        questions = self.answers.definition.questions
        return [
            (
                questions[key].label,
                ", ".join(questions[key].label_of(text) for text in _texts(typed)),
            )
            for key, typed in self.part.fixed.items()
            if key in self.answers.given and self.part.takes_back is None
        ]

    def as_kept(self) -> dict[str, Any]:
        """How the draft keeps it."""
        return {"on": self.is_on, "typed": dict(self.typed), "reason": self.reason}


class BundleSheet:
    """The whole page: `common`, an AnswerForm, and `lines`."""

    def __init__(
        self,
        item: CatalogItem,
        common: AnswerForm,
        parts: Iterable[Part],
        *,
        by: User,
        person: User | None,
        draft: Draft | None = None,
        data: Any = None,
        files: Any = None,
        today: date,
    ):
        kept = draft.parts if draft else {}
        self.item, self.common, self.person = item, common, person
        self.refusals: list[str] = []
        self.lines = [
            LineForm(
                part,
                common=common,
                by=by,
                person=person,
                kept=kept.get(part.key, {}),
                data=data,
                files=files,
                today=today,
            )
            for part in parts
        ]

    def refuse(self, text: str) -> None:
        """Say this above everything else."""
        self.refusals.append(text)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Everything that is wrong: the line it is about, the id of the place, a sentence."""
        found = [("", "", text) for text in self.refusals]
        for section in self.common.sections:
            found += [("", one.first_id, " ".join(one.field.errors)) for one in section.errors]
        for line in self.lines:
            found += [(line.part.title, place, text) for place, text in line.errors]
        return found

    @property
    def wanted(self) -> list[LineForm]:
        return [line for line in self.lines if line.is_on]

    @property
    def files_lost(self) -> bool:
        """Browsers forget chosen files when a form comes back; these were not kept."""
        return self.common.files_lost

    def parts(self) -> dict[str, Any]:
        """The lines as the draft keeps them."""
        return {line.part.key: line.as_kept() for line in self.lines}

    def uploads(self) -> dict[str, list[AnswerFile]]:
        """The new files of all forms by the names that drafts know the questions by."""
        found = dict(self.common.uploads)
        for line in self.lines:
            for question, chosen in line.uploads.items():
                found[part_question(line.part.key, question)] = chosen
        return found


def _texts(typed: Typed) -> list[str]:
    return [typed] if isinstance(typed, str) else list(typed)
