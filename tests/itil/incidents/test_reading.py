"""What the pages of major incidents tell to those who may not read all of it."""

import csv

from django.urls import reverse

from itil.desk import actions as desk
from itil.incidents import actions
from itil.incidents.models import MajorIncident, MajorRole
from tests import make
from tests.cast import MONDAY


def major(cast) -> MajorIncident:
    """Cleo leads it; Ned of another team holds a role; a report of Dov stands below it."""
    incident = make.taken_incident(cast)
    child = make.incident(cast, by=cast.dov, requester=cast.dov, title="Phones are dead")
    desk.set_parent(child, incident, by=cast.bo, at=MONDAY)
    actions.propose_major(incident, by=cast.bo, reason="The whole site.", at=MONDAY)
    roles = {MajorRole.TECHNICAL: cast.ned}
    found = actions.accept(incident, by=cast.cleo, owner=cast.cleo, roles=roles, at=MONDAY)
    actions.send_update(found, by=cast.cleo, text="We look for the cause.", at=MONDAY)
    return found


def test_the_updates_are_read_by_who_reads_the_conversation(cast, signed_in):
    """`c5`: a manager reads no texts; who holds a role takes part."""
    number = major(cast).incident.number
    page = reverse("incidents:major", args=[number])
    for name, tells in (("bo", True), ("ned", True), ("mia", False)):
        shown = signed_in(getattr(cast, name)).get(page)
        assert shown.status_code == 200
        assert ("We look for the cause." in shown.content.decode()) is tells


def test_what_stands_below_counts_and_is_told_as_far_as_one_may_see_it(cast, signed_in):
    """`VIS-1`: counts, too."""
    found = major(cast)
    child = found.incident.children.get()
    for name, count in (("bo", "1"), ("ned", "0")):
        client = signed_in(getattr(cast, name))
        rows = client.get(reverse("incidents:board"), {"format": "csv"})
        text = b"".join(rows.streaming_content).decode("utf-8-sig")
        [row] = csv.DictReader(text.splitlines())
        assert (row["Below it"], row["State"]) == (count, "Major incident")
        update = client.get(reverse("incidents:update", args=[found.incident.number]))
        assert (child.number in update.content.decode()) is (name == "bo")


def test_the_review_is_opened_by_who_reads_internal_texts(cast, signed_in):
    found = major(cast)
    values = {"resolution_code": "fixed", "note": "It runs."}
    desk.move(found.incident, "resolve", by=cast.bo, values=values, at=MONDAY)
    page = reverse("incidents:review", args=[found.incident.number])
    for name, status in (("cleo", 200), ("bo", 200), ("ned", 404), ("mia", 404)):
        assert signed_in(getattr(cast, name)).get(page).status_code == status
