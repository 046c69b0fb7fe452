"""Copies the front-end files we serve out of node_modules, and draws the icon sprite."""

import re
import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# What a browser may ask for, by its place under build/vendor. Nothing is loaded from elsewhere.
FILES = {
    "bootstrap/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/bootstrap.rtl.min.css": "bootstrap/dist/css/bootstrap.rtl.min.css",
    "inter/inter-latin-wght-normal.woff2": (
        "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"
    ),
    "inter/inter-latin-ext-wght-normal.woff2": (
        "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2"
    ),
    "inter/inter-cyrillic-wght-normal.woff2": (
        "@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2"
    ),
    # For documents, where a font of one weight costs a third of the time of a variable one, and one
    # that is packed by zlib is read at once: unpacking WOFF 2 takes each process seconds.
    **{
        f"inter/inter-{script}-{weight}-normal.woff": (
            f"@fontsource/inter/files/inter-{script}-{weight}-normal.woff"
        )
        for script in ("latin", "latin-ext", "cyrillic")
        for weight in (400, 600)
    },
    # For documents too: of the fonts of the system, which hold all of the East, one page is cut
    # twice as slowly. Chinese has no half-bold.
    **{
        f"noto/noto-sans-jp-{weight}.woff": (
            f"@openfonts/noto-sans-jp_japanese/files/noto-sans-jp-japanese-{weight}.woff"
        )
        for weight in (400, 600)
    },
    **{
        f"noto/noto-sans-sc-{weight}.woff": (
            "@openfonts/noto-sans-sc_chinese-simplified/files/"
            f"noto-sans-sc-chinese-simplified-{weight}.woff"
        )
        for weight in (400, 700)
    },
    "plotly/plotly-basic.min.js": "plotly.js-basic-dist-min/plotly-basic.min.js",
}
SPRITE = "ui/icons.svg"
OUTLINES = "@tabler/icons/icons/outline"
PACKAGES = ("billing", "catalog", "itil", "knowledgebase", "portal", "reports", "templates")
# Wagtail's admin names icons of its own set in these rooms, and in templates that load its tags.
ADMIN_ROOMS = frozenset({"wagtail_hooks", "blocks"})
ADMIN_TAGS = re.compile(r"\{%\s*load\s[^%]*\bwagtailadmin_tags\b")
NAMED = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")
# A map left behind makes the manifest storage look for a file that is not there.
SOURCE_MAP = re.compile(rb"\n?(?:/\*|//)# sourceMappingURL=\S+(?:\s*\*/)?")
# The invisible square that every icon of the set begins with.
BOUNDS = re.compile(r'<path stroke="none"[^>]*/>')


def icon_names(root: Path) -> dict[str, Path]:
    """Every icon that our templates and Python name, with one file that names it."""
    found: dict[str, Path] = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix not in {".html", ".py"} or ADMIN_ROOMS & {path.stem, *path.parts}:
                continue
            text = path.read_text()
            if not ADMIN_TAGS.search(text):
                for in_tag, in_argument in NAMED.findall(text):
                    found.setdefault(in_tag or in_argument, path)
    return found


def symbol(name: str, drawing: str) -> str:
    """One icon of the sprite; color and stroke come from the page that uses it."""
    inner = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    shapes = " ".join(BOUNDS.sub("", inner[1]).split())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


class Command(BaseCommand):
    help = "Copies vendored front-end files and the icon sprite to build/vendor."
    # The folder that a check would miss is what this makes.
    requires_system_checks = []

    def handle(self, **options):
        modules = settings.BASE_DIR / "node_modules"
        vendor = settings.STATICFILES_DIRS[0]
        # All that can fail comes before the old files go.
        for source in FILES.values():
            if not (modules / source).is_file():
                raise CommandError(f"{source} is missing: run `npm ci` first.")
        symbols = []
        for name, named_in in sorted(icon_names(settings.BASE_DIR).items()):
            drawing = modules / OUTLINES / f"{name}.svg"
            if not drawing.is_file():
                raise CommandError(f"{named_in} names an icon that does not exist: {name}")
            symbols.append(symbol(name, drawing.read_text()))
        shutil.rmtree(vendor, ignore_errors=True)
        for target, source in FILES.items():
            content = (modules / source).read_bytes()
            if Path(source).suffix in {".css", ".js"}:
                content = SOURCE_MAP.sub(b"", content)
            (vendor / target).parent.mkdir(parents=True, exist_ok=True)
            (vendor / target).write_bytes(content)
        (vendor / SPRITE).parent.mkdir(parents=True, exist_ok=True)
        sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
        (vendor / SPRITE).write_text(sprite)
        self.stdout.write(f"{len(FILES)} files and {len(symbols)} icons in {vendor}")
