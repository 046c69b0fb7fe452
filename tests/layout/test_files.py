"""Files stay small, have a name that says what is in them, and are our own."""

from tests.layout.tree import PACKAGES, files, python_files, read, templates

LONGEST_PYTHON = 400
LONGEST_TEMPLATE = 150
# A file with such a name holds a concept that has not been named yet.
NAMELESS = {
    "base", "common", "helper", "helpers", "lib", "misc", "selectors", "services", "signals",
    "tools", "util", "utils",
}  # fmt: skip
NOT_OURS = {"node_modules", "vendor", "site-packages", "bower_components", "third_party"}
NOT_SOURCE = (".min.js", ".min.css", ".js.map", ".css.map", ".woff2", ".ttf", ".whl", ".pyc")


def too_long(paths, limit):
    lengths = ((path, len(read(path).splitlines())) for path in paths)
    return [f"{path}: {length} lines" for path, length in lengths if length > limit]


def test_no_python_file_is_longer_than_400_lines():
    found = too_long(python_files(), LONGEST_PYTHON)
    assert found == [], "\n".join(found)


def test_no_template_is_longer_than_150_lines():
    found = too_long(templates(), LONGEST_TEMPLATE)
    assert found == [], "\n".join(found)


def test_every_python_file_has_a_telling_name():
    allowed = "portal/settings/base.py"
    nameless = [
        str(path)
        for path in python_files()
        if path.parts[0] in PACKAGES and path.stem in NAMELESS and str(path) != allowed
    ]
    assert nameless == [], "\n".join(nameless)


def test_no_code_of_others_is_kept():
    strangers = [
        str(path)
        for path in files()
        if NOT_OURS.intersection(path.parts) or path.name.endswith(NOT_SOURCE)
    ]
    assert strangers == [], "\n".join(strangers)


def test_no_file_names_the_host_of_a_package_registry():
    # Put together here, so that this file is not the one that is found.
    hosts = [
        ".".join(parts)
        for parts in [
            ("pypi", "org"),
            ("pypi", "python", "org"),
            ("pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("npmjs", "com"),
            ("registry", "yarnpkg", "com"),
            ("deb", "debian", "org"),
        ]
    ]
    named = [f"{path}: {host}" for path in files() for host in hosts if host in read(path)]
    assert named == [], "\n".join(named)
