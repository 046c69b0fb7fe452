"""The addresses of estimates, as in addresses.py."""

from typing import Any

from . import matrix
from .about import LEADS, Address, form, key_of, of_ticket, sets

SEEN = sets(matrix.ESTIMATES)
WRITTEN = {
    "title": "Another roof",
    "kind": "cap",
    "valid_until": "2026-05-01",
    "count": 1,
    "line_1_description": "Felt",
    "line_1_amount": "2",
    "line_1_price": "80",
}


def of_estimate(**fields: Any) -> Address:
    return Address("estimate", key_of("estimate", "uuid"), fields.pop("opens", SEEN), **fields)


KEPT = sets({"acme": "bea cleo", "globex": "bea"})
# Only of a draft; the other one was sent.
DRAFT = sets({"acme": "", "globex": "bea"})
OF_ESTIMATES = {
    "estimates:detail": of_estimate(is_open=True),
    "estimates:edit": of_estimate(
        opens=DRAFT, acts=DRAFT, values=form(**WRITTEN), witness=("bea", "globex"), is_open=True
    ),
    "estimates:send": of_estimate(
        opens=KEPT,
        acts=DRAFT,
        unproven="Nobody of Globex may accept estimates.",
        is_open=True,
    ),
    "estimates:delete": of_estimate(
        opens=KEPT,
        acts=DRAFT,
        witness=("bea", "globex"),
        is_open=True,
    ),
    "estimates:version": of_estimate(
        opens=KEPT,
        acts=sets({"acme": "bea cleo", "globex": ""}),
        witness=("cleo", "acme"),
    ),
    "estimates:reply": of_estimate(
        opens=sets({"acme": "con"}),
        acts=sets({"acme": "con"}),
        values=form(answer="accept"),
        witness=("con", "acme"),
        is_open=True,
    ),
    "estimates:pdf": of_estimate(opens=sets({"acme": matrix.ESTIMATES["acme"]})),
    "estimates:reply-pdf": of_estimate(opens=sets({"acme": "con"})),
    "estimates:of-ticket": of_ticket(is_open=True),
    "estimates:new": of_ticket(
        LEADS,
        values=form(**WRITTEN),
        witness=("cleo", "laptop"),
    ),
}
