"""Taking over a list of items: tried first, then carried out; a second time changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from itil.cmdb.errors import NotAllowed, Refused
from itil.cmdb.lifecycle import STEPS, Status
from itil.cmdb.models import (
    ConfigurationItem,
    Criticality,
    Environment,
    ItemClass,
    ItemImport,
)
from itil.cmdb.parse import KEYS, OWN, Sheet, read_sheet
from itil.cmdb.permissions import may_import
from itil.cmdb.querysets import key_of
from itil.fields.answers import as_typed
from portal.people.models import Location, Organization, Team, User
from portal.ui.sheets import Row

from .changing import locked
from .editing import create_item, edit_item
from .moving import hand_over, move_item, take_back

CREATED, CHANGED, SAME, REFUSED = "created", "changed", "same", "refused"
# Columns that are taken as they stand.
_PLAIN = ("name", "serial", "asset_tag", "vendor", "currency")
# In the column held_by: whoever has it gives it back.
_NOBODY = "-"
_DATES = ("purchased_on", "warranty_until")


@dataclass
class Outcome:
    """What came, or would come, of one line."""

    line: int
    outcome: str
    name: str
    what: str = ""
    cells: dict[str, str] = field(default_factory=dict)


@dataclass
class Known:
    """The records that lines name, by the words they are named with."""

    classes: Mapping[str, ItemClass]
    organizations: Mapping[str, Organization]
    teams: Mapping[str, Team]
    people: dict[str, User] = field(default_factory=dict)


@transaction.atomic
def try_import(*, by: User, file_name: str, text: str, key: str = "", at: datetime) -> ItemImport:
    """Keep a file with what would come of it; the items stay as they are.

    Raises NotAllowed, and `SheetError` for a file that is no list of items.
    """
    _ask(by)
    sheet = read_sheet(text, key)
    found = run(sheet, by=by, at=at, keep=False)
    return ItemImport.objects.create(
        file_name=file_name[:200],
        text=text,
        key=sheet.key,
        uploaded_by=by,
        uploaded_at=at,
        result=_as_data(found),
    )


@transaction.atomic
def carry_out(tried: ItemImport, *, by: User, at: datetime) -> ItemImport:
    """Do what the preview said, judged anew line by line. Raises NotAllowed; Refused when it was
    carried out already.
    """
    _ask(by)
    present = ItemImport.objects.select_for_update().get(pk=tried.pk)
    if present.carried_out_at is not None:
        raise Refused(_("This file was carried out already. Upload it again to repeat it."))
    found = run(read_sheet(present.text, present.key), by=by, at=at, keep=True)
    present.result = _as_data(found)
    present.carried_out_at = at
    present.save(update_fields=["result", "carried_out_at"])
    return present


@transaction.atomic
def run(sheet: Sheet, *, by: User | None, at: datetime, keep: bool) -> list[Outcome]:
    """Walk the lines, each by the verbs of the pages; without `keep` all is taken back."""
    known = Known(
        classes=_by_words(ItemClass.objects.filter(active=True), "slug", "name"),
        organizations=_by_words(Organization.objects.filter(active=True), "name"),
        teams=_by_words(Team.objects.filter(active=True), "slug", "name"),
    )
    found = []
    seen: dict[str, int] = {}
    with transaction.atomic():
        for row in sheet.rows:
            found.append(_line(row, sheet, known, seen, by=by, at=at))
        if not keep:
            transaction.set_rollback(True)
    return found


def _line(
    row: Row,
    sheet: Sheet,
    known: Known,
    seen: dict[str, int],
    *,
    by: User | None,
    at: datetime,
) -> Outcome:
    """One line in a savepoint of its own: refused lines leave nothing behind."""
    value = row.cells.get(sheet.key, "")
    said = Outcome(row.line, REFUSED, row.cells.get("name") or value, cells=row.cells)
    try:
        with transaction.atomic():
            if "" in row.cells:
                raise Refused(
                    _("The line has %(count)s cells, more than there are columns.")
                    % {"count": row.cells[""]}
                )
            if not value:
                raise Refused(
                    _("The %(key)s is empty, and items are found by it.") % {"key": KEYS[sheet.key]}
                )
            scope = row.cells.get("organization", "") if sheet.key != "number" else ""
            mark = f"{scope.casefold()}/{value.casefold()}"
            if mark in seen:
                raise Refused(
                    _("Line %(line)s has the same %(key)s.")
                    % {"line": seen[mark], "key": KEYS[sheet.key]}
                )
            seen[mark] = row.line
            item = _find(sheet.key, value, scope, known)
            if item is None:
                made = _create(row, sheet, known, by=by, at=at)
                said.outcome, said.what, said.name = CREATED, str(made.item_class), made.name
            else:
                changes = _change(item, row, known, by=by, at=at)
                said.outcome = CHANGED if changes else SAME
                said.what, said.name = ", ".join(changes), item.name
    except Refused as refusal:
        said.outcome, said.what = REFUSED, str(refusal)
    return said


def _find(key: str, value: str, organization: str, known: Known) -> ConfigurationItem | None:
    """The item that the line is about. Raises Refused when there are several, or a number is
    unknown: numbers are given by us.
    """
    items: Any = ConfigurationItem.objects.select_related("item_class__field_set__current")
    if key == "number":
        found: list[ConfigurationItem] = list(items.filter(pk=key_of(value) or 0))
        if not found:
            raise Refused(_("No item has the number %(number)s.") % {"number": value})
        return found[0]
    wanted = items.filter(**{f"{key}__iexact": value})
    if organization:
        owner = _named(known.organizations, organization, _("organization"))
        wanted = wanted.filter(organization=owner)
    if key == "name":
        # A name is given again when the thing is gone.
        wanted = wanted.present()
    found = list(wanted[:2])
    if len(found) > 1:
        raise Refused(
            _("Several items have this %(key)s. Add the organization, or choose another key.")
            % {"key": key}
        )
    return found[0] if found else None


def _create(
    row: Row, sheet: Sheet, known: Known, *, by: User | None, at: datetime
) -> ConfigurationItem:
    cells = row.cells
    for needed in ("class", "organization"):
        if not cells.get(needed):
            raise Refused(_("A new item needs a value in the column %(name)s.") % {"name": needed})
    columns = _columns(cells, known, by=by)
    item_class = columns.pop("item_class")
    organization = columns.pop("organization")
    name = columns.pop("name", "") or cells.get(sheet.key, "")
    status = _status(cells) or str(Status.IN_STOCK)
    item = create_item(
        by=by,
        name=name,
        item_class=item_class,
        organization=organization,
        columns={key: value for key, value in columns.items() if value is not None},
        details=_own(cells),
        status=status,
        at=at,
    )
    if cells.get("held_by") not in (None, "", _NOBODY):
        hand_over(item, _person(cells["held_by"], known, by), by=by, at=at)
    return item


def _change(
    item: ConfigurationItem, row: Row, known: Known, *, by: User | None, at: datetime
) -> list[str]:
    """Bring a known item up to the line; the names of the columns that changed. Columns that the
    file does not have stay; so do those whose cell is empty.
    """
    before = locked(item)
    wanted = {
        key: value
        for key, value in _columns(row.cells, known, by=by).items()
        if value not in (None, "")
    }
    own = {key: text for key, text in _own(row.cells).items() if text}
    details = None
    if own:
        form = before.item_class.field_set and before.item_class.field_set.current
        kept = as_typed(form.questions, before.details) if form else {}
        details = {**kept, **own}
    edit_item(item, by=by, version=before.version, changes=wanted, details=details, at=at)
    changed = [name for name in wanted if getattr(before, name) != getattr(item, name)]
    if item.details != before.details:
        changed.append(_("own fields"))
    return changed + _step_to(item, row.cells, known, by=by, at=at)


def _step_to(
    item: ConfigurationItem,
    cells: Mapping[str, str],
    known: Known,
    *,
    by: User | None,
    at: datetime,
) -> list[str]:
    """Take the steps that lead to the status and the holder of the line."""
    changed = []
    status = _status(cells)
    if status and status != item.status:
        step = next(
            (step for step in STEPS if item.status in step.sources and step.target == status), None
        )
        if step is None:
            raise Refused(
                _("%(name)s is “%(status)s” and cannot become “%(wanted)s”.")
                % {
                    "name": item.name,
                    "status": item.status_label,
                    "wanted": Status(status).label,
                }
            )
        move_item(item, step.verb, by=by, note=_("By an import."), at=at)
        changed.append(_("status"))
    if cells.get("held_by") == _NOBODY:
        if item.held_by_id:
            take_back(item, by=by, at=at)
            changed.append(_("held by"))
    elif cells.get("held_by") and item.is_present:
        person = _person(cells["held_by"], known, by)
        if person.pk != item.held_by_id:
            hand_over(item, person, by=by, at=at)
            changed.append(_("held by"))
    return changed


def _columns(cells: Mapping[str, str], known: Known, *, by: User | None) -> dict[str, Any]:
    """The cells as values of columns; those that the file does not have are left out."""
    found: dict[str, Any] = {name: cells[name] for name in _PLAIN if name in cells}
    for name in _DATES:
        if name in cells:
            found[name] = _date(name, cells[name])
    if cells.get("currency"):
        found["currency"] = cells["currency"].upper()
    if cells.get("cost"):
        found["cost"] = cells["cost"].replace(",", ".")
    if "class" in cells and cells["class"]:
        found["item_class"] = _named(known.classes, cells["class"], _("class"))
    if cells.get("organization"):
        found["organization"] = _named(
            known.organizations, cells["organization"], _("organization")
        )
    if cells.get("team"):
        found["team"] = _named(known.teams, cells["team"], _("team"))
    if cells.get("owner"):
        found["owner"] = _person(cells["owner"], known, by)
    if cells.get("criticality"):
        found["criticality"] = _choice(Criticality, cells["criticality"], "criticality")
    if cells.get("environment"):
        found["environment"] = _choice(Environment, cells["environment"], "environment")
    if cells.get("location"):
        found["location"] = _place(cells["location"], found.get("organization"))
    return found


def _own(cells: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(OWN): text for name, text in cells.items() if name.startswith(OWN)}


def _status(cells: Mapping[str, str]) -> str:
    return str(_choice(Status, cells["status"], "status")) if cells.get("status") else ""


def _choice(choices: Any, text: str, name: str) -> Any:
    """A choice by its value or its word."""
    wanted = text.strip().casefold()
    for choice in choices:
        if wanted in (str(choice.value).casefold(), str(choice.label).casefold()):
            return choice.value
    words = ", ".join(str(choice.value) for choice in choices)
    raise Refused(
        _("“%(text)s” is no %(name)s. Known: %(words)s.")
        % {"text": text, "name": name, "words": words}
    )


def _date(name: str, text: str) -> Any:
    if not text:
        return None
    try:
        found = parse_date(text)
    except (ValueError, ValidationError):
        found = None
    if found is None:
        raise Refused(
            _("“%(text)s” in %(name)s is no date. Write it as 2026-03-31.")
            % {"text": text, "name": name}
        )
    return found


def _place(text: str, organization: Organization | None) -> Location:
    """A location by its name: of the organization of the line first."""
    found = list(Location.objects.filter(name__iexact=text).select_related("organization"))
    own = [place for place in found if organization and place.organization_id == organization.pk]
    if len(own or found) != 1:
        sentence = _("There is no location “%(text)s”.")
        if found:
            sentence = _("There are several locations “%(text)s”. Add the organization.")
        raise Refused(sentence % {"text": text})
    return (own or found)[0]


def _person(text: str, known: Known, by: User | None) -> User:
    """A person by address; each is looked up once."""
    key = text.strip().casefold()
    if key not in known.people:
        people = User.objects.visible_to(by) if by is not None else User.objects.all()
        person = people.active().with_address(key).select_related("organization").first()
        if person is None:
            raise Refused(_("Nobody has the address %(text)s.") % {"text": text})
        known.people[key] = person
    return known.people[key]


def _named(records: Mapping[str, Any], text: str, kind: str) -> Any:
    found = records.get(text.strip().casefold())
    if found is None:
        raise Refused(_("There is no %(kind)s “%(text)s”.") % {"kind": kind, "text": text})
    return found


def _by_words(records: Any, *names: str) -> dict[str, Any]:
    """The records by each of the columns `names`, in small letters."""
    return {str(getattr(record, name)).casefold(): record for record in records for name in names}


def _as_data(found: list[Outcome]) -> dict[str, Any]:
    counts: dict[str, Any] = dict.fromkeys((CREATED, CHANGED, SAME, REFUSED), 0)
    for one in found:
        counts[one.outcome] += 1
    return counts | {
        "lines": [[one.line, one.outcome, one.name, one.what] for one in found],
        "rejects": [[one.line, one.what, one.cells] for one in found if one.outcome == REFUSED],
    }


def _ask(by: User) -> None:
    if not may_import(by):
        raise NotAllowed(_("Only agents import items. Ask the service desk."))
