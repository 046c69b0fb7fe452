"""One order of several items, as the people concerned see it."""

from django.views.generic import TemplateView

from catalog.requests.models import RequestBundle
from catalog.requests.timeline import sentence
from itil.fields.answers import readable
from portal.ui.pages import DutyPage, RecordMixin


class BundlePage(DutyPage, RecordMixin, TemplateView):
    """Its requests with their states; declined and late ones stand out (`REQ-3`)."""

    model = RequestBundle
    lookup = "number"
    template_name = "catalog/requests/bundle.html"

    def get_queryset(self):
        found = super().get_queryset().select_related("requester", "requested_for", "form_version")
        return found.prefetch_related("requests__team")

    def get_context_data(self, **kwargs):
        requests = sorted(self.record.requests.all(), key=lambda one: one.pk)
        version = self.record.form_version
        answers = readable(version.questions, self.record.answers) if version else []
        return super().get_context_data(
            bundle=self.record,
            answers=answers,
            late_count=sum(one.is_open and one.is_breached for one in requests),
            rows=[(one, sentence(one)) for one in requests],
            **kwargs,
        )
