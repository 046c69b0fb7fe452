"""What the page of a release tells to those who may not read all of it."""

from django.urls import reverse

from itil.releases import actions
from itil.releases.models import Release
from itil.tickets.models import Ticket
from tests.cast import MONDAY
from tests.itil.changes.plans import planned


def test_a_release_names_the_changes_that_its_reader_may_see(world, signed_in):
    """`VIS-1`: Bo owns the release, into which the change manager put one of another team."""
    other = planned(world.cast, title="Swap the switch")
    Ticket.objects.filter(pk=other.pk).update(team=world.cast.network_team, requester=world.mara)
    actions.add_change(world.release, other, by=world.mara, at=MONDAY)
    page = reverse("releases:release", args=[world.release.number])
    for reader, tells in ((world.cast.bo, False), (world.mara, True)):
        shown = signed_in(reader).get(page).content.decode()
        assert ("Swap the switch" in shown) is tells
        assert (other.number in shown) is tells
        assert world.change.number in shown
        history = signed_in(reader).get(world.release.get_absolute_url()).content.decode()
        assert (f"put {other.number} in" in history) is tells


def test_a_manager_reads_how_far_a_release_is_and_no_text_of_it(world, signed_in):
    """`c5`: lists without texts."""
    Release.objects.filter(pk=world.release.pk).update(
        scope="All of autumn.", exit_criteria="214 checks pass."
    )
    number = world.release.number
    for reader, tells in ((world.cast.mia, False), (world.cast.bo, True)):
        client = signed_in(reader)
        shown = client.get(reverse("releases:release", args=[number]))
        assert "Pilot" in shown.content.decode()
        for text in ("All of autumn.", "214 checks pass."):
            assert (text in shown.content.decode()) is tells
        for name in ("add_wave", "add_change", "decide"):
            asked = client.get(reverse(f"releases:{name}", args=[number]))
            assert (asked.status_code == 200) is tells
