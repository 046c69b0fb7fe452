"""The catalog of the demo company: five departments with their forms, approvals and plans."""

from datetime import datetime

from catalog.offerings.models import CatalogItem, CatalogPage, DepartmentPage
from itil.approvals.models import ApprovalPolicy
from itil.fields.models import FieldSet
from itil.tasks.models import TaskPlan
from itil.tickets.models import Category, TicketFields
from portal.demo.company import Company

from .approvals import make_policies
from .bundles import fill_bundles, make_bundles
from .desks import Desks, make_desks
from .forms import make_forms
from .offers import DESKS, Desk, Offer
from .plans import make_plans


def make_catalog(company: Company, now: datetime) -> None:
    """Publish it as of `now`, below the page that `ensure_home` made."""
    desks = make_desks(company)
    shop = _Shop(company, desks, make_forms(now), make_policies(desks), make_plans(desks, now))
    for desk in DESKS:
        shop.open(desk)
    shop.ask_of_faults()
    fill_bundles(shop.bundles)
    shop.tell_endings()


class _Shop:
    """What items are made of, by name."""

    def __init__(
        self,
        company: Company,
        desks: Desks,
        forms: dict[str, FieldSet],
        policies: dict[str, ApprovalPolicy],
        plans: dict[str, TaskPlan],
    ):
        self.catalog = CatalogPage.objects.get()
        self.topics = dict(company.categories)
        self.desks, self.forms, self.policies, self.plans = desks, forms, policies, plans
        self.bundles = make_bundles()

    def open(self, desk: Desk) -> None:
        """Publish a department with all it offers."""
        page = self.catalog.add_child(
            instance=DepartmentPage(
                title=desk.title,
                slug=desk.slug,
                introduction=desk.introduction,
                icon=desk.icon,
                organization=self.desks.departments[desk.organization],
                team=self.desks.teams[desk.team],
                is_confidential=desk.confidential,
            )
        )
        for offer in desk.offers:
            item = page.add_child(instance=self._item(offer, desk))
            item.save_revision().publish()

    def ask_of_faults(self) -> None:
        """What incidents of a category are asked beside their columns."""
        for category, form in (
            ("Hardware", "Fault of a device"),
            ("Network", "Fault of the network"),
        ):
            TicketFields.objects.create(
                kind="incident", category=self.topics[category], form=self.forms[form]
            )

    def tell_endings(self) -> None:
        """Which item ends what another one gave."""
        for offer in (offer for desk in DESKS for offer in desk.offers if offer.ended_by):
            item = CatalogItem.objects.get(title=offer.title)
            item.ended_by = CatalogItem.objects.get(title=offer.ended_by)
            item.save_revision().publish()

    def _item(self, offer: Offer, desk: Desk) -> CatalogItem:
        period = CatalogItem.PricePeriod
        return CatalogItem(
            title=offer.title,
            summary=offer.summary,
            icon=offer.icon,
            category=self._topic(offer.topic),
            keywords=offer.keywords,
            is_pinned=offer.pinned,
            audience=offer.audience,
            is_private=offer.private,
            price=offer.price,
            is_starting_price=offer.starting,
            price_period=period.MONTH if offer.monthly else period.ONCE,
            price_tolerance_percent=10,
            form=self.forms[offer.form],
            approval=self.policies.get(offer.approval),
            auto_approve=offer.silent,
            plan=self.plans.get(offer.plan),
            bundle=self.bundles.get(offer.bundle),
            item_owner=self.desks.leads[desk.team],
            calendar=self.desks.office_hours,
            delivery_business_days=offer.days,
        )

    def _topic(self, name: str) -> Category:
        if name not in self.topics:
            self.topics[name] = Category.objects.create(name=name)
        return self.topics[name]
