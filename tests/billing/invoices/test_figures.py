"""What was invoiced, received and is overdue, as figures with their lists (`KPI-26`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from billing.invoices import actions
from billing.invoices.models import Invoice
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.metrics.indicator import Window
from reports.metrics.period import Period
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer, behind
from reports.tables import table_of
from tests.billing import make as billing

JULY = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
SPRING = Period(date(2026, 5, 1), date(2026, 6, 30), "Europe/Berlin")


@pytest.fixture
def figures(cast):
    """Two invoices of 2 May over 1190.00 and 238.00, due on 1 June; 500.00 came in on 10 May."""
    first = billing.issued(cast)
    billing.issued(cast, "200.00", month="2026-04")
    billing.paid_in(cast, "500.00", shares=[(first, "500.00")])

    def told(key, split="", **narrowed):
        selection = Selection(before=SPRING.end, since=SPRING.start, **narrowed)
        desk = Desk(Frames.live(selection, now=JULY), Window(SPRING, JULY))
        series = answer(Tile("t", (key,), by="step", split=split), desk)["series"][0]
        points = {point["keys"][0]: point["value"] for point in series["points"]}
        return points, series["total"], behind(key, {}, desk)

    return told


def test_amounts_are_told_by_month_with_their_currency_and_list(cast, figures):
    documents = [*Invoice.objects.order_by("pk").values_list("pk", flat=True)]

    points, total, listed = figures("invoiced")
    assert points == {"2026-05": 1428.0}
    assert (total["value"], total["n"], total["currency"]) == (1428.0, 2, "EUR")
    assert listed == documents

    points, total, listed = figures("paid", split="currency")
    assert (points, total["n"], len(listed)) == ({"2026-05": 500.0}, 1, 1)

    # On the last of May nothing was due yet.
    points, total, listed = figures("overdue")
    assert points == {"2026-06": 928.0}
    assert (total["value"], listed) == (928.0, documents)
    [now] = Invoice.objects.sums(JULY.date())
    assert Decimal(str(total["value"])) == now["late"]


def test_a_credit_note_takes_back_on_its_own_day(cast, figures):
    invoice = Invoice.objects.order_by("pk").last()
    with time_machine.travel(JULY, tick=False):
        note = actions.credit(invoice, by=cast.bea, reason="Wrong hours.")
        actions.issue(note, by=cast.bea, at=datetime(2026, 6, 20, 9, 0, tzinfo=UTC))
    assert figures("invoiced")[0] == {"2026-05": 1428.0, "2026-06": -238.0}
    assert figures("overdue")[0] == {"2026-06": 690.0}


def test_one_customer_is_told_of_its_own_amounts_only(cast, figures):
    assert figures("invoiced", organizations=(cast.globex.pk,))[1]["n"] == 0
    assert figures("invoiced", organizations=(cast.acme.pk,))[1]["n"] == 2


def test_who_sees_the_list_sees_the_documents_themselves(cast, figures):
    table = table_of("invoice")
    assert table.seen_by(cast.bea).count() == 2
    assert table.seen_by(cast.bo).count() == 0
    assert table.url_of(table.seen_by(cast.mia).first()).startswith("/")
    assert table_of("payment").seen_by(cast.mia).count() == 1
