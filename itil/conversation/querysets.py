"""Who may read which message and file."""

from django.db import models
from django.db.models import Q


class MessageQuerySet(models.QuerySet):
    def public(self):
        return self.filter(visibility="public")

    def notes_on(self, ticket):
        """The internal notes of `ticket`, the oldest first, with authors and files. Two queries."""
        notes = self.filter(ticket=ticket.pk, visibility="internal").order_by("at", "pk")
        return notes.select_related("author").prefetch_related("attachments")

    def told_on(self, ticket):
        """The conversation of `ticket`, with those of the tickets merged into it (`INC-5`).

        One statement whatever their number; each message has `ticket_number`, where it was said.
        """
        tickets = self.model._meta.get_field("ticket").related_model.objects
        return self.filter(ticket__in=tickets.with_absorbed(ticket).values("pk")).annotate(
            ticket_number=models.F("ticket__number")
        )

    def shared_with(self, user):
        """The public messages `user` reads as a person who takes part, whatever the duties.

        Requesters, watchers and contacts who see their organization. What came from a merged
        ticket is for those who take part in that one.
        """
        if not user.is_authenticated:
            return self.none()
        return self.filter(_takes_part(user), visibility="public")

    def visible_to(self, user):
        """The messages `user` may read (domain section 8, notes c4 to c6).

        Requesters, watchers and contacts who see their organization read the public part. Agents
        of the ticket's team (or of no team yet), leads, problem and change managers and
        administrators also read internal notes, and with those of a ticket what was said on the
        ones merged into it (`INC-5`).
        Managers and billing clerks read no texts unless they take part in person.
        """
        if not user.is_authenticated:
            return self.none()
        readable = _takes_part(user) & Q(visibility="public")
        grants = user.grants
        if grants.is_agent or _reads_all_notes(grants):
            # A survivor that is not confidential any more opens nothing that still is.
            kept_close = Q(ticket__is_confidential=False) | Q(
                ticket__merged_into__is_confidential=True
            )
            readable |= notes_read_by(user, "ticket__")
            readable |= notes_read_by(user, "ticket__merged_into__") & kept_close
        return self.filter(readable)


def _takes_part(user) -> Q:
    """Messages of the tickets in which `user` takes part from outside the desk."""
    person = (
        Q(ticket__requester=user)
        | Q(ticket__requested_for=user)
        | Q(ticket__in=user.watched.values("ticket"))
    )
    if user.sees_organization and user.organization_id:
        person |= Q(ticket__organization=user.organization_id, ticket__is_confidential=False)
    return person


def notes_read_by(user, ticket: str = "") -> Q:
    """Rows whose ticket, at the end of the path `ticket`, `user` reads by duty, notes included."""

    def where(**columns) -> Q:
        return Q(**{f"{ticket}{name}": value for name, value in columns.items()})

    grants = user.grants
    found = Q(pk__isnull=True)
    if _reads_all_notes(grants):
        found |= where(is_confidential=False) | where(team_id__in=grants.team_ids)
    if grants.is_agent:
        found |= (
            where(team_id__in=grants.team_ids)
            | where(team__isnull=True, is_confidential=False)
            | where(assignee=user)
        )
    return found


def _reads_all_notes(grants) -> bool:
    """By duty the notes of every ticket that is not confidential."""
    manages = grants.is_problem_manager or grants.is_change_manager
    return grants.is_lead or manages or grants.is_administrator


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The files of the messages that `user` may read."""
        messages = self.model._meta.get_field("message").related_model
        return self.filter(message__in=messages.objects.visible_to(user))
