"""Which language a customer is written to in."""

from datetime import date

from django.conf import settings

from billing.contracts.models import Contract
from itil.sla.matching import ancestors
from portal.people.models import Organization

from .terms import ContractTerms


def language_for(
    organization: Organization, day: date, contract: Contract | ContractTerms | None = None
) -> str:
    """The language in which `organization` gets what is written about money on `day`: invoices,
    estimates, reminders, statements of account, warnings and their mails (`CRS-3`).

    That of `contract`, which the paper belongs to. Of a paper without one: that of the only
    contract that runs on that day, of the organization itself or else of the nearest one above it
    that has some; several may speak differently, so they say nothing. Else the organization's own,
    else that of the desk. One query without a contract, one more for each three levels above.
    """
    found = contract or _only_contract(organization, day)
    return (found.language if found else "") or organization.language or settings.LANGUAGE_CODE


def _only_contract(organization: Organization, day: date) -> Contract | None:
    line = ancestors(organization)
    running: dict[int, list[Contract]] = {}
    for one in Contract.objects.in_force(day).filter(organization__in=line):
        running.setdefault(one.organization_id, []).append(one)
    nearest = next((running[step] for step in line if step in running), [])
    return nearest[0] if len(nearest) == 1 else None
