"""The shape of a calendar as people enter it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from itil.calendars.actions import keep_edition
from itil.calendars.hours import MINUTES_A_DAY, Schedule, opens_within
from itil.calendars.hours.days import overnight
from itil.calendars.models import BusinessCalendar, CalendarDay, HolidayDate, WeeklyOpening

from .fields import HalfDayForm, VersionedForm, WallTimeField

_WEEK = 7 * MINUTES_A_DAY

# An opening with its start and end in minutes after the beginning of the week.
Placed = tuple[int, int, WeeklyOpening]


class OpeningForm(WagtailAdminModelForm):
    """One opening of the week."""

    opens = WallTimeField(label=gettext_lazy("Opens"))
    closes = WallTimeField(
        label=gettext_lazy("Closes"),
        help_text=gettext_lazy("Up to 24:00. A time not after the opening means the next day."),
    )

    class Meta:
        model = WeeklyOpening
        fields = ["weekday", "opens", "closes", "effective_from"]

    def clean_opens(self) -> int:
        opens = self.cleaned_data["opens"]
        if opens == MINUTES_A_DAY:
            raise forms.ValidationError(_("An opening begins at 23:59 at the latest."))
        return opens


class DayForm(HalfDayForm):
    """One date that differs from the week."""

    class Meta:
        model = CalendarDay
        fields = ["on", "kind", "starts", "ends", "name"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("kind") == CalendarDay.Kind.HOLIDAY:
            cleaned["starts"] = cleaned["ends"] = None
            return cleaned
        if cleaned.get("kind") == CalendarDay.Kind.HALF_DAY and cleaned.get("starts") is None:
            cleaned["starts"] = 0
        self.need_hours(cleaned)
        return cleaned


class CalendarForm(VersionedForm):
    """A calendar with its openings and special days."""

    class Meta:
        model = BusinessCalendar
        fields = [
            "name",
            "time_zone",
            "always_open",
            "holiday_policy",
            "holiday_country",
            "holiday_subdivision",
        ]

    def clean_holiday_country(self) -> str:
        return self.cleaned_data["holiday_country"].upper()

    def clean_holiday_subdivision(self) -> str:
        return self.cleaned_data["holiday_subdivision"].upper()

    def is_valid(self) -> bool:
        """Valid in itself, and open at some time of the coming 400 days (`SLA-11`)."""
        if not super().is_valid():
            return False
        if not opens_within(self._schedule(), timezone.localdate()):
            self.add_error(
                None, _("With these openings the calendar is never open in the coming 400 days.")
            )
            return False
        return True

    def save(self, commit: bool = True) -> BusinessCalendar:  # noqa: FBT001, FBT002 - Django's.
        """Save, and keep the edition now that its openings and days are stored."""
        calendar = super().save(commit=commit)
        if commit:
            keep_edition(calendar)
        return calendar

    def overlaps(self) -> list[str]:
        """Sentences about openings of a week that overlap; they count once (`SLA-11`)."""
        weeks: dict[Any, list[Placed]] = {}
        for weekday, opens, closes, since in self._openings():
            start, end = overnight(opens, closes)
            midnight = weekday * MINUTES_A_DAY
            row = WeeklyOpening(weekday=weekday, opens=opens, closes=closes)
            weeks.setdefault(since, []).append((midnight + start, midnight + end, row))
        return [
            _("%(one)s and %(other)s overlap; the time they share counts once.")
            % {"one": one, "other": other}
            for spans in weeks.values()
            for one, other in _overlapping(spans)
        ]

    def _schedule(self) -> Schedule:
        """The schedule of what was entered."""
        lists = [use for (use,) in self._rows("holiday_lists", "holiday_list")]
        listed = HolidayDate.objects.filter(holiday_list__in=lists)
        return self.instance.schedule_with(
            self._openings(),
            self._rows("days", "kind", "on", "starts", "ends", "name"),
            listed.values_list("on", "starts", "ends", "name"),
        )

    def _openings(self) -> list[tuple]:
        return self._rows("openings", "weekday", "opens", "closes", "effective_from")

    def _rows(self, relation: str, *names: str) -> list[tuple]:
        """What was entered for a relation, rows marked for deletion left out."""
        if relation not in self.formsets:
            return []
        return [
            tuple(form.cleaned_data.get(name) for name in names)
            for form in self.formsets[relation].forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def _overlapping(spans: list[Placed]) -> Iterator[tuple[WeeklyOpening, WeeklyOpening]]:
    """Each opening that begins before an earlier one has ended, with that one."""
    spans = sorted(spans, key=lambda span: span[:2])
    until, earlier = 0, None
    # The first once more: the night from Sunday to Monday runs into the next week.
    for start, end, opening in [*spans, *((a + _WEEK, b + _WEEK, row) for a, b, row in spans[:1])]:
        if start < until and earlier is not opening:
            yield earlier, opening
        if end > until:
            until, earlier = end, opening
