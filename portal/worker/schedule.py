"""What runs when: the one list, for the built-in engine and for Celery alike.

Each entry names a task by its import path; the tasks live in the `tasks.py` of the app that owns
the work. Which worker starts a run is settled by a row per entry, see `periodic.py`.
"""

import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

# Sweeps that come round at least this often are not retried: the next run does their work.
FREQUENT = timedelta(minutes=10)


@dataclass(frozen=True)
class Every:
    """Again and again, `seconds` after each other."""

    seconds: float

    def first(self, now: datetime) -> datetime:
        """Due at once on a new installation."""
        return now

    def following(self, due: datetime, now: datetime) -> datetime:
        """The next run after the one of `due`; runs missed while no worker ran are left out."""
        step = timedelta(seconds=self.seconds)
        return due + step if due + step > now else now + step


@dataclass(frozen=True)
class Daily:
    """Once a day at `at`, wall time in BUSINESS_TIME_ZONE."""

    at: time

    def first(self, now: datetime) -> datetime:
        return self.following(now, now)

    def following(self, _due: datetime, now: datetime) -> datetime:
        """The first such time after `now`, in UTC."""
        day = now.astimezone(_zone()).date()
        moment = _instant(day, self.at)
        return moment if moment > now else _instant(day + timedelta(days=1), self.at)


@dataclass(frozen=True)
class Monthly:
    """On day `day` (1 to 28) of each month at `at`, wall time in BUSINESS_TIME_ZONE."""

    day: int
    at: time

    def first(self, now: datetime) -> datetime:
        return self.following(now, now)

    def following(self, _due: datetime, now: datetime) -> datetime:
        """The first such time after `now`, in UTC."""
        day = now.astimezone(_zone()).date().replace(day=self.day)
        moment = _instant(day, self.at)
        if moment > now:
            return moment
        return _instant((day.replace(day=1) + timedelta(days=32)).replace(day=self.day), self.at)


def _zone() -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(settings.BUSINESS_TIME_ZONE)


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=_zone()).astimezone(UTC)


@dataclass(frozen=True)
class Entry:
    """One line of the schedule."""

    name: str
    when: Every | Daily | Monthly
    # Import path of a task without arguments.
    task: str

    @property
    def is_frequent(self) -> bool:
        """A sweep: not retried after a failure, and its successful runs leave no row."""
        return isinstance(self.when, Every) and timedelta(seconds=self.when.seconds) <= FREQUENT


SCHEDULE = (
    Entry("react to events", Every(2), "portal.worker.tasks.dispatch"),
    Entry("send mail", Every(5), "portal.outbox.tasks.send_due_mail"),
    Entry("fetch mail", Every(20), "portal.mailbox.tasks.poll_mailboxes"),
    Entry("watch clocks", Every(30), "itil.sla.tasks.tick_clocks"),
    Entry("open what is due by the calendar", Every(60), "itil.schedules.tasks.open_due"),
    Entry("resume what was scheduled", Every(60), "itil.desk.tasks.resume_scheduled"),
    Entry("close what was resolved", Every(300), "itil.incidents.tasks.close_resolved"),
    Entry("remind who has not answered", Every(300), "itil.incidents.tasks.remind_unanswered"),
    Entry("remind who ordered", Every(300), "catalog.requests.tasks.remind_unanswered"),
    Entry("resolve what got no answer", Every(300), "itil.incidents.tasks.resolve_unanswered"),
    Entry("remind of updates", Every(30), "itil.incidents.tasks.remind_of_updates"),
    Entry("tell of workarounds", Every(5), "itil.problems.tasks.post_workarounds"),
    Entry("close verified problems", Every(3600), "itil.problems.tasks.close_verified"),
    Entry("remind of accepted risks", Daily(time(6, 30)), "itil.problems.tasks.remind_of_reviews"),
    Entry("look for problems", Daily(time(2, 30)), "itil.problems.tasks.find_candidates"),
    Entry("flag unauthorized changes", Every(300), "itil.changes.tasks.flag_unauthorised"),
    Entry("find what changes caused", Every(1800), "itil.changes.tasks.find_caused"),
    Entry("look for conflicts of changes", Daily(time(2, 15)), "itil.changes.tasks.check_ahead"),
    Entry("end templates of changes", Daily(time(4, 30)), "itil.changes.tasks.expire_templates"),
    Entry("publish and retire pages", Every(60), "catalog.offerings.tasks.publish_scheduled"),
    Entry("close what was delivered", Every(300), "catalog.requests.tasks.close_delivered"),
    Entry("count deliveries", Every(3600), "catalog.requests.tasks.count_deliveries"),
    Entry("throw old drafts away", Daily(time(3, 45)), "catalog.requests.tasks.prune_drafts"),
    Entry("tell of late tasks", Every(120), "itil.tasks.tasks.tell_late"),
    # A decision can be taken back for APPROVAL_UNDO_SECONDS; then it counts.
    Entry("let decisions count", Every(4), "itil.approvals.tasks.settle_decided"),
    Entry("remind approvers", Every(300), "itil.approvals.tasks.remind_and_time_out"),
    Entry("replace approvers who left", Every(300), "itil.approvals.tasks.replace_leavers"),
    Entry("build facts for reports", Every(300), "reports.tasks.refresh_facts"),
    # The service levels of a month stay as they are told after its end.
    Entry("close the month", Monthly(1, time(5, 0)), "reports.tasks.close_last_month"),
    Entry("send reports", Every(60), "reports.tasks.send_reports"),
    Entry("tidy up", Daily(time(3, 30)), "portal.worker.tasks.prune"),
    Entry("end estimates", Daily(time(0, 30)), "billing.estimates.tasks.expire_due"),
    Entry("watch estimates", Every(600), "billing.estimates.tasks.watch_accepted"),
    # Proposals, unless the seller's rules send them.
    Entry("remind of late invoices", Daily(time(7, 15)), "billing.invoices.tasks.remind_of_late"),
    Entry("sell months of retainers", Daily(time(0, 30)), "billing.contracts.tasks.sell_months"),
    Entry("charge orders", Daily(time(0, 45)), "billing.contracts.tasks.charge_months_of_orders"),
    Entry("warn of prepaid hours", Every(900), "billing.contracts.tasks.warn"),
    # Drafts only; a person looks at them and issues them.
    Entry("take up billing runs", Every(10), "billing.invoices.tasks.take_up_runs"),
    Entry("propose credits", Daily(time(5, 30)), "billing.invoices.tasks.propose_last_month"),
    Entry("draft invoices", Monthly(1, time(6, 0)), "billing.invoices.tasks.draft_last_month"),
)


def is_sweep(task_path: str) -> bool:
    """True for the task of a frequent entry."""
    return any(entry.is_frequent for entry in SCHEDULE if entry.task == task_path)
