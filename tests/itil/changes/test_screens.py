"""The admin screen of how heavily conflicts weigh."""

from django.urls import reverse

from itil.changes.models import ConflictRule


def test_an_administrator_weighs_each_kind_and_adds_or_deletes_none(cast, signed_in):
    client = signed_in(cast.root)
    page = client.get(reverse("conflict_rules:index"))
    assert page.status_code == 200
    assert "Freeze" in page.content.decode()
    assert ConflictRule.objects.count() == 5
    rule = ConflictRule.objects.get(kind="same_ci")
    edit = reverse("conflict_rules:edit", args=[rule.pk])
    assert client.get(edit).status_code == 200
    assert client.post(edit, {"severity": "block"}).status_code == 302
    rule.refresh_from_db()
    assert (rule.kind, rule.severity) == ("same_ci", "block")
    client.post(reverse("conflict_rules:delete", args=[rule.pk]))
    client.post(reverse("conflict_rules:add"), {"severity": "warn"})
    assert ConflictRule.objects.count() == 5
