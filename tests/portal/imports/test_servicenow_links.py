"""What the incidents of an audit log belong to: problems, changes, items."""

import io

import pytest
from django.core.management import call_command

from itil.problems.models import Problem
from itil.tickets.models import Ticket, TicketEvent, TicketItem, TicketLink

from . import logs

pytestmark = pytest.mark.django_db
NAMED = {
    "problem_id": "Problem ID  2",
    "rfc": "CHG0000132",
    "caused_by": "CHG0000097",
    "cmdb_ci": "cmdb_ci 49",
}


def run(path) -> str:
    out = io.StringIO()
    call_command("import_servicenow", str(path), stdout=out)
    return out.getvalue()


def test_named_records_are_made_and_linked_once(tmp_path):
    path = logs.write(tmp_path / "log.csv", [{**row, **NAMED} for row in logs.story()])
    run(path)

    incident = Ticket.objects.get(kind="incident")
    links = incident.links_out.values_list("type", "target__kind", "target__title")
    assert set(links) == {
        ("caused_by", "problem", "Problem ID 2"),
        ("fixed_by", "change", "CHG0000132"),
        ("caused_by", "change", "CHG0000097"),
    }
    assert [link.item.name for link in incident.item_links.all()] == ["cmdb_ci 49"]
    problem = Problem.objects.get()
    assert (problem.status, problem.source_reference) == ("new", "servicenow:Problem ID 2")
    assert problem.events.get().data["imported"]
    models = (Ticket, TicketEvent, TicketLink, TicketItem)
    before = [model.objects.count() for model in models]

    said = run(path)

    assert [model.objects.count() for model in models] == before
    assert "0 problems, 0 changes, 0 items, 0 links" in said
