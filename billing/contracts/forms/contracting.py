"""What clerks enter about contracts, rates and charges."""

from babel.numbers import get_currency_name
from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from billing.contracts.actions.contracting import PARTS
from billing.contracts.amounts import current_currencies
from billing.contracts.models import (
    BillingRole,
    Charge,
    ChargeKind,
    Contract,
    ContractRate,
    GeneralRate,
)
from itil.services.models import Service
from itil.timesheets.models import Activity
from portal.people.models import Organization, User

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def currency_choices(present: str = "") -> list[tuple[str, str]]:
    """Today's currencies by code with their names, and `present` whatever it is."""
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    codes = sorted(current_currencies() | ({present} if present else set()))
    return [(code, f"{code} – {get_currency_name(code, locale=locale)}") for code in codes]


class CurrencyField(forms.ChoiceField):
    """One of today's currencies."""


def staff():
    """Everyone with a duty of ours."""
    return User.objects.filter(memberships__isnull=False, is_active=True).distinct()


def _section(*names: str):
    """The bound fields of one part of a form, in this order."""
    return cached_property(lambda self: [self[name] for name in names])


class ContractForm(forms.ModelForm):
    """All of a contract but its rates and blocks."""

    currency = CurrencyField(label=_("Currency"))
    language = forms.ChoiceField(
        label=_("Language of invoices and estimates"),
        required=False,
        choices=[("", _("As the customer's")), *settings.LANGUAGES],
    )

    class Meta:
        model = Contract
        fields = (
            "organization",
            "name",
            "number",
            "valid_from",
            "valid_to",
            "active",
            "manager",
            "contact",
            *PARTS,
            "currency",
            "default_hourly_rate",
            "overage_rate",
            "hours",
            "out_of_hours_multiplier",
            "holiday_multiplier",
            "call_out_multiplier",
            "rounding_increment",
            "rounding_mode",
            "rounding_scope",
            "minimum_minutes",
            "minimum_scope",
            "time_approval",
            "work_before_acceptance",
            "grouping",
            "buyer_reference",
            "order_number",
            "payment_terms_days",
            "terms_from_month_end",
            "e_invoice",
            "language",
            "orders_charged_from",
            "credit_unit",
            "response_credit",
            "resolution_credit",
            "credit_cap",
            "vat_category",
            "vat_rate",
            "vat_exemption_reason",
        )
        widgets = {
            "valid_from": DATE,
            "valid_to": DATE,
            "orders_charged_from": DATE,
        } | dict.fromkeys(PARTS, forms.CheckboxSelectMultiple)
        labels = {
            "out_of_hours_multiplier": _("Out of hours: the rate times"),
            "holiday_multiplier": _("On Sundays and holidays: the rate times"),
            "call_out_multiplier": _("For a call-out: the rate times"),
        }
        help_texts = {
            "services": _("None chosen: all services."),
            "hours": _("When the plain rate holds. Empty: at all times."),
            "overage_rate": _("Empty: the rate of the work."),
            "contact": _("Hears when prepaid hours run out."),
            "manager": _("Hears when prepaid hours run out."),
            "orders_charged_from": _("Empty: this contract does not charge orders."),
            "response_credit": _("Empty: nothing is given back."),
            "resolution_credit": _("Empty: nothing is given back."),
            "credit_cap": _("In the same unit. Empty: what the month costs."),
        }

    whom = _section(
        "organization", "name", "number", "valid_from", "valid_to", "active", "manager", "contact"
    )
    coverage = _section(*PARTS)
    prices = _section(
        "currency",
        "default_hourly_rate",
        "overage_rate",
        "hours",
        "out_of_hours_multiplier",
        "holiday_multiplier",
        "call_out_multiplier",
    )
    rounding = _section(
        "rounding_increment", "rounding_mode", "rounding_scope", "minimum_minutes", "minimum_scope"
    )
    approval = _section("time_approval", "work_before_acceptance")
    invoicing = _section(
        "grouping",
        "buyer_reference",
        "order_number",
        "payment_terms_days",
        "terms_from_month_end",
        "e_invoice",
        "language",
    )
    beside = _section("orders_charged_from")
    credits = _section("credit_unit", "response_credit", "resolution_credit", "credit_cap")
    vat = _section("vat_category", "vat_rate", "vat_exemption_reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = currency_choices(self.instance.currency)
        if not self.instance.pk:
            self.initial.setdefault("currency", settings.BUSINESS_CURRENCY)
            self.initial["currency"] = self.initial["currency"] or settings.BUSINESS_CURRENCY
        self.fields["organization"].queryset = Organization.objects.exclude(
            kind=Organization.Kind.SUPPLIER
        )
        self.fields["manager"].queryset = staff()
        contacts = User.objects.filter(is_active=True, organization__isnull=False)
        if self.instance.pk:
            contacts = contacts.filter(organization=self.instance.organization)
        else:
            contacts = contacts.filter(organization__kind=Organization.Kind.CUSTOMER)
        self.fields["contact"].queryset = contacts.order_by("name")
        chosen = {"services": Service, "included_services": Service}
        for name in PARTS:
            model = chosen.get(name, Activity)
            self.fields[name].queryset = model.objects.filter(active=True)

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The contract ends before it begins."))
        contact, customer = cleaned.get("contact"), cleaned.get("organization")
        if contact and customer and contact.organization_id != customer.pk:
            self.add_error("contact", _("This person does not belong to the customer."))
        return cleaned

    def _post_clean(self):
        """The contract is checked with the services that were chosen."""
        for name in PARTS:
            if name in self.cleaned_data:
                getattr(self.instance, name).set(self.cleaned_data[name])
        super()._post_clean()

    @property
    def parts(self):
        """The services and activities that were chosen."""
        return {name: list(self.cleaned_data[name]) for name in PARTS}


class RateForm(forms.ModelForm):
    """A rate of one contract."""

    class Meta:
        model = ContractRate
        fields = ("role", "activity", "hourly_rate", "valid_from")
        widgets = {"valid_from": DATE}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = BillingRole.objects.filter(active=True)
        self.fields["role"].empty_label = _("All roles")
        self.fields["activity"].queryset = Activity.objects.filter(active=True)
        self.fields["activity"].empty_label = _("All activities")


class GeneralRateForm(RateForm):
    """A rate of a customer or of the price list."""

    currency = CurrencyField(label=_("Currency"))

    class Meta(RateForm.Meta):
        model = GeneralRate
        fields = ("organization", "role", "activity", "hourly_rate", "currency", "valid_from")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].empty_label = _("All customers")
        self.fields["currency"].choices = currency_choices()
        self.fields["currency"].initial = settings.BUSINESS_CURRENCY


class PersonRoleForm(forms.Form):
    """What a person is charged as; a role that is not there yet is made by its name."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    role = forms.CharField(
        label=_("Billing role"),
        max_length=100,
        help_text=_("For example Consultant or Senior. A name that is not there yet is added."),
    )
    valid_from = forms.DateField(
        label=_("From"), required=False, widget=DATE, help_text=_("Empty: from the beginning.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = staff()


class ChargeForm(forms.ModelForm):
    """Something to be billed beside hours."""

    class Meta:
        model = Charge
        fields = (
            "contract",
            "on",
            "kind",
            "description",
            "quantity",
            "unit",
            "unit_price",
            "note",
        )
        widgets = {"on": DATE}
        help_texts = {"quantity": _("A reduction has a negative quantity.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        contracts = Contract.objects.active().select_related("organization")
        field = self.fields["contract"]
        field.queryset = contracts
        field.required = True
        field.label_from_instance = lambda one: format_lazy(
            "{}: {}", one.organization.name, str(one)
        )
        sold = (ChargeKind.BLOCK, ChargeKind.RETAINER, ChargeKind.BREACH_CREDIT)
        self.fields["kind"].choices = [
            (kind.value, kind.label) for kind in ChargeKind if kind not in sold
        ]

    def _post_clean(self):
        """The verb checks the charge as a whole, with the customer and currency of its contract."""


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
