"""An invoice through its link: no sign-in, no script, and nothing but this one document (`BIL-16`).

Whatever does not open an invoice gets one and the same answer, byte for byte.
"""

from functools import cached_property
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views import View

from billing.invoices import actions
from billing.invoices.actions import Asker
from billing.invoices.documents import spoken_to_customer
from billing.invoices.errors import DamagedDocument
from billing.invoices.forms import QuestionForm
from billing.invoices.links import link_of
from billing.invoices.models import InvoiceLink, LinkVisit
from itil.tickets.errors import MissingValue, Refused

from .files import pdf_response, xml_response
from .listing import business_today
from .shown import free_lines, line_of, shown, thanks_for

GONE = "billing/invoices/no_such_link.html"


class LinkPage(View):
    """Finds the link of the token, counts who asks, and keeps the answer out of everybody's sight.

    Robots do not list it, other sites do not learn its address, nothing stores it on the way.
    """

    link: InvoiceLink
    # A form sends where it comes from to our own site; without that no form would be believed.
    referrer_policy = "no-referrer"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self._asks_too_often(request):
            response: HttpResponseBase = render(request, "429.html", status=429)
        else:
            link = link_of(kwargs.pop("token"), business_today())
            response = self._open(link, request, **kwargs) if link else None
            response = response or self._gone(request)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = self.referrer_policy
        response["Cache-Control"] = "private, no-store"
        return response

    def _open(
        self, link: InvoiceLink, request: HttpRequest, **kwargs: Any
    ) -> HttpResponseBase | None:
        """None for what is not there."""
        self.link = link
        # In the language of the customer, whoever looks.
        with spoken_to_customer(link.invoice.language):
            try:
                response = super().dispatch(request, **kwargs)
            except (DamagedDocument, Http404):
                return None
            response["Content-Language"] = translation.get_language()
        return response

    def _gone(self, request: HttpRequest) -> HttpResponse:
        """In the language of who asks, and never in that of the invoice: it says nothing of one."""
        self.referrer_policy = LinkPage.referrer_policy
        with spoken_to_customer(translation.get_language()):
            return render(request, GONE, status=404)

    def _asks_too_often(self, request: HttpRequest) -> bool:
        usage = ratelimit.consume(
            request,
            app="billing.invoices",
            action="link",
            config={"link": settings.INVOICE_LINK_RATE},
            limit_get=True,
        )
        return usage is None

    def note(self, what: str) -> None:
        """Keep that somebody looked. Programs that only probe an address ask for its head, and
        browsers that fetch ahead say so: nobody has seen anything then.
        """
        purpose = self.request.headers.get("Sec-Purpose", self.request.headers.get("Purpose", ""))
        if self.request.method == "GET" and "prefetch" not in purpose:
            actions.note_visit(self.link, what, at=timezone.now())


class OpenLink(LinkPage):
    """The invoice."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.note(LinkVisit.What.SEEN)
        return render(
            request,
            "billing/invoices/opened.html",
            shown(self.link.invoice)
            | {"token": request.resolver_match.kwargs["token"], "today": business_today()},
        )


class LinkPdf(LinkPage):
    """The PDF as it was issued."""

    def get(self, request: HttpRequest) -> HttpResponse:
        content = self.link.invoice.read_pdf()
        self.note(LinkVisit.What.PDF)
        return pdf_response(self.link.invoice, content)


class LinkXml(LinkPage):
    """The e-invoice; an invoice without one has no such file."""

    def get(self, request: HttpRequest) -> HttpResponse:
        invoice = self.link.invoice
        response = xml_response(invoice, as_ubl=invoice.wants_ubl)
        self.note(LinkVisit.What.XML)
        return response


class AskByLink(LinkPage):
    """A question about the invoice, or a line that is not right; with name and address."""

    referrer_policy = "same-origin"

    @cached_property
    def lines(self) -> Any:
        return list(free_lines(self.link.invoice))

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("line", "")
        known = {str(line.position) for line in self.lines}
        initial = {"line": asked if asked in known else ""}
        return self._show(QuestionForm(lines=self.lines, is_visitor=True, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        token = request.resolver_match.kwargs["token"]
        form = QuestionForm(request.POST, lines=self._lines_of_post(), is_visitor=True)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            made = actions.dispute(
                self.link.invoice,
                by=Asker(
                    link=self.link,
                    name=form.cleaned_data["name"],
                    email=form.cleaned_data["email"],
                ),
                line=line_of(self.link.invoice, form.cleaned_data["line"]),
                text=form.cleaned_data["text"],
                key=form.cleaned_data["key"],
                at=timezone.now(),
            )
        except Refused as refusal:
            add_refusal(form, refusal)
            return self._show(form, status=409)
        messages.success(request, thanks_for(made))
        return redirect("invoices:link", token)

    def _lines_of_post(self) -> Any:
        """All of them: a second click comes when the line is in dispute already."""
        return self.link.invoice.lines.order_by("position")

    def _show(self, form: QuestionForm, status: int = 200) -> HttpResponse:
        context = {
            "invoice": self.link.invoice,
            "seller": self.link.invoice.seller_details,
            "form": form,
            "token": self.request.resolver_match.kwargs["token"],
        }
        return render(self.request, "billing/invoices/question.html", context, status=status)


def add_refusal(form: QuestionForm, refusal: Refused) -> None:
    field = refusal.field if isinstance(refusal, MissingValue) else None
    form.add_error(field if field in form.fields else None, str(refusal))
