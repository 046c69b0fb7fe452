"""Estimates: one that Acme has, about the printer, and a draft for Globex, about the router."""

from decimal import Decimal

from billing.estimates import actions as estimates
from billing.estimates.actions import NewLine

from .telling import NOW, World


def build(world: World) -> None:
    """Bea writes them; Con of Acme may accept what was sent."""
    con = world.people["con"]
    con.can_approve_cost = True
    con.save()
    made = {
        name: estimates.draft(
            world.tickets[ticket],
            by=world.cast.bea,
            at=NOW,
            title=f"zq{name}estimate umbrella",
            introduction=f"zq{name}scope umbrella",
            lines=[NewLine(f"zq{name}line", minutes=60, unit_price=Decimal("123.45"))],
        )
        for name, ticket in (("acme", "printer"), ("globex", "router"))
    }
    estimates.send(made["acme"], to=con, by=world.cast.bea, at=NOW)
    world.keep("estimate", **made)
