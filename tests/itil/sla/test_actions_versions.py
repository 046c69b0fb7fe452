"""Each version of an agreement is kept whole."""

import json

import pytest
from django.db import transaction

from itil.sla.actions import versions
from itil.sla.errors import AgreementSavedMeanwhile
from itil.sla.models import Agreement
from tests.cast import HOUR


@pytest.fixture
def standard(cast) -> Agreement:
    return Agreement.objects.get(pk=cast.agreement.pk)


def test_a_definition_says_everything(standard, cast):
    standard.organization = cast.acme
    standard.steps.create(percent=100, action="hand_over", team=cast.network_team)
    found = versions.definition_of(standard)
    editable = {field.name for field in Agreement._meta.concrete_fields} - {"id"}
    assert editable <= set(found)
    assert found["organization"] == {"id": cast.acme.pk, "name": "Acme"}
    assert found["calendar"]["edition"] == str(cast.calendar.edition)
    assert found["steps"][0]["team"] == {"id": cast.network_team.pk, "name": "Network"}
    assert len(found["targets"]) == 15
    row_fields = {field.name for field in standard.targets.model._meta.concrete_fields}
    assert row_fields - {"id", "agreement"} == set(found["targets"][0])
    assert json.loads(json.dumps(found)) == found


def test_a_kept_version_stays_as_it_was(standard, cast):
    versions.keep(standard, by=cast.root)
    row = standard.targets.get(metric="resolution", priority=1)
    row.seconds = HOUR
    row.save()
    standard.name = "Bronze"
    standard.save()
    versions.keep(standard, by=cast.mia)
    kept = list(versions.versions_of(standard))
    assert [(one.number, one.by, one.definition["name"]) for one in kept] == [
        (2, "Mia", "Bronze"),
        (1, "Root", "Standard"),
    ]
    first = [row for row in kept[1].definition["targets"] if row["metric"] == "resolution"][0]
    assert first["seconds"] == 4 * HOUR


def test_a_version_made_by_a_command_is_kept_before_it_is_replaced(standard):
    standard.name = "Not yet saved"
    versions.keep_former(standard)
    versions.keep_former(standard)
    (found,) = versions.versions_of(standard)
    assert (found.number, found.is_found, found.by) == (1, True, "")
    assert found.definition["name"] == "Standard"


def test_who_comes_second_is_refused(standard, cast):
    other = Agreement.objects.get(pk=standard.pk)
    standard.save()
    versions.keep(standard, by=cast.root)
    with pytest.raises(AgreementSavedMeanwhile, match="Root saved this"), transaction.atomic():
        versions.claim(other)
    with transaction.atomic():
        versions.claim(standard)


def test_a_deleted_agreement_cannot_be_saved_over(standard):
    Agreement.objects.all().delete()
    with pytest.raises(AgreementSavedMeanwhile), transaction.atomic():
        versions.claim(standard)
