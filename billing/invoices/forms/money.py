"""What a clerk enters about money: amounts in every usual way, days not in the future."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Difference, Payment, Seller
from billing.invoices.parse import MONEY_EXAMPLE, AmountError, CsvMapping, money
from itil.timesheets.hours import business_date
from portal.people.models import Organization

NOTHING = ""
# Before the decimals; what the columns of money hold.
MOST_DIGITS = 12


class MoneyField(forms.CharField):
    """An amount such as 1234.50 or 1.234,50; cleans to a Decimal, or None when empty."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {
        "amount": _("“%(text)s” can be read in two ways or is no amount. Write it as %(example)s."),
        "large": _("“%(text)s” is too large. An amount has at most 12 digits before the decimals."),
    }

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return money(text)
        except AmountError as problem:
            is_long = text.isdecimal() and len(text) > MOST_DIGITS
            raise forms.ValidationError(
                self.error_messages["large" if is_long else "amount"],
                params={"text": text[:20], "example": MONEY_EXAMPLE},
            ) from problem


class DayField(forms.DateField):
    """A day that is not in the future, in the business zone."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value):
        day = super().clean(value)
        if day and day > business_day():
            raise forms.ValidationError(
                _("This date is in the future. Enter today or an earlier day.")
            )
        return day


def business_day():
    """Today in the zone that decides due dates."""
    return business_date(timezone.now())


class OnceForm(forms.Form):
    """A form that may be sent twice and is carried out once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class CustomerForm(forms.Form):
    """Whose money it is."""

    customer = forms.ModelChoiceField(
        label=_("Customer"),
        queryset=Organization.objects.none(),
        to_field_name="uuid",
        error_messages={"required": _("Choose the customer whose money it is.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = billed_customers()


def billed_customers():
    """Organizations that have an invoice."""
    return Organization.objects.filter(invoices__isnull=False).distinct().order_by("name")


class SharesForm(forms.Form):
    """How much each open invoice of a customer gets; a field for each of `invoices`."""

    def __init__(self, *args, invoices=(), shares=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.invoices = list(invoices)
        proposed = {invoice.pk: amount for invoice, amount in shares}
        for invoice in self.invoices:
            self.fields[f"share_{invoice.pk}"] = MoneyField(
                label=_("Amount for %(number)s") % {"number": invoice.number},
                required=False,
                initial=proposed.get(invoice.pk, ""),
            )

    def rows(self):
        """Each open invoice with its field, for the table."""
        return [(invoice, self[f"share_{invoice.pk}"]) for invoice in self.invoices]

    def plain_fields(self):
        """The fields that do not stand in the table."""
        return [field for field in self if not field.name.startswith("share_")]

    @property
    def shares(self):
        found = [(one, self.cleaned_data.get(f"share_{one.pk}")) for one in self.invoices]
        return [(invoice, amount) for invoice, amount in found if amount]


class PaymentForm(SharesForm, OnceForm):
    seller = forms.ModelChoiceField(label=_("Paid to"), queryset=Seller.objects.none())
    amount = MoneyField(label=_("Amount"))
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    received_on = DayField(label=_("Received on"))
    method = forms.ChoiceField(label=_("How"), choices=Payment.Method.choices)
    reference = forms.CharField(label=_("Reference"), max_length=140, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    oldest_first = forms.BooleanField(
        label=_("Pay the oldest open invoices first when no amounts are entered below"),
        required=False,
        initial=True,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seller"].queryset = Seller.objects.filter(active=True)

    def clean_currency(self):
        return self.cleaned_data["currency"].upper()

    @property
    def shares(self):
        """What was entered; else the oldest invoices in the payment's currency, if so wished."""
        found = super().shares
        if found or not self.cleaned_data["oldest_first"]:
            return found
        left = self.cleaned_data["amount"]
        for invoice in self.invoices:
            share = min(left, invoice.balance)
            theirs = (invoice.currency, invoice.seller_id)
            ours = (self.cleaned_data["currency"], self.cleaned_data["seller"].pk)
            if theirs == ours and share > 0:
                found.append((invoice, share))
                left -= share
        return found


class RefundForm(OnceForm):
    amount = MoneyField(label=_("Amount"))
    paid_on = DayField(label=_("Paid back on"))
    reference = forms.CharField(label=_("Reference"), max_length=140, required=False)


class DifferenceForm(OnceForm):
    kind = forms.ChoiceField(
        label=_("What it is"), choices=Difference.Kind.choices, widget=forms.RadioSelect
    )
    amount = MoneyField(label=_("Amount"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class CreditForm(OnceForm):
    """Which lines to credit, in a quantity or as a net amount; a pair of fields for each line."""

    SCOPES = (
        ("rest", _("Everything that is left of the invoice")),
        ("parts", _("What I enter below")),
    )
    TIME = (
        ("keep", _("The hours stay credited and are not billed again")),
        ("free", _("The hours can be billed again on a new invoice")),
    )
    scope = forms.ChoiceField(
        label=_("What to credit"), choices=SCOPES, widget=forms.RadioSelect, initial="parts"
    )
    time = forms.ChoiceField(
        label=_("When nothing of the invoice is left"),
        choices=TIME,
        widget=forms.RadioSelect,
        initial="keep",
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stands on the credit note.")
    )

    def __init__(self, *args, rests=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.rests = [rest for rest in rests if rest.is_open]
        for rest in self.rests:
            number = {"number": rest.line.position}
            self.fields[f"quantity_{rest.line.position}"] = MoneyField(
                label=_("Quantity of line %(number)d") % number, required=False
            )
            self.fields[f"amount_{rest.line.position}"] = MoneyField(
                label=_("Net amount of line %(number)d") % number, required=False
            )

    def rows(self):
        return [
            (rest, self[f"quantity_{rest.line.position}"], self[f"amount_{rest.line.position}"])
            for rest in self.rests
        ]

    def plain_fields(self):
        return [self[name] for name in ("key", "scope", "time", "reason")]

    def clean(self):
        found = super().clean()
        if found.get("scope") != "parts":
            return found
        for rest in self.rests:
            position = rest.line.position
            if found.get(f"quantity_{position}") and found.get(f"amount_{position}"):
                self.add_error(f"amount_{position}", _("Enter a quantity or an amount, not both."))
        if not self.errors and not self.portions:
            self.add_error(None, _("Enter a quantity or an amount for at least one line."))
        return found

    @property
    def portions(self):
        """Pairs (quantity, amount) by position; None for all that is left."""
        if self.cleaned_data["scope"] == "rest":
            return None
        pairs = {
            rest.line.position: (
                self.cleaned_data.get(f"quantity_{rest.line.position}"),
                self.cleaned_data.get(f"amount_{rest.line.position}"),
            )
            for rest in self.rests
        }
        return {position: pair for position, pair in pairs.items() if any(pair)}


class UploadForm(forms.Form):
    """A file of the bank."""

    seller = forms.ModelChoiceField(label=_("Account of"), queryset=Seller.objects.none())
    file = forms.FileField(
        label=_("File"),
        help_text=_("A statement as CAMT.053 (XML), or CSV with one payment in each line."),
        allow_empty_file=True,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seller"].queryset = Seller.objects.filter(active=True)


class MappingForm(forms.Form):
    """Which column of a CSV file is what; `heads` are the cells of its first row."""

    ORDERS = (
        ("ymd", _("2026-05-31")),
        ("dmy", _("31-05-2026, 31/05/2026 or 31.05.2026")),
        ("mdy", _("05-31-2026 or 05/31/2026")),
        ("compact", _("20260531")),
    )
    MARKS = ((".", _("A point: 1,234.50")), (",", _("A comma: 1.234,50")))
    DELIMITERS = ((";", _("Semicolon")), (",", _("Comma")), ("\t", _("Tab")))
    OPTIONAL = ("payer", "payer_account", "reference", "text", "currency_column")

    has_head = forms.BooleanField(label=_("The first row names the columns"), required=False)
    delimiter = forms.ChoiceField(label=_("Between columns"), choices=DELIMITERS)
    booked_on = forms.TypedChoiceField(label=_("Booking date"), coerce=int)
    date_order = forms.ChoiceField(label=_("Dates look like"), choices=ORDERS)
    amount = forms.TypedChoiceField(label=_("Amount"), coerce=int)
    separator = forms.ChoiceField(label=_("Before the decimals"), choices=MARKS)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    currency_column = forms.TypedChoiceField(
        label=_("Column with the currency"), coerce=int, required=False, empty_value=None
    )
    payer = forms.TypedChoiceField(
        label=_("Name of the payer"), coerce=int, required=False, empty_value=None
    )
    payer_account = forms.TypedChoiceField(
        label=_("Account of the payer"), coerce=int, required=False, empty_value=None
    )
    reference = forms.TypedChoiceField(
        label=_("Reference"), coerce=int, required=False, empty_value=None
    )
    text = forms.TypedChoiceField(label=_("Text"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args, heads=(), **kwargs):
        super().__init__(*args, **kwargs)
        columns = [
            (index, f"{index + 1}: {head.strip()[:40]}" if head.strip() else str(index + 1))
            for index, head in enumerate(heads)
        ]
        for name in ("booked_on", "amount"):
            self.fields[name].choices = columns
        for name in self.OPTIONAL:
            self.fields[name].choices = [(NOTHING, _("None")), *columns]

    def clean_currency(self):
        return self.cleaned_data["currency"].upper()

    @property
    def mapping(self):
        """What was chosen."""
        values = {name: self.cleaned_data[name] for name in self.fields}
        return CsvMapping(**values)


class AnswerForm(forms.Form):
    """What the second person says."""

    ANSWERS = (("confirm", _("Confirm")), ("decline", _("Decline")))
    decision = forms.ChoiceField(
        label=_("Your decision"), choices=ANSWERS, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("Why not"),
        max_length=300,
        required=False,
        help_text=_("The clerk reads it. Needed when you decline."),
    )
