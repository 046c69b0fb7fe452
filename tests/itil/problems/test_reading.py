"""What the pages of problems tell to those who read no texts, and of secrets."""

from django.urls import reverse

from itil.problems import actions
from itil.problems.models import Problem
from itil.problems.timeline import reach_of
from itil.tickets import actions as tickets
from itil.tickets.models import LinkType, Ticket
from tests import make
from tests.cast import MONDAY

from .world import problem, problem_in

FORMS = ("analysis", "whys", "fishbone", "review", "workaround", "known_error", "link", "solve")


def test_a_manager_reads_where_a_problem_stands_and_no_text_of_it(cast, signed_in):
    """`c5`: lists without texts."""
    found = problem_in(cast, "root_cause_analysis", symptoms="The disk is full.")
    actions.write_workaround(found, by=cast.bo, text="Empty the bin.", at=MONDAY)
    page = reverse("problems:problem", args=[found.number])
    for reader, tells in ((cast.mia, False), (cast.bo, True)):
        shown = signed_in(reader).get(page)
        assert shown.status_code == 200
        for text in ("The disk is full.", "Empty the bin."):
            assert (text in shown.content.decode()) is tells
        for name in FORMS:
            asked = signed_in(reader).get(reverse(f"problems:{name}", args=[found.number]))
            assert (asked.status_code == 200) is tells, name


def test_a_secret_incident_is_in_no_total_of_a_problem(cast):
    """`VIS-3`: counted in totals only when there are many."""
    found = problem(cast)
    plain, hidden = make.incident(cast), make.incident(cast, is_confidential=True)
    for incident in (plain, hidden):
        tickets.link(incident, found, LinkType.CAUSED_BY, by=cast.bo, at=MONDAY)
    reach = reach_of(found)
    assert (reach.incidents, reach.open) == (1, 1)
    row = Problem.objects.with_incident_counts().get(pk=found.pk)
    assert (row.incident_count, row.open_incident_count) == (1, 1)


def test_the_totals_of_a_secret_problem_hold_its_secrets(cast):
    found = problem(cast)
    hidden = make.incident(cast, is_confidential=True)
    tickets.link(hidden, found, LinkType.CAUSED_BY, by=cast.bo, at=MONDAY)
    Ticket.objects.filter(pk=found.pk).update(is_confidential=True)
    row = Problem.objects.with_incident_counts().get(pk=found.pk)
    assert (row.incident_count, row.open_incident_count) == (1, 1)
    assert reach_of(row).incidents == 1
