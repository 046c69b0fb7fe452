import pytest
from django.core.management import CommandError, call_command

from portal.ui.management.commands.build_assets import FILES, icon_names, symbol

SQUARE = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


@pytest.fixture
def site(settings, tmp_path):
    """A checkout with one template, and packages as npm would leave them."""
    settings.BASE_DIR = tmp_path
    settings.STATICFILES_DIRS = [tmp_path / "build" / "vendor"]
    modules = tmp_path / "node_modules"
    for source in FILES.values():
        (modules / source).parent.mkdir(parents=True, exist_ok=True)
        (modules / source).write_text("a{}\n/*# sourceMappingURL=x.css.map */\n")
    outlines = modules / "@tabler" / "icons" / "icons" / "outline"
    outlines.mkdir(parents=True)
    for name in ("search", "x", "unused"):
        (outlines / f"{name}.svg").write_text(f"<svg\n  width='24'>{SQUARE}<path d='M1' /></svg>")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('{% icon "search" %}{% icon name %}')
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "places.py").write_text('Place("Close", icon="x")')
    (tmp_path / "portal" / "wagtail_hooks.py").write_text('Item(icon="of-wagtail")')
    (tmp_path / "portal" / "blocks").mkdir()
    (tmp_path / "portal" / "blocks" / "texts.py").write_text('Item(icon="of-wagtail")')
    (tmp_path / "templates" / "admin.html").write_text(
        '{% load i18n wagtailadmin_tags %}{% icon "of-wagtail" %}'
    )
    return tmp_path


def test_the_sprite_holds_the_icons_that_are_named_and_no_other(site):
    call_command("build_assets", verbosity=0)
    sprite = (site / "build" / "vendor" / "ui" / "icons.svg").read_text()
    assert sprite == (
        '<svg xmlns="http://www.w3.org/2000/svg">\n'
        '<symbol id="search" viewBox="0 0 24 24"><path d=\'M1\' /></symbol>\n'
        '<symbol id="x" viewBox="0 0 24 24"><path d=\'M1\' /></symbol>\n'
        "</svg>\n"
    )


def test_every_file_is_copied_without_its_map(site):
    call_command("build_assets", verbosity=0)
    copied = site / "build" / "vendor"
    assert all((copied / target).is_file() for target in FILES)
    assert (copied / "bootstrap" / "bootstrap.min.css").read_text() == "a{}\n"


def test_an_icon_that_does_not_exist_stops_the_build(site):
    (site / "templates" / "page.html").write_text('{% icon "sreach" %}')
    with pytest.raises(CommandError, match="page.html names an icon that does not exist: sreach"):
        call_command("build_assets", verbosity=0)


def test_missing_packages_are_named(site):
    (site / "node_modules" / FILES["plotly/plotly-basic.min.js"]).unlink()
    with pytest.raises(CommandError, match="run `npm ci` first"):
        call_command("build_assets", verbosity=0)


def test_the_admins_own_icons_are_left_alone(site):
    assert sorted(icon_names(site)) == ["search", "x"]


def test_a_symbol_leaves_color_and_stroke_to_the_page():
    assert symbol("x", f'<svg fill="none" stroke="red">{SQUARE}\n<path d="M1" /></svg>') == (
        '<symbol id="x" viewBox="0 0 24 24"><path d="M1" /></symbol>'
    )
