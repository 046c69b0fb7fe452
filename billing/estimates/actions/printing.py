"""The paper of an estimate: made by a worker once it was sent, and kept."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation.trans_real import translation as spoken

from billing.estimates.documents import estimate_pdf
from billing.estimates.lifecycle import State
from billing.estimates.models import Estimate, pdf_path
from billing.invoices.actions import want
from billing.invoices.documents import warm_up_printing
from portal.paper.languages import speaking

from .drafting import locked


def request_pdf(estimate: Estimate, *, at: datetime) -> bool:
    """Note that the paper is wanted; False when that was done a moment ago, when it is there, and
    of a draft.
    """
    unprinted = Estimate.objects.filter(pk=estimate.pk, pdf="").exclude(state=State.DRAFT)
    return want(unprinted, "pdf_requested_at", at=at)


def make_pdf(estimate: Estimate) -> Estimate:
    """Print the version and store it, once; a draft has no paper yet."""
    warm_up_printing()
    with transaction.atomic():
        found = locked(estimate)
        if found.pdf or found.state == State.DRAFT:
            return found
        with speaking(spoken(found.language)):
            content = estimate_pdf(found)
        found.pdf_sha256 = hashlib.sha256(content).hexdigest()
        # What a killed worker left behind; the row is locked.
        found.pdf.storage.delete(pdf_path(found, ""))
        found.pdf.save("", ContentFile(content), save=False)
        try:
            found.save(update_fields=["pdf", "pdf_sha256"])
        except BaseException:
            found.pdf.storage.delete(str(found.pdf.name))
            raise
    return found
