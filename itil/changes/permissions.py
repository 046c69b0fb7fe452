"""Who may do what with changes, boards and templates (domain section 8)."""

from itil.changes.lifecycle import UNDONE, Status
from itil.changes.models import AdvisoryBoard, BoardMeeting, Change, ChangeTemplate
from itil.desk.permissions import may_read_notes, standing
from itil.tickets.lifecycle import Actor
from portal.people.models import User


def may_open(user: User) -> bool:
    """Open a change: agents, leads, problem and change managers."""
    grants = user.grants
    return user.is_active and (
        grants.is_agent or grants.is_problem_manager or grants.is_change_manager
    )


def may_plan(user: User | None, change: Change) -> bool:
    """Write its plans, window and people: the owner and the change manager until it is carried
    out; in a draft every agent of its team. Not while it is on hold (`CHG-2`).
    """
    if change.is_on_hold or change.status not in UNDONE:
        return False
    found = standing(user, change)
    if change.status == Status.DRAFT and Actor.AGENT in found:
        return True
    return bool(found & {Actor.OWNER, Actor.CHANGE_MANAGER, Actor.SYSTEM})


def may_read_plans(user: User, change: Change) -> bool:
    """Read its plans, reasons and votes at the desk: who reads internal texts, and who carries it
    out, of whatever team.
    """
    return may_read_notes(user, change) or user.pk in change.implementer_ids


def may_read_notes_of(user: User, change: Change) -> bool:
    """Read its internal notes: who reads those of the desk, and the members of a board that has it
    on its agenda (`c3`). Who only carries it out reads none.
    """
    return may_read_notes(user, change) or change.shares_notes_with(user)


def may_manage(user: User | None, change: Change) -> bool:
    """Assess, review, announce, put on an agenda: the change manager."""
    return bool(standing(user, change) & {Actor.CHANGE_MANAGER, Actor.SYSTEM})


def may_review(user: User | None, change: Change) -> bool:
    """Write the review: who owns it or carried it out, and the change manager."""
    wanted = {Actor.CHANGE_MANAGER, Actor.OWNER, Actor.IMPLEMENTER}
    return bool(standing(user, change) & wanted)


def may_lead(user: User, board: AdvisoryBoard) -> bool:
    """Plan meetings, write minutes: change managers, and the chair of the board."""
    if not user.is_active:
        return False
    if user.grants.is_change_manager:
        return True
    return bool(board.members.filter(user=user, is_chair=True).exists())


def may_attend(user: User, meeting: BoardMeeting) -> bool:
    """Read its agenda and minutes: staff, and the members of the board (`c3`)."""
    return bool(AdvisoryBoard.objects.visible_to(user).filter(pk=meeting.board_id).exists())


def may_propose(user: User) -> bool:
    """Propose a template of a standard change: who may open changes."""
    return may_open(user)


def may_keep_templates(user: User) -> bool:
    """Suspend and retire templates: change managers."""
    return user.is_active and user.grants.is_change_manager


def may_approve_template(user: User, template: ChangeTemplate) -> bool:
    """Agree to a proposal: change managers, but nobody to the own one (`APP-4`)."""
    return may_keep_templates(user) and template.proposed_by_id != user.pk


def may_edit_template(user: User, template: ChangeTemplate) -> bool:
    """Change a proposal: who made it, and change managers. What is in force stays as it is."""
    if template.state != ChangeTemplate.State.PROPOSED:
        return False
    return may_keep_templates(user) or (user.is_active and template.proposed_by_id == user.pk)


def may_vote_on(user: User, template: ChangeTemplate) -> bool:
    """Members of its board, but not who proposed it (`APP-4`)."""
    if template.state != ChangeTemplate.State.PROPOSED or user.pk == template.proposed_by_id:
        return False
    return bool(user.is_active and template.board.members.filter(user=user).exists())
