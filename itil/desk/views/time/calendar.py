"""One's week by the hour: blocks where the times are known, and the rest above them."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone, localtime

from itil.timesheets.models import TimeEntry

from .week import WeekPage

# The hours that are always shown; others when something was done in them.
USUAL = (8, 18)


class Calendar(WeekPage):
    template_name = "itil/timesheets/calendar.html"

    def get_context_data(self, **kwargs):
        entries = self.entries()
        timed = [one for one in entries if one.started_at and one.ended_at]
        begins = [localtime(one.started_at).hour for one in timed]
        ends = [_last_hour(one) for one in timed]
        first, last = min([USUAL[0], *begins]), max([USUAL[1], *ends])
        days = [self.day(self.monday + timedelta(days=count), entries, first) for count in range(7)]
        return super().get_context_data(
            days=days,
            hours=list(range(first, last)),
            readable=self.readable({one.ticket_id for one in entries}),
            total=sum(one.minutes for one in entries),
            **kwargs,
        )

    def day(self, day: date, entries: list[TimeEntry], first: int) -> dict:
        """The blocks of a day with their places, in minutes below the first hour."""
        own = [one for one in entries if one.work_date == day]
        timed = sorted(
            (one for one in own if one.started_at and one.ended_at), key=lambda one: one.started_at
        )
        zone = get_current_timezone()
        top = datetime.combine(day, time(first), tzinfo=zone)
        blocks, lanes = [], []
        for one in timed:
            free = (at for at, end in enumerate(lanes) if end <= one.started_at)
            lane = next(free, len(lanes))
            lanes[lane : lane + 1] = [one.ended_at]
            begin, end = localtime(one.started_at), localtime(one.ended_at)
            blocks.append(
                {
                    "entry": one,
                    "begin": begin,
                    "end": end,
                    "top": max(0, _wall_minutes(top, begin)),
                    "length": max(15, _wall_minutes(begin, end)),
                    "lane": lane,
                }
            )
        for block in blocks:
            block["lanes"] = len(lanes)
        return {
            "date": day,
            "blocks": blocks,
            "loose": [one for one in own if not (one.started_at and one.ended_at)],
            "minutes": sum(one.minutes for one in own),
        }


def _wall_minutes(begin: datetime, end: datetime) -> int:
    """Minutes between two times of the clock on the wall, by which they are drawn."""
    return int((end.replace(tzinfo=None) - begin.replace(tzinfo=None)).total_seconds()) // 60


def _last_hour(entry: TimeEntry) -> int:
    """The hour at which the drawing of an entry ends, up to 24."""
    begin, end = localtime(entry.started_at), localtime(entry.ended_at)
    if end.date() > begin.date():
        return 24
    return end.hour + (1 if end.minute or end.second else 0)
