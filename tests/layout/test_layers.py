"""What the import contracts cannot see: string foreign keys and apps that nobody named."""

from django.apps import apps

from tests.layout.tree import PACKAGES, layers


def our_apps():
    return [app for app in apps.get_app_configs() if app.name.partition(".")[0] in PACKAGES]


def points_up(source: str, target: str) -> bool:
    """True when the app `source` may not know the app `target`."""
    if source == target:
        return False
    source_rank, siblings_may = layers()[source]
    target_rank, _ = layers()[target]
    return target_rank < source_rank or (target_rank == source_rank and not siblings_may)


def test_every_app_of_ours_has_its_place_in_the_layers():
    found = [app.name for app in our_apps() if app.name not in layers()]
    assert found == [], "\n".join(found)


def test_foreign_keys_point_down():
    ours = {app.name for app in our_apps()}
    found = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for app in our_apps()
        for model in app.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if field.related_model._meta.app_config.name in ours
        if points_up(app.name, field.related_model._meta.app_config.name)
    ]
    assert found == [], "\n".join(found)


def test_a_key_from_tickets_to_invoices_would_be_found():
    assert points_up("itil.tickets", "billing.invoices")
    assert points_up("itil.sla", "itil.conversation")
    assert not points_up("billing.invoices", "itil.tickets")
