"""Rooms that hold rules have their tests in the same place under tests/."""

from pathlib import Path

from tests.layout.tree import PACKAGES, files, python_files, read

RULES = {"actions", "lifecycle", "permissions", "clock", "metrics"}


def rooms():
    """(app folder, room, module or "") of every file that holds rules."""
    for path in python_files():
        parts = path.parts
        if parts[0] not in PACKAGES or path.name == "__init__.py":
            continue
        if path.stem in RULES:
            yield path.parent, path.stem, ""
        elif path.parent.name in RULES:
            yield path.parent.parent, path.parent.name, path.stem


def mirrors(app: Path, room: str, module: str) -> list[Path]:
    """Where the tests of a room may stand: one file for the room or, for a room that is a folder,
    one for each module."""
    home = Path("tests") / app
    whole = home / f"test_{room}.py"
    if not module:
        return [whole]
    return [
        home / room / f"test_{module}.py",
        home / f"test_{room}_{module}.py",
        home / f"test_{module}.py",
        whole,
    ]


def test_every_room_of_rules_has_its_mirror():
    there = {path for path in files() if "def test_" in read(path)}
    missing = [
        str(candidates[0])
        for candidates in (mirrors(*room) for room in rooms())
        if not there.intersection(candidates)
    ]
    assert missing == [], "\n".join(missing)
