"""Bank statements: taking a file, naming the columns of CSV, booking its lines."""

from itertools import zip_longest

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View

from billing.invoices import actions
from billing.invoices.forms import (
    CustomerForm,
    MappingForm,
    ReasonForm,
    SharesForm,
    UploadForm,
)
from billing.invoices.matching import proposals_for
from billing.invoices.models import Seller, Statement, StatementEntry
from billing.invoices.parse import csv_head, csv_lines, guessed_mapping
from billing.invoices.permissions import may_book_money
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage, DetailPage, DutyPage, ListPage, RecordMixin, Tab, VerbPage
from portal.ui.tables import Column

from .listing import DUTIES
from .payments import CLERKS, open_invoices

# Lines of a preview.
SHOWN = 8
VIEWS = {"open": _("To be booked"), "booked": _("Booked"), "ignored": _("Ignored")}


class EntryList(ListPage):
    """Money that came in, each line with what it may pay."""

    duties = DUTIES
    template_name = "billing/invoices/entries.html"
    csv_name = "bank-lines"
    default_sort = "-booked"
    columns = (
        Column("booked", _("Booked"), sort="booked_on", value="booked_on"),
        Column("payer", _("From"), sort="payer"),
        Column("text", _("Text"), value="text"),
        Column("reference", _("Reference")),
        Column("currency", _("Currency")),
        Column("amount", _("Amount"), sort="amount", css="r"),
        Column("state", _("State"), value="get_state_display"),
    )

    @cached_property
    def view_key(self):
        asked = self.request.GET.get("view", "open")
        return asked if asked in VIEWS else "open"

    def get_queryset(self):
        found = StatementEntry.objects.visible_to(self.request.user).filter(state=self.view_key)
        return found.select_related("statement", "decided_by")

    def tabs(self):
        return tuple(
            Tab(label, self._url(view=None if key == "open" else key), key == self.view_key)
            for key, label in VIEWS.items()
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(
            place="entries",
            view_key=self.view_key,
            may_book=may_book_money(self.request.user),
            **kwargs,
        )
        rows = list(context["rows"])
        found = proposals_for(rows) if self.view_key == "open" else {}
        context["entries"] = [(entry, found.get(entry.pk)) for entry in rows]
        return context


class AcceptMany(DutyPage, View):
    """Book the chosen lines as they are proposed."""

    duties = CLERKS

    def post(self, request):
        chosen = [one for one in request.POST.getlist("entry") if _is_uuid(one)]
        rows = StatementEntry.objects.visible_to(request.user).open().filter(uuid__in=chosen)
        booked, problems = actions.accept_proposals(
            rows.select_related("seller").order_by("booked_on", "pk"), by=request.user
        )
        if booked:
            messages.success(
                request,
                ngettext("%(count)d payment booked.", "%(count)d payments booked.", booked)
                % {"count": booked},
            )
        elif not chosen:
            messages.error(request, _("Choose at least one line."))
        for problem in problems[:5]:
            messages.error(request, problem)
        return redirect("invoices:entries")


def _is_uuid(text):
    return len(text) == 36 and text.isascii() and not set(text) - set("0123456789abcdef-")


class EntryPage:
    duties = CLERKS
    lookup = "uuid"
    refusals = (Refused,)

    def get_queryset(self):
        return StatementEntry.objects.visible_to(self.request.user).select_related(
            "seller", "statement"
        )

    def get_success_url(self):
        return reverse("invoices:entries")


class AcceptEntry(EntryPage, ActionPage):
    """One line: whose it is and which invoices it pays; the proposal is filled in."""

    template_name = "billing/invoices/entry.html"
    form_class = SharesForm
    title = _("Book the payment")
    success_message = _("The payment is booked.")

    @cached_property
    def proposal(self):
        return proposals_for([self.record])[self.record.pk]

    @cached_property
    def customer(self):
        asked = self.request.GET.get("customer")
        form = CustomerForm({"customer": asked}) if asked else None
        if form is not None and form.is_valid():
            return form.cleaned_data["customer"]
        return self.proposal.organization

    def get_form_kwargs(self):
        entry, found = self.record, super().get_form_kwargs()
        found.pop("initial", None)
        if self.customer is None:
            return found
        shares = self.proposal.shares if self.customer == self.proposal.organization else ()
        invoices = open_invoices(self.customer, currency=entry.currency, seller=entry.seller)
        return found | {"invoices": invoices, "shares": shares}

    def perform(self, form):
        if self.customer is None:
            raise Refused(_("Choose the customer first."))
        return actions.accept(
            self.record, organization=self.customer, shares=form.shares, by=self.request.user
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            customer=self.customer,
            customer_form=CustomerForm(
                initial={"customer": self.customer.uuid if self.customer else None}
            ),
            proposal=self.proposal,
            **kwargs,
        )


class IgnoreEntry(EntryPage, ActionPage):
    template_name = "billing/invoices/act.html"
    form_class = ReasonForm
    title = _("Ignore this line")
    success_message = _("The line is put aside.")

    def perform(self, form):
        return actions.ignore(self.record, by=self.request.user, **form.cleaned_data)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            intro=_("For money that pays no invoice, such as a refund of taxes."),
            above=self.record.payer,
            back_url=reverse("invoices:entries"),
            **kwargs,
        )


class RestoreEntry(EntryPage, ActionPage):
    success_message = _("The line waits to be booked again.")

    def perform(self, form):
        return actions.restore(self.record, by=self.request.user)


class StatementList(ListPage):
    """The files, newest first."""

    duties = DUTIES
    template_name = "billing/invoices/statements.html"
    default_sort = "-uploaded"
    columns = (
        Column("name", _("File"), sort="name"),
        Column("uploaded", _("Taken"), sort="uploaded_at"),
        Column("by", _("By")),
        Column("lines", _("New lines"), css="r"),
        Column("known", _("Known already"), css="r"),
        Column("left_out", _("Left out"), css="r"),
    )

    def get_queryset(self):
        return (
            Statement.objects.visible_to(self.request.user)
            .select_related("uploaded_by", "seller")
            .with_counts()
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            place="entries", may_book=may_book_money(self.request.user), **kwargs
        )


class Upload(VerbPage):
    """Take a file of the bank."""

    duties = CLERKS
    template_name = "billing/invoices/act.html"
    form_class = UploadForm
    refusals = (Refused,)
    title = _("Import payments")
    button = _("Take the file")

    def get_form_kwargs(self):
        found = super().get_form_kwargs()
        if "initial" in found:
            found["initial"] = {"seller": Seller.objects.filter(active=True).first()}
        return found

    def perform(self, form):
        file = form.cleaned_data["file"]
        return actions.take_file(
            file.read(), name=file.name, seller=form.cleaned_data["seller"], by=self.request.user
        )

    def get_success_message(self, result):
        statement, is_new = result
        if not is_new:
            return _("This file was taken before; nothing is imported twice.")
        if statement.imported_at is None:
            return _("The file is kept. Now say what its columns are.")
        return imported_text(statement)

    def get_success_url(self):
        statement, _is_new = self.result
        return statement.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            intro=_(
                "Money that went out is left out. Nothing is booked before you accept it, unless "
                "the seller's rules book exact matches."
            ),
            is_upload=True,
            back_url=reverse("invoices:statements"),
            **kwargs,
        )


def imported_text(statement):
    """What an import brought, in a sentence."""
    count = statement.entries.count()
    text = ngettext("%(count)d new line.", "%(count)d new lines.", count) % {"count": count}
    if statement.known_count:
        text += " " + ngettext(
            "%(count)d was known already.", "%(count)d were known already.", statement.known_count
        ) % {"count": statement.known_count}
    return text


class StatementPage:
    lookup = "uuid"
    duties = DUTIES

    def get_queryset(self):
        return Statement.objects.visible_to(self.request.user).select_related(
            "seller", "uploaded_by"
        )


class StatementDetail(StatementPage, DetailPage):
    """What a file brought; a CSV file that waits leads to its columns."""

    template_name = "billing/invoices/statement.html"

    def get(self, request, *args, **kwargs):
        if self.record.imported_at is None and may_book_money(request.user):
            return redirect("invoices:statement-columns", self.record.uuid)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            entries=self.record.entries.order_by("position")[:500], **kwargs
        )


class StatementFile(StatementPage, DutyPage, RecordMixin, View):
    """The file as it was taken."""

    def get(self, request, **kwargs):
        try:
            actions.content_of(self.record)
        except Refused as problem:
            messages.error(request, str(problem))
            return redirect(self.record)
        return FileResponse(
            self.record.file.open("rb"),
            as_attachment=True,
            filename=self.record.name,
            content_type="application/octet-stream",
        )


class StatementColumns(StatementPage, ActionPage):
    """Say what the columns of a CSV file are; the preview shows what comes of it."""

    duties = CLERKS
    template_name = "billing/invoices/columns.html"
    form_class = MappingForm
    refusals = (Refused,)
    title = _("Columns of the file")

    @cached_property
    def content(self):
        return actions.content_of(self.record)

    def get_form_kwargs(self):
        posted = self.request.POST if self.request.method == "POST" else None
        delimiter = (posted or {}).get("delimiter", "")
        known = {value for value, _label in MappingForm.DELIMITERS}
        rows = csv_head(self.content, delimiter=delimiter if delimiter in known else "")
        found = {"heads": max(rows, key=len) if not rows else rows[0]}
        if posted is not None:
            return found | {"data": posted}
        return found | {
            "initial": {"currency": self.record.seller.currency} | guessed_mapping(self.content)
        }

    def get(self, request, *args, **kwargs):
        if self.record.imported_at is not None:
            return redirect(self.record)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs) -> HttpResponse:
        """`preview` shows the first lines as they would be read; else the file is imported."""
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.check()
        form = self.get_form()
        context = {}
        if form.is_valid():
            try:
                found = csv_lines(self.content, form.mapping)
                context = {"preview": found, "preview_lines": found.lines[:SHOWN]}
            except Refused as problem:
                form.add_error(None, str(problem))
        status = 422 if form.errors else 200
        return render(
            request, self.template_name, self.get_context_data(form=form, **context), status=status
        )

    def perform(self, form):
        return actions.import_csv(self.record, form.mapping, by=self.request.user)

    def get_success_message(self, result):
        return imported_text(result)

    def get_context_data(self, **kwargs):
        head = [list(row) for row in csv_head(self.content)]
        width = max(len(row) for row in head)
        return super().get_context_data(
            head=[
                [cell for cell, _n in zip_longest(row, range(width), fillvalue="")] for row in head
            ],
            back_url=reverse("invoices:statements"),
            **kwargs,
        )
