"""What was invoiced, came in and is overdue, and how near estimates came (`BIL-11`, `KPI-21`)."""

from datetime import date, timedelta
from functools import partial

import pandas as pd

from reports.metrics.computing import begun, dated
from reports.metrics.estimates import NEAR_PERCENT
from reports.metrics.indicator import Frames, Indicator, Record, Statistic, Unit, Window
from reports.metrics.population import within

OF_MONEY = ("organization", "currency")
OF_A_CUSTOMER = ["organization", "organization_name", "currency"]
INVOICE = "invoice"
ONE_DAY = timedelta(days=1)


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.astype({"currency": "object"})


def invoiced(frames: Frames, window: Window) -> pd.DataFrame:
    """Amounts invoiced.

    Formula: sum of what invoices ask for, VAT included, less what credit notes take back.
    Population: issued invoices and credit notes; drafts are none.
    Basis: the day of issue, a date of the business time zone.
    Edge cases: amounts of several currencies are never added: told by currency, or not at all. A
    credit note counts on its own day, also when it corrects an invoice of an earlier period.
    """
    columns = ["invoice", "document", "issued_on", "payable", *OF_A_CUSTOMER]
    found = dated(frames.read("invoices", columns), "issued_on", window)
    sign = (found["document"] == INVOICE).map({True: 1, False: -1}).astype("int64")
    return _plain(found.assign(record=found["invoice"], value=found["payable"] * sign))


def paid(frames: Frames, window: Window) -> pd.DataFrame:
    """Payments received.

    Formula: sum of payments less what was paid back of them.
    Population: payments that were not reversed, whether or not they are booked on an invoice yet.
    Basis: the day on which the money came in or went back, a date of the business time zone.
    Edge cases: amounts of several currencies are never added: told by currency, or not at all.
    """
    payments = frames.read("payments", ["payment", "received_on", "amount", *OF_A_CUSTOMER])
    refunds = frames.read("refunds", ["payment", "paid_on", "amount", *OF_A_CUSTOMER])
    came, went = dated(payments, "received_on", window), dated(refunds, "paid_on", window)
    both = [_plain(came), _plain(went).assign(amount=-went["amount"])]
    found = pd.concat(both, ignore_index=True)
    return found.assign(record=found["payment"], value=found["amount"])


def overdue(frames: Frames, window: Window) -> pd.DataFrame:
    """Amounts overdue at the end of each step.

    Formula: sum of what is still to be paid on invoices after their due date: asked for, less paid,
    credited, discounted and written off until then.
    Population: issued invoices; credit notes are owed to the customer, not by them.
    Basis: the last day of the step, or today; an invoice is overdue from the day after it was due.
    Payments count from the day on which the money came in.
    Edge cases: amounts of several currencies are never added: told by currency, or not at all.
    """
    columns = ["invoice", "document", "corrects", "issued_on", "due_on", "payable", *OF_A_CUSTOMER]
    documents = frames.read("invoices", columns)
    notes = documents[documents["document"] != INVOICE]
    zone = window.period.zone
    less = pd.concat(
        [
            _part(frames.read("allocations", ["invoice", "received_on", "amount"]), "received_on"),
            _part(
                frames.read("differences", ["invoice", "at", "amount"]).assign(
                    day=lambda rows: rows["at"].dt.tz_convert(zone).dt.tz_localize(None)
                ),
                "day",
            ),
            pd.DataFrame(
                {"invoice": notes["corrects"].astype("int64"), "day": notes["issued_on"],
                 "amount": notes["payable"]}
            ),
        ],
        ignore_index=True,
    )  # fmt: skip
    bills = _plain(documents[documents["document"] == INVOICE])
    rows = [bills.head(0).assign(step="", record=0, value=0)]
    today = pd.Timestamp(window.now).tz_convert(zone).date()
    for step in begun(window):
        found = _late(bills, less, min(step.last, today))
        rows.append(found.assign(step=step.label, record=found["invoice"]))
    return pd.concat(rows, ignore_index=True)


def _part(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    return rows.assign(day=rows[column])[["invoice", "day", "amount"]]


def _late(bills: pd.DataFrame, less: pd.DataFrame, day: date) -> pd.DataFrame:
    """The invoices that are overdue on a day, with what is still to be paid as `value`."""
    found = bills[bills["due_on"] < pd.Timestamp(day)]
    taken = less[less["day"] < pd.Timestamp(day + ONE_DAY)].groupby("invoice")["amount"].sum()
    taken = taken.reindex(found["invoice"]).fillna(0).astype("int64")
    found = found.assign(value=found["payable"] - taken.to_numpy())
    return found[found["value"] > 0]


ESTIMATE_COLUMNS = [
    "estimate", "resolved_at", "estimated", "worked", "organization", "organization_name",
    "service", "service_name", "team", "team_name", "priority", "kind",
]  # fmt: skip
OF_ESTIMATES = ("organization", "service", "team", "priority", "kind")


def estimated(frames: Frames, window: Window) -> pd.DataFrame:
    """Hours worked for the hours estimated.

    Formula: recorded hours that count against the estimate / hours of the estimate; sums, never the
    mean of shares. More than 100 % took longer.
    Population: accepted estimates with hours, of tickets that are resolved; versions that a newer
    one replaced are left out, and so are confidential tickets.
    Basis: the ticket was last resolved in the period; the team is the one that holds it now.
    Edge cases: no such estimate gives “n/a”. Raw minutes; rejected, written off and non-billable
    time is not counted.
    """
    found = within(frames.read("estimates", ESTIMATE_COLUMNS), "resolved_at", window.start,
                   window.end)  # fmt: skip
    return found.assign(
        record=found["estimate"], at=found["resolved_at"], part=found["worked"].astype("float64"),
        whole=found["estimated"].astype("float64"),
    )  # fmt: skip


def near(frames: Frames, window: Window) -> pd.DataFrame:
    """Estimates that came within 20 %.

    Formula: estimates of which the work took at most 20 % more or less, both included / estimates.
    Population: accepted estimates with hours, of tickets that are resolved; versions that a newer
    one replaced are left out, and so are confidential tickets.
    Basis: the ticket was last resolved in the period; the team is the one that holds it now.
    Edge cases: no such estimate gives “n/a”.
    """
    rows = estimated(frames, window)
    apart = 100 * (rows["worked"] - rows["estimated"]).abs()
    return rows.assign(yes=apart <= NEAR_PERCENT * rows["estimated"])


_sum = partial(
    Indicator, statistic=Statistic.SUM, unit=Unit.MONEY, dimensions=OF_MONEY, record=Record.INVOICE
)
_of_estimates = partial(
    Indicator, reference="KPI-21", unit=Unit.SHARE, dimensions=OF_ESTIMATES, record=Record.ESTIMATE
)
INDICATORS = (
    _sum("invoiced", "BIL-11", invoiced),
    _sum("paid", "BIL-15", paid, record=Record.PAYMENT),
    _sum("overdue", "BIL-11", overdue, more_is=-1, is_level=True),
    _of_estimates("estimate_accuracy", rows=estimated, statistic=Statistic.RATIO),
    _of_estimates("estimates_near", rows=near, statistic=Statistic.SHARE, more_is=+1),
)
