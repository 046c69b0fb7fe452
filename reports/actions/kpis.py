"""All figures of a period as one plain structure; docs/kpis.md describes its keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from itil.calendars.hours.arrays import between
from itil.calendars.models import BusinessCalendar
from reports.frames.consultations import askers_frame, consultations_frame, seekers_frame
from reports.frames.requests import KIND as REQUEST
from reports.frames.requests import orders_frame
from reports.frames.source import Frames
from reports.metrics import (
    backlog,
    breakdown,
    compliance,
    deflection,
    durations,
    hours,
    routing,
    satisfaction,
    volume,
    working,
)
from reports.metrics.delivery import delivery
from reports.metrics.population import counted, within

from .framing import (
    frames_about,
    phases_of,
    promises_of,
    ratings_of,
    surveys_of,
    tickets_of,
    time_of,
)
from .reading import Scope
from .requested import requested
from .shapes import (
    HOUR,
    all_rounded,
    by_priority,
    contact_types,
    counts_of,
    flag_of,
    hours_by,
    hours_of,
    level_label,
    moment,
    part_of,
    priority_label,
    promise,
    promise_parts,
    rounded,
    rows_of,
)

MINUTE, DAY = 60.0, 86_400.0
TOP = 10
# The code of people that stand for a missing requester.
UNKNOWN = "servicenow:Unknown caller"
BASES = {"created": "received_at", "resolved": "resolved_at"}


@dataclass(frozen=True)
class Reading:
    """What was read for a report. `everyone` holds the tickets of the team now, `solved` those it
    resolved, `cohort` those of the basis."""

    everyone: pd.DataFrame
    solved: pd.DataFrame
    cohort: pd.DataFrame
    recorded: pd.DataFrame
    phases: pd.DataFrame
    teams: pd.DataFrame
    clocks: pd.DataFrame
    reprioritized: pd.DataFrame
    approvals: pd.DataFrame


def collect_kpis(
    scope: Scope, *, basis: str, now: datetime, calendars: Iterable[BusinessCalendar] = ()
) -> dict[str, Any]:
    """The figures of `scope`; `basis` is created or resolved: which tickets rates and durations
    count, those received or those last resolved in the period (`KPI-1`). Hours are rounded to 4
    decimals, shares to 6; None means there was nothing to count. Times are told in the working
    time of each of `calendars` as well.
    """
    frames = frames_about(scope, now=now)
    reading = _read(frames, scope, basis)
    figures = (
        {"incidents": len(reading.cohort)}
        | _composition(reading, scope.period.zone)
        | _durations(reading)
        | _routing(reading)
        | _promises(reading, scope, now)
        | _movement(reading, scope, now)
        | _recorded_time(scope, now)
        | _opinions(frames, scope, now)
        | _requests(reading, scope, now)
        | _working_hours(reading, calendars)
    )
    return collect_period(scope, basis=basis, now=now) | figures


def collect_period(scope: Scope, *, basis: str, now: datetime) -> dict[str, Any]:
    """What was asked, and until when data is in."""
    return {
        "period": {
            "from": scope.period.first.isoformat(),
            "to": scope.period.last.isoformat(),
            "zone": scope.period.zone,
            "is_over": scope.period.end <= now,
        },
        "basis": basis,
        "data_until": now.isoformat(),
        "confidential": scope.confidential(),
    }


def _read(frames: Frames, scope: Scope, basis: str) -> Reading:
    found = tickets_of(frames)
    everyone, solved = scope.held(found), scope.solved(found)
    of_basis = solved if basis == "resolved" else everyone
    cohort = counted(within(of_basis, BASES[basis], scope.period.start, scope.period.end))
    # By the same reading as the tickets, so that none is missing in one of them.
    recorded = frames.read("recorded")
    return Reading(
        everyone=everyone,
        solved=solved,
        cohort=cohort.merge(recorded, on="ticket", how="left", validate="one_to_one"),
        recorded=recorded,
        phases=phases_of(frames),
        teams=frames.read("teams", ["ticket", "at", "team"]),
        clocks=promises_of(frames),
        reprioritized=frames.read("reprioritized", ["ticket"]),
        approvals=frames.read("requests", ["ticket", "approved_at"]),
    )


# --- Parts ---------------------------------------------------------------------------------------


def _composition(reading: Reading, zone: str) -> dict[str, Any]:
    cohort = reading.cohort
    n = len(cohort)
    known = cohort[cohort["requester_code"] != UNKNOWN]
    category = cohort["category_parent_name"].where(
        cohort["category_parent_name"] != "", cohort["category_name"]
    )
    changed = cohort["ticket"].isin(reading.reprioritized["ticket"])
    pairs = breakdown.priority_matrix(cohort)
    matrix: dict[str, list[str]] = {}
    for row in rows_of(pairs):
        key = f"{level_label(row['impact'])} / {level_label(row['urgency'])}"
        matrix.setdefault(key, []).append(priority_label(row["priority"]))
    return {
        # Rows that imported tickets had in their log.
        "events": int(cohort["log_rows"].sum()),
        **_activities(cohort, zone),
        "opened_from": moment(cohort["received_at"].min(), zone),
        "opened_to": moment(cohort["received_at"].max(), zone),
        "closed_to": moment(cohort["closed_at"].max(), zone),
        "by_priority": counts_of(cohort.assign(key=cohort["priority"].map(priority_label))),
        "by_contact_type": counts_of(cohort.assign(key=contact_types(cohort))),
        "top_categories": counts_of(cohort.assign(key=category), TOP),
        "top_groups": counts_of(cohort.assign(key=cohort["team_name"]), TOP),
        "callers": int(known["requester"].nunique()),
        "linked_problem": int((cohort["problem_id"] != "").sum()),
        "linked_change": int((cohort["rfc"] != "").sum()),
        "caused_by_change": int((cohort["caused_by"] != "").sum()),
        "knowledge_used": part_of(int(cohort["knowledge"].sum()), n),
        "priority_changed": part_of(int(changed.sum()), n),
        "priority_matrix": matrix,
        "sla_flag": {
            "all": flag_of(cohort),
            "by_priority": {
                priority_label(priority): flag_of(group)
                for priority, group in cohort.groupby("priority", sort=True)
            },
        },
    }


def _activities(cohort: pd.DataFrame, zone: str) -> dict[str, Any]:
    """What a log without states tells: its steps by their codes."""
    logged = cohort[cohort["log_rows"] > 0]
    steps = cohort["activities"].str.split().explode().dropna()
    years = cohort["received_at"].dt.tz_convert(zone).dt.strftime("%Y")
    return {
        "events_per_case": {
            "mean": rounded(logged["log_rows"].mean(), 6),
            "max": None if logged.empty else int(logged["log_rows"].max()),
        },
        "activities": int(steps.nunique()),
        "activity_counts": counts_of(pd.DataFrame({"key": steps})),
        "opened_by_year": counts_of(pd.DataFrame({"key": years})),
    }


def _durations(reading: Reading) -> dict[str, Any]:
    gaps = durations.resolved_gaps(reading.phases)
    everything = durations.resolution(reading.cohort, gaps)
    ended = everything[everything["resolved_at"].notna()]
    delivered = delivery(ended, reading.approvals, reading.clocks, gaps)
    # A request is delivered, which is told apart (`KPI-5`).
    cohort = everything[everything["kind"] != REQUEST]
    own = cohort[cohort["resolution_recorded"] & cohort["resolved_at"].notna()]
    assigned = durations.first_assignment(reading.cohort)
    closed = durations.seconds_between(cohort["received_at"], cohort["closed_at"])
    answered = durations.first_response(reading.cohort)
    made = own["made_sla"]
    return {
        # As recorded: from receipt to the recorded resolution, reopened time included.
        "resolution_hours": {
            "all": hours_of(own["seconds_with_gaps"]),
            "by_priority": by_priority(own, "seconds_with_gaps", HOUR),
            "sla_made": hours_of(own.loc[made.eq(1).fillna(value=False), "seconds_with_gaps"]),
            "sla_missed": hours_of(own.loc[made.eq(0).fillna(value=False), "seconds_with_gaps"]),
        },
        # KPI-5: with derived times, without the time between a resolution and its reopening.
        "resolution_hours_without_gaps": {
            "all": hours_of(cohort["seconds"]),
            "by_priority": by_priority(cohort, "seconds", HOUR),
        },
        # KPI-23: for contracts that say "so many percent within", values that were observed.
        "resolution_hours_observed": {
            f"p{percent}": rounded(
                durations.observed_percentile(cohort["seconds"] / HOUR, percent), 4
            )
            for percent in (50, 90, 95)
        },
        "delivery_hours": {
            name: hours_of(delivered[name]) for name in ("from_approval", "net", "from_receipt")
        },
        "no_resolved_at": int((~cohort["resolution_recorded"]).sum()),
        "close_hours": hours_of(closed),
        "throughput_days": all_rounded(durations.summary(closed, DAY)),
        "first_assignee_minutes": {
            "all": all_rounded(durations.summary(assigned["seconds"], MINUTE)),
            "never": int(assigned["seconds"].isna().sum()),
            "by_priority": by_priority(assigned, "seconds", MINUTE),
        },
        "first_response_minutes": {
            "all": all_rounded(durations.summary(answered["seconds"], MINUTE)),
            "unanswered": int(answered["is_unanswered"].sum()),
            "live": int(answered["is_live"].sum()),
        },
        "paused": _paused(reading),
    }


def _paused(reading: Reading) -> dict[str, Any]:
    stretches = working.waits(reading.phases, reading.cohort)
    return {
        "incidents": int(stretches["ticket"].nunique()),
        "hours_24x7_total": round(working.waiting_hours(stretches), 4),
    }


def _routing(reading: Reading) -> dict[str, Any]:
    cohort = reading.cohort
    histogram = routing.reassignment_histogram(cohort)
    found = routing.handoffs(reading.teams[reading.teams["ticket"].isin(cohort["ticket"])])
    moved = routing.handoff_summary(found)
    return {
        "reopened": all_rounded(routing.reopened(cohort), 6),
        "reassignment_count": all_rounded(routing.reassignment_counts(cohort), 6)
        | {"histogram": dict(zip(histogram["reassignments"], histogram["tickets"], strict=True))},
        "handoffs": {
            "incidents_with_group": moved["n"],
            "mean": rounded(moved["mean"], 6),
            "first_group_kept": part_of(int(moved["kept"] or 0), int(moved["n"] or 0)),
            "three_or_more_share": rounded(moved["three_or_more_share"], 6),
            "returned_share": rounded(moved["returned_share"], 6),
        },
    }


def _promises(reading: Reading, scope: Scope, now: datetime) -> dict[str, Any]:
    clocks = compliance.settled(reading.clocks, now)
    own = clocks[clocks["ticket"].isin(reading.cohort["ticket"])]
    names = {"acknowledge": "response", "resolution": "resolution_with_pause"}
    cohort = promise_parts(compliance.cohort_compliance(own))
    solved = clocks[clocks["ticket"].isin(reading.solved["ticket"])]
    period = compliance.compliance(solved, scope.period.start, scope.period.end)
    measured = reading.cohort["ticket"].isin(clocks["ticket"])
    return {
        # Of the tickets of the cohort, whenever decided; met = time used <= target.
        "policy": {names.get(metric, metric): parts for metric, parts in cohort.items()},
        # SLA-27: decided in the period, by instants.
        "sla_compliance": {
            metric: {priority_label(row["priority"]): promise(row) for row in rows_of(group)}
            for metric, group in period.groupby("metric", sort=True)
        },
        "sla_compliance_total": {
            row["metric"]: promise(row) for row in rows_of(compliance.totals(period))
        },
        "unmeasured": int((~measured).sum()),
    }


def _requests(reading: Reading, scope: Scope, now: datetime) -> dict[str, Any]:
    orders, answers = orders_frame(scope.concerned())
    cohort = reading.cohort.merge(orders, on="ticket", how="left", validate="one_to_one")
    found = requested(
        cohort,
        reading.clocks,
        answers,
        end=min(scope.period.end, now),
        zone=scope.period.zone,
    )
    return {"requests": found} if found else {}


def _working_hours(reading: Reading, calendars: Iterable[BusinessCalendar]) -> dict[str, Any]:
    """From receipt to resolution and to closing in the open hours of each calendar."""
    found = {}
    for calendar in calendars:
        times = {}
        for name, column in (("resolution", "resolved_at"), ("close", "closed_at")):
            known = reading.cohort[column].notna() & (
                reading.cohort["resolution_recorded"] | (name == "close")
            )
            rows = reading.cohort[known]
            seconds = between(
                calendar.schedule(), epochs(rows["received_at"]), epochs(rows[column])
            )
            spent = pd.Series(seconds, dtype="float64")
            times[name] = hours_of(spent) | {"at_once": int((spent == 0).sum())}
        found[calendar.name] = times
    return {"working_hours": found} if found else {}


def epochs(instants: pd.Series) -> Any:
    """Whole seconds since 1970, as calendars count."""
    return instants.dt.as_unit("s").astype("int64").to_numpy()


def _movement(reading: Reading, scope: Scope, now: datetime) -> dict[str, Any]:
    months = list(scope.period.months())
    everyone = reading.everyone.merge(reading.recorded, on="ticket", how="left")
    table = volume.by_month(everyone, months)
    resolved = volume.by_month(reading.solved, months)["resolved"]
    table = table.assign(resolved=resolved)
    phases = reading.phases[reading.phases["ticket"].isin(everyone["ticket"])]
    flow = backlog.flow(phases, months)
    end = min(scope.period.end, now)
    received = reading.everyone.set_index("ticket")["received_at"]
    ageing = backlog.ageing(phases, received, end)
    figures = {}
    for month, row in zip(months, rows_of(table), strict=True):
        closed = within(everyone, "closed_at", month.start, month.end)
        figures[row.pop("month")] = row | {"sla_made_of_closed": flag_of(closed)}
    return {
        "months": figures,
        "backlog_by_events": {row.pop("month"): row for row in rows_of(flow)},
        "ageing": {
            "at": end.isoformat(),
            "open": int(ageing["open"].sum()),
            "on_hold": int(ageing["on_hold"].sum()),
            "buckets": [
                {name: None if pd.isna(value) else int(value) for name, value in row.items()}
                for row in rows_of(ageing)
            ],
        },
    }


def _recorded_time(scope: Scope, now: datetime) -> dict[str, Any]:
    read = time_of(scope, now=now, since=scope.period.start)
    entries = hours.worked(read, scope.period.first, scope.period.last)
    return {
        "hours": {
            "total": round(int(entries["minutes"].sum()) / 60, 4),
            "by_billing_kind": hours_by(entries, "billing_kind"),
            "by_organization": hours_by(entries, "organization_name"),
            "by_activity": hours_by(entries, "activity_name"),
        }
    }


def _opinions(frames: Frames, scope: Scope, now: datetime) -> dict[str, Any]:
    helped = deflection.self_service(
        seekers_frame(scope.consultations(), scope.feedback()), askers_frame(scope.received())
    )
    at_forms = deflection.deflected(consultations_frame(scope.consultations(), now))
    rated = ratings_of(frames, scope)
    return {
        "deflection": None if scope.team_id else all_rounded(at_forms, 6),
        "self_service": None if scope.team_id else all_rounded(helped, 6),
        "satisfaction": all_rounded(satisfaction.satisfied(rated), 6),
        "recommendation": satisfaction.recommended(rated),
        "survey_answers": all_rounded(satisfaction.answered(surveys_of(frames, scope)), 6),
    }
