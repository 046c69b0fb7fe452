"""What has to hold before a change takes a step: the checks that its life cycle names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.approvals.clock import weekdays
from itil.approvals.models import Source
from itil.calendars.hours import SAME_TIME, business_days
from itil.changes.lifecycle import ChangeType, ConflictStatus, Outcome
from itil.tasks.models import Task
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import LinkType
from portal.people.models import User

from .board import AdvisoryBoard
from .review import PostImplementationReview
from .risk import RiskFormulaVersion
from .template import ChangeTemplate

if TYPE_CHECKING:
    from .change import Change


class Guards:
    """The guards of a change. Each raises what the refusal is, and may add to `values` what the
    step writes.
    """

    def guard_described(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """It says what is changed, why, by which steps and when."""
        if not self.reason.strip():
            raise MissingValue("reason", _("Say why the change is needed."))
        if self.service_id is None and not self.item_links.exists():
            raise MissingValue("service", _("Name the service or an item that is changed."))
        if not self.plan.strip():
            raise MissingValue("plan", _("Write how it is carried out."))
        if self.planned_start is None or self.planned_end is None:
            raise MissingValue("planned_start", _("Choose when it starts and ends."))

    def guard_plans(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """The plans that its risk asks for are written, and the questions answered (`CHG-7`)."""
        for name in self.needed_plans:
            if not getattr(self, name).strip():
                label = self._meta.get_field(name).verbose_name
                raise MissingValue(name, _("Write the %(plan)s.") % {"plan": label})
        version = RiskFormulaVersion.in_force()
        if version is not None and version.content.unanswered(self.risk_answers):
            raise MissingValue("risk_answers", _("Answer all questions about the risk."))

    def guard_peers(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """Technical peers agreed, where the authority matrix asks for some."""
        if self.peers_agreed_at is None and self.is_asked_by_peers:
            raise Refused(_("No technical peer has agreed to it yet."))

    def guard_assessed(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """Its risk was computed and its conflicts were looked for."""
        if not self.risk:
            raise MissingValue("risk", _("Assess the risk first."))
        if self.conflicts_checked_at is None:
            raise Refused(_("Look for conflicts with other changes first."))

    def guard_warnings(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """Conflicts that only warn were looked at by the change manager (`CHG-3`)."""
        if self.conflict_status == ConflictStatus.WARNING:
            raise Refused(_("Accept the conflicts with a reason, or move the window, first."))

    def guard_conflicts(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """Nothing forbids its window."""
        if self.conflict_status == ConflictStatus.BLOCKED:
            raise Refused(
                _("A conflict forbids this window. Choose another one, or resolve the conflict.")
            )

    def guard_urgent(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """An emergency says why it cannot wait, and what it answers to."""
        if not self.urgency_reason.strip():
            raise MissingValue("urgency_reason", _("Say why it cannot wait."))
        answered = self.links_in.filter(type=LinkType.FIXED_BY).exists()
        related = self.links_out.filter(target__kind__in=("incident", "problem")).exists()
        if not (answered or related or self.security_reason.strip()):
            raise MissingValue(
                "security_reason",
                _("Link the incident or problem that it answers, or give a security reason."),
            )

    def guard_template(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """The template is in force, and nothing of it was changed but what it allows (`CHG-6`)."""
        template = self.template
        if template is None:
            raise MissingValue("template", _("Choose a template."))
        today = timezone.localdate(values["at"])
        if not template.is_usable or template.review_on < today:
            raise Refused(
                _("The template “%(name)s” is not in force: %(state)s.")
                % {
                    "name": template,
                    "state": template.get_state_display()
                    if not template.is_usable
                    else ChangeTemplate.State.EXPIRED.label,
                }
            )
        for name in template.differences(self):
            label = self._meta.get_field(name).verbose_name
            raise MissingValue(
                name, _("The template does not allow to change: %(field)s.") % {"field": label}
            )

    def guard_authority(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """The last run of its approvals agreed to it as it is (section 7)."""
        if not self.has_authority:
            raise Refused(_("%(number)s is not authorized.") % {"number": self.number})

    def guard_votable(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """Somebody is named who authorizes changes of its type and risk."""
        authority = self.authority
        words = {"type": self.get_change_type_display(), "risk": self.get_risk_display() or "–"}
        if authority is None:
            raise Refused(
                _(
                    "Nobody is named who authorizes changes of the type “%(type)s” and the risk "
                    "“%(risk)s”. An administrator does that in the matrix of authorities."
                )
                % words
            )
        steps = authority.policy.steps.all()
        if not steps:
            raise Refused(_("The policy “%(policy)s” asks nobody.") % {"policy": authority.policy})
        asks_board = any(step.source == Source.BOARD for step in steps)
        if asks_board and AdvisoryBoard.objects.for_change(self) is None:
            raise Refused(
                _(
                    "No board decides changes of the type “%(type)s” and the risk “%(risk)s”. "
                    "An administrator adds a rule to a board."
                )
                % words
            )

    def guard_start(self: "Change", values: dict[str, Any], by: User | None) -> None:
        """Now is its time; at another one the change manager says why."""
        self.guard_conflicts(values, by)
        at = values["at"]
        values["actual_start"] = at
        if self.is_in_window(at):
            return
        if by is None or not by.grants.is_change_manager:
            raise NotAllowed(
                _(
                    "It is not planned for now. Ask the change manager to start it outside its "
                    "window."
                )
            )
        if not str(values.get("note") or "").strip():
            raise MissingValue("note", _("Say why it starts outside its window."))
        values["outside_window"] = True

    def guard_spoken(self: "Change", values: dict[str, Any], by: User | None) -> None:
        """Somebody else than those who do it said yes; the board confirms within a business day."""
        person, said_at, at = values["verbal_authoriser"], values["verbal_at"], values["at"]
        if self.asked_at is not None and self.has_authority:
            raise Refused(_("%(number)s is authorized already.") % {"number": self.number})
        if not isinstance(person, User) or not person.is_active:
            raise MissingValue("verbal_authoriser", _("Choose who authorized it."))
        if person.pk in {self.assignee_id, *self.implementer_ids}:
            raise MissingValue(
                "verbal_authoriser",
                _("Nobody authorizes the own change. Choose who else agreed."),
            )
        if said_at > at:
            raise MissingValue("verbal_at", _("Enter a time that is not in the future."))
        values |= {
            "verbal_authoriser_id": person.pk,
            "actual_start": at,
            "is_retrospective": True,
            "confirm_by": business_days(
                weekdays(ZoneInfo(settings.BUSINESS_TIME_ZONE)),
                at,
                settings.CHANGE_CONFIRMATION_BUSINESS_DAYS,
                SAME_TIME,
            ),
        }

    def guard_finish(self: "Change", values: dict[str, Any], by: User | None) -> None:
        """Every task has ended, with its result."""
        left = Task.objects.of(self).live().count()
        if left:
            raise Refused(
                ngettext(
                    "%(count)d task has not ended yet. Finish it, or say why it failed.",
                    "%(count)d tasks have not ended yet. Finish them, or say why they failed.",
                    left,
                )
                % {"count": left}
            )
        values["actual_end"] = values["at"]
        if values.get("items_updated"):
            values["items_updated_at"] = values["at"]

    def guard_close(self: "Change", values: Mapping[str, Any], by: User | None) -> None:
        """What must be learned is written down, and the items are as they are described."""
        if by is None and not (
            self.change_type == ChangeType.STANDARD and self.outcome == Outcome.SUCCESSFUL
        ):
            raise NotAllowed(_("A person closes this change."))
        if self.caused_incident and self.outcome == Outcome.SUCCESSFUL:
            raise MissingValue(
                "outcome",
                _("It caused an incident, so it was not simply successful. Change the outcome."),
            )
        if self.needs_review and not PostImplementationReview.objects.filter(change=self).exists():
            raise MissingValue("review", _("Write the post-implementation review first."))
        if self.items_updated_at is None and self.item_links.exists():
            raise MissingValue(
                "items_updated_at",
                _("Confirm that the changed items are described as they are."),
            )
        if self.is_retrospective and self.confirmed_at is None and not self.is_unauthorised:
            raise Refused(_("The emergency board has not confirmed this change yet."))
