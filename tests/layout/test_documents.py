"""Documents say what is there."""

import re
from pathlib import Path

from tests.layout.tree import ROOT, files, python_files, read

# The three ways in which the settings read a variable.
VARIABLE = re.compile(r"(?:environ(?:\.get)?[\[(]|\bflag\(|\bwords\()\s*\"([A-Z_]+)\"")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
# For the suite alone.
TESTS_ONLY = {"BALIE_TEST_DB"}


def test_every_variable_of_the_settings_is_in_the_operations_guide():
    guide = read(Path("docs/operations.md"))
    settings = [path for path in python_files() if path.parts[:2] == ("portal", "settings")]
    names = {name for path in settings for name in VARIABLE.findall(read(path))} - TESTS_ONLY
    missing = sorted(name for name in names if f"`{name}`" not in guide)
    assert missing == [], "\n".join(missing)


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{path}: {target}"
        for path in files()
        if path.suffix == ".md"
        for target in LINK.findall(read(path))
        if not (ROOT / path.parent / target).exists()
    ]
    assert broken == [], "\n".join(broken)
