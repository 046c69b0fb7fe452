"""How soon people heard from the desk (`KPI-3`, `KPI-4`)."""

import pandas as pd

from reports.metrics import durations
from reports.metrics.durations import acknowledgement
from reports.metrics.indicator import Frames, Indicator, Statistic, Unit, Window
from reports.metrics.population import counted, within

from .rows import DIMENSION_COLUMNS, POPULATION_COLUMNS, ticket_rows, timed


def _received(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets received in the period that rates and durations count."""
    columns = ["ticket", "received_at", "first_response_at", "acknowledged_at"]
    tickets = frames.read("tickets", [*columns, *POPULATION_COLUMNS, *DIMENSION_COLUMNS])
    return counted(within(tickets, "received_at", window.start, window.end))


def _answered(frames: Frames, window: Window) -> pd.DataFrame:
    return durations.first_response(_received(frames, window))


def first_response(frames: Frames, window: Window) -> pd.DataFrame:
    """Time to first response.

    Formula: first public message of a person of the desk − time received.
    Population: tickets received in the period from a person that have an answer; not cancelled,
    merged or child tickets. Tickets without an answer are in none of the times.
    Basis: received in the period; real elapsed time, day and night.
    Edge cases: tickets taken on the telephone or at the desk were answered at once; as their 0
    would pull the median down they are told apart. Percentiles interpolate (type 7); 9 in 10 is
    given from 10 cases on.
    """
    found = _answered(frames, window)
    found = found[found["seconds"].notna()]
    return ticket_rows(found, found["received_at"]).assign(value=found["seconds"])


def unanswered(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets that nobody has answered.

    Formula: number of tickets received in the period without a public message of a person of the
    desk.
    Population: tickets from a person; not cancelled, merged or child tickets.
    Basis: received in the period, as of now: an answer that comes later takes the ticket out.
    Edge cases: a receipt that is sent automatically is no answer. Tickets of imported logs have no
    recorded answers.
    """
    found = _answered(frames, window)
    found = found[found["is_unanswered"]]
    return ticket_rows(found, found["received_at"])


def live_contact(frames: Frames, window: Window) -> pd.DataFrame:
    """Tickets that were answered as they were received: on the telephone or at the desk.

    Formula: number of tickets received in the period with the requester on the line. They are in
    no time to first response.
    Population: not cancelled, merged or child tickets.
    Basis: received in the period; the team is the one that holds the ticket now.
    """
    found = _answered(frames, window)
    found = found[found["is_live"]]
    return ticket_rows(found, found["received_at"])


def acknowledged(frames: Frames, window: Window) -> pd.DataFrame:
    """Time until a person took the ticket up.

    Formula: first act of a person of the desk (taking, assigning or answering) − time received.
    Population: tickets received in the period that somebody took up; not cancelled, merged or child
    tickets.
    Basis: received in the period; real elapsed time, day and night.
    Edge cases: neither an automatic receipt nor an assignment by rule counts. Tickets taken on the
    telephone count as 0. Of imported logs this is the first recorded assignee.
    """
    found = _received(frames, window)
    found = acknowledgement(found[found["acknowledged_at"].notna()])
    return ticket_rows(found, found["received_at"]).assign(value=found["seconds"])


INDICATORS = (
    *timed("first_response", "KPI-3", first_response),
    Indicator("unanswered", "KPI-3", unanswered, Statistic.COUNT, Unit.COUNT, more_is=-1),
    Indicator("live_contact", "KPI-3", live_contact, Statistic.COUNT, Unit.COUNT),
    *timed("acknowledge", "KPI-4", acknowledged),
)
