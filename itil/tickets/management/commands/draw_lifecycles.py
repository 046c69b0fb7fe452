"""Write the picture of every record's life cycle, from the table that the code walks."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from itil.tickets.lifecycle import Lifecycle, Move

FOLDER = Path(settings.BASE_DIR) / "docs" / "lifecycles"


class Command(BaseCommand):
    # Reads tables in code; the state of the site does not matter.
    requires_system_checks = []
    help = "Write docs/lifecycles/<type>.md; with --check only say whether they are fresh."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when a file is stale"
        )

    def handle(self, *args, check=False, **options):
        stale = [path for path, text in pictures().items() if written(path) != text]
        if check:
            if stale:
                names = ", ".join(path.name for path in stale)
                raise CommandError(f"Stale: {names}. Run manage.py draw_lifecycles.")
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in stale:
            path.write_text(pictures()[path], encoding="utf-8")
            self.stdout.write(f"{path.relative_to(settings.BASE_DIR)} written")


def written(path: Path) -> str | None:
    """What stands in the file now; None when there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else None


def pictures() -> dict[Path, str]:
    """The page of each type of record by the file it belongs in."""
    with translation.override("en"):
        return {FOLDER / f"{model._meta.model_name}.md": page(model) for model in records()}


def records() -> list[type[Any]]:
    """The models that have a life cycle: the types of tickets, and what is walked like them."""
    models = apps.get_models()
    return [one for one in models if isinstance(getattr(one, "LIFECYCLE", None), Lifecycle)]


def page(model: type[Any]) -> str:
    """The life cycle of one type of record in Markdown: a Mermaid diagram and two tables."""
    lifecycle = model.LIFECYCLE
    parts = [
        f"# Life cycle: {model._meta.verbose_name}",
        f"Drawn by `manage.py draw_lifecycles` from `{model._meta.app_config.name}"
        ".lifecycle`. Change the table there, never this page.",
        "```mermaid\n" + "\n".join(diagram(lifecycle)) + "\n```",
        "## Statuses",
        table(["status", "staff read", "phase", "the requester reads"], status_rows(model)),
        "## Moves",
        table(["verb", "from", "to", "who", "must be given", "checks"], move_rows(lifecycle)),
    ]
    return "\n\n".join(parts) + "\n"


def diagram(lifecycle: Lifecycle) -> list[str]:
    """The lines of a Mermaid state diagram; statuses in which nothing leaves end in [*]."""
    lines = ["stateDiagram-v2", f"    [*] --> {value(lifecycle.start)}"]
    for move in lifecycle.moves:
        lines += [
            f"    {source} --> {value(move.target)}: {move.verb}"
            for source in sources(move, lifecycle)
        ]
    lines += [
        f"    {value(status)} --> [*]"
        for status in lifecycle.phases
        if not lifecycle.moves_from(status)
    ]
    return lines


def status_rows(model: type[Any]) -> list[list[str]]:
    """A row per status; a label that holds for one reason only stands behind the general one."""
    labels = model.LIFECYCLE.public_labels
    rows = []
    for status, phase in model.LIFECYCLE.phases.items():
        special = [
            f"{labels[key]} (`{value(key).partition('/')[2]}`)"
            for key in labels
            if value(key).startswith(f"{value(status)}/")
        ]
        public = "; ".join([str(labels.get(status, "")), *special])
        rows.append([f"`{value(status)}`", model.status_label_of(status), value(phase), public])
    return rows


def move_rows(lifecycle: Lifecycle) -> list[list[str]]:
    return [
        [
            f"`{move.verb}`",
            ", ".join(f"`{source}`" for source in sources(move, lifecycle)),
            f"`{value(move.target)}`",
            ", ".join(sorted(value(actor) for actor in move.by)),
            ", ".join(f"`{need}`" for need in move.needs),
            ", ".join(guard.replace("_", " ") for guard in move.guards),
        ]
        for move in lifecycle.moves
    ]


def sources(move: Move, lifecycle: Lifecycle) -> list[str]:
    """The statuses the move leaves, in the order of the table: sets have none of their own."""
    return [value(status) for status in lifecycle.phases if status in move.sources]


def value(word: str) -> str:
    """The plain word of an enumeration's member."""
    return str(getattr(word, "value", word))


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
