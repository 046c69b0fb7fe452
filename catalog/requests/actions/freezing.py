"""What an item says at the moment it is ordered, kept by the request (`REQ-1`)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catalog.offerings.models import CatalogItem
from catalog.requests.amounts import lines, total
from itil.approvals.actions import frozen_terms
from itil.fields.answers import priced
from itil.fields.models import FormVersion
from portal.people.models import User


def price_of(
    item: CatalogItem, version: FormVersion | None, answers: Mapping[str, Any], quantity: int
) -> Decimal:
    """What so many pieces cost with the options that were chosen."""
    options = priced(version.questions, answers) if version else []
    return total(lines(item.title, item.price, options), quantity)


def frozen(
    item: CatalogItem,
    version: FormVersion | None,
    answers: Mapping[str, Any],
    quantity: int,
    *,
    person: User,
) -> dict[str, Any]:
    """The columns of a request for `item`, which `person` gets."""
    return {
        "item": item,
        "item_title": item.title,
        "form_version": version,
        "plan_version": item.plan.current if item.plan else None,
        "policy": item.approval,
        "policy_terms": frozen_terms(item.approval),
        "answers": dict(answers),
        "quantity": quantity,
        "base_price": item.price,
        "price": price_of(item, version, answers, quantity),
        "currency": item.currency,
        "price_period": item.price_period,
        "price_tolerance_percent": item.price_tolerance_percent,
        "cost_centre": person.cost_centre,
    }
