"""Freezes and maintenance windows come to be, change and end; what is planned is checked anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.changes.models import FreezeWindow, MaintenanceWindow
from itil.changes.models.windows import Window, WindowEvent
from itil.tickets.errors import MissingValue, NotAllowed, StaleRecord
from portal.people.models import User

from .conflicts import check_planned_after

KINDS: dict[str, type[Window]] = {model.SLUG: model for model in (FreezeWindow, MaintenanceWindow)}
COLUMNS = (
    "name",
    "note",
    "time_zone",
    "begins_on",
    "begins_at",
    "ends_on",
    "ends_at",
    "rule",
    "until",
    "environments",
    "risks",
    "types",
)
RELATIONS = ("services", "item_classes")


@transaction.atomic
def add_window(
    model: type[Window], values: Mapping[str, Any], *, by: User, at: datetime | None = None
) -> Window:
    """A new window of this kind. Raises NotAllowed, and MissingValue for what does not fit."""
    at = at or timezone.now()
    _ensure_manager(by)
    window = model(created_by=by, created_at=at, **{name: values[name] for name in COLUMNS})
    _ensure_fitting(window)
    window.save()
    _relate(window, values)
    _record(window, "added", by, at, {})
    check_planned_after(at)
    return window


@transaction.atomic
def change_window(
    window: Window,
    values: Mapping[str, Any],
    *,
    version: int,
    by: User,
    at: datetime | None = None,
) -> Window:
    """Another time or other criteria. Raises as `add_window`, and StaleRecord."""
    at = at or timezone.now()
    _ensure_manager(by)
    present: Window = type(window).objects.select_for_update().get(pk=window.pk)
    _ensure_present(present, version)
    before = _as_data(present)
    for name in COLUMNS:
        setattr(present, name, values[name])
    _ensure_fitting(present)
    present.version = F("version") + 1
    present.save()
    present.refresh_from_db()
    _relate(present, values)
    after = _as_data(present)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    _record(present, "changed", by, at, {"changes": changed})
    check_planned_after(at)
    return present


@transaction.atomic
def end_window(window: Window, *, version: int, by: User, at: datetime | None = None) -> Window:
    """It applies no longer, nor did it for what is planned; its history stays."""
    return _switch(window, active=False, version=version, by=by, at=at or timezone.now())


@transaction.atomic
def restore_window(window: Window, *, version: int, by: User, at: datetime | None = None) -> Window:
    """It applies again."""
    return _switch(window, active=True, version=version, by=by, at=at or timezone.now())


def _switch(window: Window, *, active: bool, version: int, by: User, at: datetime) -> Window:
    _ensure_manager(by)
    present: Window = type(window).objects.select_for_update().get(pk=window.pk)
    _ensure_present(present, version)
    present.active = active
    present.version = F("version") + 1
    present.save(update_fields=["active", "version"])
    present.refresh_from_db()
    _record(present, "restored" if active else "ended", by, at, {})
    check_planned_after(at)
    return present


def _ensure_manager(by: User) -> None:
    if not by.grants.is_change_manager:
        raise NotAllowed(_("Only a change manager may set freezes and maintenance windows."))


def _ensure_present(window: Window, version: int) -> None:
    if window.version != version:
        raise StaleRecord(
            _("Someone else changed “%(name)s” just now. Look at it again, then decide.")
            % {"name": window.name}
        )


def _ensure_fitting(window: Window) -> None:
    """Raises MissingValue with the first thing that does not fit."""
    try:
        window.full_clean(exclude=["created_by"])
    except ValidationError as errors:
        name, texts = next(iter(errors.message_dict.items()))
        raise MissingValue(name, " ".join(texts)) from errors


def _relate(window: Window, values: Mapping[str, Any]) -> None:
    for name in RELATIONS:
        getattr(window, name).set(values.get(name) or [])


def _as_data(window: Window) -> dict[str, Any]:
    """The columns as the history keeps them, with the names of services and classes."""
    data = {name: getattr(window, name) for name in COLUMNS}
    plain = {
        name: value if isinstance(value, list) else str(value if value is not None else "")
        for name, value in data.items()
    }
    return plain | {
        name: sorted(str(one) for one in getattr(window, name).all()) for name in RELATIONS
    }


def _record(window: Window, what: str, by: User, at: datetime, data: dict[str, Any]) -> None:
    WindowEvent.objects.create(
        freeze=window if isinstance(window, FreezeWindow) else None,
        maintenance=window if isinstance(window, MaintenanceWindow) else None,
        what=what,
        actor=by,
        at=at,
        data={"window": _as_data(window), **data},
    )
