"""Pages to write down what is found out."""

from abc import ABC, abstractmethod

from django.utils.translation import gettext_lazy

from itil.problems import actions
from itil.problems.forms import (
    AnalysisForm,
    CauseFormSet,
    ReviewForm,
    WhyFormSet,
    WorkaroundForm,
)
from itil.problems.permissions import may_analyse
from portal.ui.pages import version_shown

from .records import ProblemAction


class Versioned(ProblemAction):
    """Saves texts of the problem if nobody was faster; what was typed stays when somebody was."""

    def get_form(self):
        if self.request.method == "POST":
            return self.form_class(self.request.POST)
        fields = self.form_class.base_fields
        return self.form_class(initial={name: getattr(self.record, name) for name in fields})

    def show(self, form, status=200):
        if status == 409:
            # Saving again then goes by the state just read.
            form.data = form.data.copy()
            form.data["version"] = self.record.version
        return super().show(form, status)

    def perform(self, form):
        values = dict(form.cleaned_data)
        version = values.pop("version")
        return self.verb(self.record, by=self.request.user, version=version, changes=values)


class Analysis(Versioned):
    form_class = AnalysisForm
    title = gettext_lazy("Symptoms and cause")
    success_message = gettext_lazy("Saved.")
    verb = staticmethod(actions.edit_analysis)


class Review(Versioned):
    form_class = ReviewForm
    title = gettext_lazy("Review")
    success_message = gettext_lazy("The review is saved.")
    verb = staticmethod(actions.save_review)


class Rows(ProblemAction, ABC):
    """Ordered rows; every saved page shows a few empty ones more."""

    template_name = "itil/problems/rows.html"
    success_message = gettext_lazy("Saved.")
    formset_class = None

    @abstractmethod
    def rows(self):
        """The present rows, as the formset takes them."""

    @abstractmethod
    def save(self, rows, version):
        """Keep the rows in place of the present ones, if those are still of `version`."""

    def get_form(self):
        if self.request.method == "POST":
            return RowsForm(self.formset_class(self.request.POST, prefix="rows"))
        return RowsForm(self.formset_class(initial=self.rows(), prefix="rows"))

    def get_context_data(self, **kwargs):
        version = self.request.POST.get("version") or self.record.version
        return super().get_context_data(version=version, **kwargs)

    def perform(self, form):
        rows = [one.cleaned_data for one in form.formset if one.cleaned_data]
        return self.save(rows, version_shown(self.request.POST))


class RowsForm:
    """A formset, as the action page wants a form: one place for what was refused."""

    def __init__(self, formset):
        self.formset = formset
        self.fields = {}
        self.refused = []

    @property
    def data(self):
        return self.formset.data

    def is_valid(self):
        return self.formset.is_valid()

    def add_error(self, _field, text):
        self.refused.append(text)

    @property
    def errors(self):
        return {"": self.refused} if self.refused else {}


class Whys(Rows):
    title = gettext_lazy("Five whys")
    formset_class = WhyFormSet

    def rows(self):
        return list(self.record.whys.values("question", "answer"))

    def save(self, rows, version):
        pairs = [(row.get("question", ""), row.get("answer", "")) for row in rows]
        return actions.save_whys(self.record, pairs, by=self.request.user, version=version)


class Fishbone(Rows):
    title = gettext_lazy("Fishbone")
    formset_class = CauseFormSet

    def rows(self):
        names = {True: "yes", False: "no", None: ""}
        return [
            {"branch": one.branch, "text": one.text, "is_confirmed": names[one.is_confirmed]}
            for one in self.record.causes.all()
        ]

    def save(self, rows, version):
        causes = [(row["branch"], row["text"], row["is_confirmed"]) for row in rows]
        return actions.save_causes(self.record, causes, by=self.request.user, version=version)


class WriteWorkaround(ProblemAction):
    form_class = WorkaroundForm
    title = gettext_lazy("Workaround")
    success_message = gettext_lazy("The new version is saved. Nobody has been told yet.")

    def get_form_kwargs(self):
        last = self.record.workarounds.first()
        return super().get_form_kwargs() | {"initial": {"text": last.text if last else ""}}

    def get_context_data(self, **kwargs):
        may = may_analyse(self.request.user, self.record)
        return super().get_context_data(may=may, **kwargs)

    def perform(self, form):
        return actions.write_workaround(self.record, by=self.request.user, **form.cleaned_data)
