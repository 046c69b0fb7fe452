"""Figures for other programs (`/reports/kpis.json`), and the keys they are read with."""

import csv
import io

import pytest
from django.core.cache import cache
from django.urls import reverse

from reports.actions.keys import renew_key
from reports.models import ReportKey, ReportSnapshot
from reports.views import export
from tests import make
from tests.cast import MONDAY

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
JSON, CSV, PAGE = (reverse(f"reports:{name}") for name in ("kpis-json", "kpis-csv", "key"))


@pytest.fixture(autouse=True)
def unhurried():
    cache.clear()


@pytest.fixture
def bearer(cast):
    make.resolved_incident(cast)
    return {"Authorization": f"Bearer {renew_key(cast.mia, at=MONDAY)}"}


def test_a_program_with_a_key_reads_every_indicator(client, bearer):
    answer = client.get(JSON, MARCH, headers=bearer)

    assert answer.status_code == 200
    told = answer.json()
    assert told["period"]["by"] == "step"
    assert told["indicators"]["received"]["points"] == [
        {"key": "2026-03", "name": "", "n": 1, "value": 1.0}
    ]


def table_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_table_has_the_indicators_that_were_asked_for(client, bearer):
    asked = MARCH | {"indicator": ["received", "resolved"], "by": "team"}
    answer = client.get(CSV, asked, headers=bearer)

    rows = table_of(answer)
    assert [(row["indicator"], row["name"], row["n"]) for row in rows] == [
        ("received", "Service desk", "1"), ("received", "", "1"),
        ("resolved", "Service desk", "1"), ("resolved", "", "1"),
    ]  # fmt: skip


def test_a_name_in_a_table_is_no_formula_for_a_spreadsheet(client, cast, bearer):
    type(cast.desk_team).objects.filter(pk=cast.desk_team.pk).update(name='=HYPERLINK("x")')
    answer = client.get(CSV, MARCH | {"indicator": "received", "by": "team"}, headers=bearer)

    assert table_of(answer)[0]["name"] == """'=HYPERLINK("x")"""


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer guessed"}, {"Authorization": "x"}]
)
def test_without_a_valid_key_nothing_is_told_nor_computed(client, bearer, header):
    answer = client.get(JSON, MARCH, headers=header)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert not ReportSnapshot.objects.exists()


def test_a_key_opens_nothing_once_its_owner_may_not_sign_in_or_lost_the_role(client, cast, bearer):
    cast.mia.memberships.all().delete()
    assert client.get(JSON, MARCH, headers=bearer).status_code == 401


def test_for_people_without_the_role_it_does_not_exist(client, cast):
    for person in (cast.ann, cast.bo, cast.cleo):
        client.force_login(person)
        assert client.get(JSON, MARCH).status_code == 404
        assert client.get(PAGE).status_code == 404
    assert not ReportKey.objects.exists()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"from": "2026-02-30", "to": "2026-03-31"}, "errors"),
        (MARCH | {"by": "agent"}, "errors"),
        (MARCH | {"by": "mood"}, "errors"),
        (MARCH | {"indicator": "happiness"}, "detail"),
    ],
)
def test_what_makes_no_sense_is_named(client, bearer, asked, told):
    answer = client.get(JSON, asked, headers=bearer)
    assert answer.status_code == 400
    assert told in answer.json()


def test_it_is_asked_so_often_and_no_oftener(client, bearer, monkeypatch):
    monkeypatch.setattr(export, "MOST_A_MINUTE", 1)
    first, second = (client.get(JSON, {}, headers=bearer).status_code for _time in range(2))
    assert (first, second) == (400, 429)


def test_a_key_is_shown_once_renewed_and_revoked(client, cast):
    client.force_login(cast.mia)
    first = client.post(PAGE, {"do": "renew"})
    key = first.context["secret"]

    assert key in first.content.decode()
    assert first["Cache-Control"] == "no-store"
    assert key not in client.get(PAGE).content.decode()
    assert key not in str(ReportKey.objects.values())
    client.post(PAGE, {"do": "renew"})
    assert client.get(JSON, headers={"Authorization": f"Bearer {key}"}).status_code == 401
    client.post(PAGE, {"do": "revoke"})
    assert not ReportKey.objects.exists()
