"""A list of items as a file: tried, carried out, and a second time without effect."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from itil.cmdb import actions
from itil.cmdb.errors import Refused
from itil.cmdb.models import ConfigurationItem, ItemEvent, ItemImport
from itil.cmdb.parse import read_sheet
from portal.ui.sheets import SheetError, read_text
from tests.cast import MONDAY

from .things import item, kind

LIST = """Inventory number;Name;Class;Organization;Status;Held by;Cost
H-1;Laptop 1;Laptop;Acme;in_use;ann@acme.example;1200,50
H-2;Laptop 2;Laptop;Halden;;;
H-3;Laptop 3;Spaceship;Halden;;;
;Laptop 4;Laptop;Halden;;;
H-1;Laptop 1 again;Laptop;Acme;;;
H-5;Laptop 5;Laptop;Acme;in_use;dov@globex.example;
"""


def outcomes(tried):
    return [(line, outcome) for line, outcome, _name, _what in tried.result["lines"]]


def tried_import(cast, text=LIST):
    return actions.try_import(by=cast.bo, file_name="list.csv", text=text, at=MONDAY)


def test_trying_changes_nothing_and_says_what_would_happen(cast):
    kind("Laptop")
    tried = tried_import(cast)
    assert not ConfigurationItem.objects.exists()
    assert not ItemEvent.objects.exists()
    assert tried.key == "asset_tag"
    assert outcomes(tried) == [
        (2, "created"), (3, "created"), (4, "refused"), (5, "refused"), (6, "refused"),
        (7, "refused"),
    ]  # fmt: skip
    why = {line: reason for line, reason, _cells in tried.result["rejects"]}
    assert "no class “Spaceship”" in why[4]
    assert "Line 2 has the same inventory number" in why[6]
    assert "belongs to Globex" in why[7]


def test_it_is_carried_out_once_and_a_second_file_changes_nothing(cast):
    kind("Laptop")
    tried = tried_import(cast)
    actions.carry_out(tried, by=cast.bo, at=MONDAY)
    first = ConfigurationItem.objects.get(asset_tag="H-1")
    assert (first.held_by, str(first.cost), first.organization) == (
        cast.ann, "1200.50", cast.acme,
    )  # fmt: skip
    assert ConfigurationItem.objects.count() == 2
    events = ItemEvent.objects.count()
    with pytest.raises(Refused):
        actions.carry_out(tried, by=cast.bo, at=MONDAY)

    again = actions.carry_out(tried_import(cast), by=cast.bo, at=MONDAY)
    assert again.result["created"] == again.result["changed"] == 0
    assert again.result["same"] == 2
    assert ItemEvent.objects.count() == events


def test_a_known_item_gets_what_the_file_has_and_keeps_the_rest(cast):
    thing = item(cast, "srv", columns={"serial": "S-1", "vendor": "Old"})
    text = "serial,vendor,name,status,warranty_until\nS-1,New,,in_repair,2027-01-31\n"
    done = actions.carry_out(tried_import(cast, text), by=cast.bo, at=MONDAY)
    thing.refresh_from_db()
    assert outcomes(done) == [(2, "changed")]
    assert (thing.vendor, thing.name, thing.status) == ("New", "srv", "in_repair")
    assert thing.warranty_until.isoformat() == "2027-01-31"


def test_a_dash_takes_the_item_back(cast):
    thing = item(cast, "srv", columns={"serial": "S-1"})
    actions.hand_over(thing, cast.bo, by=cast.bo, at=MONDAY)
    actions.carry_out(tried_import(cast, "serial,held_by\nS-1,-\n"), by=cast.bo, at=MONDAY)
    thing.refresh_from_db()
    assert thing.held_by is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("color,name\nred,a\n", "Unknown columns: color"),
        ("class,organization\nServer,Halden\n", "by which items are found again"),
        ("name,item\na,b\n", "Named twice: name"),
        ("name\n", "no lines below"),
        ('name\n"a\n', "cannot be read as CSV"),
    ],
)
def test_wrong_columns_are_explained(text, words):
    with pytest.raises(SheetError) as error:
        read_sheet(text)
    assert words in str(error.value)


def test_a_file_that_is_no_text_is_refused():
    with pytest.raises(SheetError):
        read_text(b"\xff\xfe\x00bad")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("serial,cost\nS-1,much\n", "decimal"),
        ("serial,purchased_on\nS-1,31.12.2026\n", "Write it as 2026-03-31"),
        ("serial,criticality\nS-1,huge\n", "Known: 1, 2, 3"),
        ("serial,owner\nS-1,nobody@x.example\n", "Nobody has the address"),
        ("serial,location\nS-1,Atlantis\n", "no location"),
        ("serial,status\nS-1,planned\n", "cannot become"),
        ("number,name\nCI-999999,x\n", "No item has the number"),
        ("serial,name\nS-1,x,too,many\n", "cells"),
        ("serial,own.memory\nS-9,1\n", "needs a value"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_with_its_reason(cast, cell, words):
    thing = item(cast, "srv", columns={"serial": "S-1"})
    tried = actions.carry_out(tried_import(cast, cell), by=cast.bo, at=MONDAY)
    ((_line, why, _cells),) = tried.result["rejects"]
    assert words in why
    thing.refresh_from_db()
    assert thing.version == 1


def test_an_agent_uploads_looks_carries_out_and_fetches_the_rejects(cast, signed_in):
    kind("Laptop")
    client, url = signed_in(cast.bo), reverse("cmdb:upload")

    def upload(content):
        return client.post(url, {"file": SimpleUploadedFile("l.csv", content), "key": ""})

    assert upload(b"color\nred\n").status_code == 422
    assert upload(b"\xff\xfe\x00").status_code == 422
    assert client.post(url, {}).status_code == 422
    assert not ItemImport.objects.exists()
    upload(LIST.encode())
    kept = ItemImport.objects.get()
    page = reverse("cmdb:import", args=[kept.uuid])
    assert "Nothing has happened yet" in client.get(page).text
    client.post(page)
    assert ConfigurationItem.objects.count() == 2
    assert "Carried out" in client.get(page).text
    client.post(page)
    assert ConfigurationItem.objects.count() == 2
    rejects = client.get(reverse("cmdb:rejects", args=[kept.uuid])).content.decode()
    assert rejects.splitlines()[0].endswith("line,why")
    assert len(rejects.splitlines()) == 5
    # What was refused is mended in that very file, reasons and all, and uploaded again.
    upload(rejects.encode())
    assert ItemImport.objects.count() == 2
    assert signed_in(cast.ann).get(page).status_code == 404


def test_the_command_tries_first_and_does_it_when_told_to(cast, tmp_path, capsys):
    kind("Laptop")
    file = tmp_path / "list.csv"
    file.write_text(LIST)
    call_command("import_items", file, by=cast.bo.email)
    assert not ConfigurationItem.objects.exists()
    call_command("import_items", file, by=cast.bo.email, yes=True)
    assert ConfigurationItem.objects.count() == 2
    assert "2 created, 0 changed, 0 same, 4 refused" in capsys.readouterr().out
    for wrong in ({"by": cast.ann.email}, {"by": "nobody@x.example"}):
        with pytest.raises(CommandError):
            call_command("import_items", file, **wrong)
    with pytest.raises(CommandError):
        call_command("import_items", tmp_path / "none.csv", by=cast.bo.email)
