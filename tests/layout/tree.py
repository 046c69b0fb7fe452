"""The checkout as these tests read it: its files, and the layers named in pyproject.toml."""

import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "catalog", "itil", "knowledgebase", "reports", "billing")
# What is made on the spot and never tracked; matters only where git is not there to ask.
MADE = {
    ".git", ".venv", "node_modules", "build", "var", "__pycache__", ".pytest_cache",
    ".ruff_cache", ".mypy_cache", ".import_linter_cache", ".hypothesis",
}  # fmt: skip


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: tracked, or new and not ignored."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        found = [Path(name) for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        # An unpacked archive, or a machine without git.
        found = [
            path.relative_to(ROOT)
            for path in ROOT.rglob("*")
            if not MADE.intersection(path.relative_to(ROOT).parts)
        ]
    return tuple(sorted(path for path in found if (ROOT / path).is_file()))


def python_files() -> list[Path]:
    """Our own Python; migrations are written by a command."""
    return [path for path in files() if path.suffix == ".py" and "migrations" not in path.parts]


def templates() -> list[Path]:
    return [path for path in files() if path.suffix == ".html" and "templates" in path.parts]


def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def layers() -> dict[str, tuple[int, bool]]:
    """Rank of each app (1 is the top) and whether the siblings of its row may use each other."""
    settings = tomllib.loads(read(Path("pyproject.toml")))["tool"]["importlinter"]
    contract = next(c for c in settings["contracts"] if c["name"].startswith("Apps:"))
    ranks = {}
    for rank, row in enumerate(contract["layers"], start=1):
        open_row = ":" in row
        for name in row.replace("|", ":").split(":"):
            ranks[name.strip().strip("()")] = (rank, open_row)
    return ranks
