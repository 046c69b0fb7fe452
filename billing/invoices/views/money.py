"""What happened to an invoice beside its content: one part of its page."""

from billing.invoices.permissions import may_book_money, may_confirm


def money_of(invoice, user):
    """What happened to an issued invoice beside its content, for the page of the invoice."""
    if not invoice.is_frozen:
        asked = invoice.confirmations.order_by("-proposed_at")
        return {
            "confirmation": asked.select_related("proposed_by", "decided_by").first(),
            "may_book": may_book_money(user),
            "may_confirm": may_confirm(user),
        }
    return {
        "may_book": may_book_money(user),
        "allocations": invoice.allocations.filter(ended_at=None).select_related("payment"),
        "differences": invoice.differences.filter(ended_at=None).select_related("by"),
        "notes": invoice.corrections.order_by("pk"),
        "reminders": invoice.reminders.exclude(state="dropped").order_by("level"),
        "hold": invoice.holds.filter(ended_at=None).first(),
    }
