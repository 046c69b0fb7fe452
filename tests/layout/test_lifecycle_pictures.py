"""The pictures in docs/lifecycles are drawn from the tables that the code walks."""

from django.core.management import call_command

from itil.tickets.management.commands.draw_lifecycles import FOLDER, diagram, pictures, records


def test_the_pictures_are_fresh():
    call_command("draw_lifecycles", "--check")


def test_there_is_a_picture_of_every_life_cycle_and_no_other():
    assert sorted(FOLDER.glob("*.md")) == sorted(pictures())


def test_a_picture_has_an_arrow_for_every_row_and_source_of_the_table():
    for model in records():
        arrows = [line for line in diagram(model.LIFECYCLE) if line.count(": ") == 1]
        assert len(arrows) == sum(len(move.sources) for move in model.LIFECYCLE.moves)


def test_every_guard_that_a_table_names_is_a_method_of_its_records():
    missing = [
        f"{model.__name__}.guard_{guard}"
        for model in records()
        for move in model.LIFECYCLE.moves
        for guard in move.guards
        if not callable(getattr(model, f"guard_{guard}", None))
    ]
    assert missing == [], "\n".join(missing)
