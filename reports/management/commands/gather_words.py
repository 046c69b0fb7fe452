"""Bring the catalogues of printed reports up to date with what can be printed."""

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation.template import templatize

from itil.tickets.models import Ticket
from portal.paper.languages import DOMAIN
from reports.charts.naming import DIMENSIONS, code_names
from reports.metrics.registry import INDICATORS

ROOT = Path(settings.BASE_DIR)
LOCALE = ROOT / "reports" / "locale"
# Where the words of printed reports stand, of programs and of templates.
PROGRAMS = (
    "portal/ui/moments.py",
    "reports/actions/composing.py",
    "reports/actions/delivering.py",
    "reports/actions/narrowing.py",
    "reports/charts/boards.py",
    "reports/charts/customer.py",
    "reports/charts/dashboards.py",
    "reports/charts/differences.py",
    "reports/charts/lines.py",
    "reports/charts/mailed.py",
    "reports/charts/naming.py",
    "reports/charts/pictures.py",
    "reports/charts/sentences.py",
    "reports/charts/values.py",
    "reports/charts/words.py",
    "reports/documents/flat.py",
    "reports/documents/paper.py",
    "reports/documents/workbook.py",
)
TEMPLATES = (
    "templates/documents/_brand.html",
    "templates/documents/report.html",
    "templates/mail/report.html",
    "templates/mail/report.txt",
)
# Which of its arguments are texts, by the name of a function; a context comes first.
ONE, TWO = frozenset({"_", "gettext", "gettext_lazy"}), frozenset({"ngettext", "ngettext_lazy"})
IN_CONTEXT = frozenset({"pgettext", "pgettext_lazy"})
KIND = "kind"
WIDTH = 100
HINT = "Run manage.py gather_words and translate what is empty."


class Command(BaseCommand):
    # Reads definitions in code; the state of the site does not matter.
    requires_system_checks = []
    help = (
        "Write what printed reports say into reports/locale, with an empty translation where it is "
        "new, and compile it; with --check only say whether all of it is there and translated."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when something is missing"
        )

    def handle(self, *args, check=False, **options):
        for language in languages():
            if check and (stale := untranslated(language)):
                raise CommandError(f"{language}: {len(stale)} without a translation. {HINT}")
            if not check:
                left = _write(language)
                self.stdout.write(f"{language}: {left} without a translation")


def languages() -> list[str]:
    """Those that printed reports are translated into."""
    return sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def catalog_of(language: str) -> Catalog:
    with po_file(language).open("rb") as written:
        return read_po(written, locale=language)


def gathered() -> Catalog:
    """Everything that a printed report can say, of whichever dashboard: the words of its programs
    and templates, those of the codes that figures are told by, and the definitions of all
    indicators, for an own dashboard may ask for any of them."""
    found = Catalog()
    for context, text in _texts():
        found.add(text, context=context)
    return found


def untranslated(language: str) -> list[str]:
    """What can be printed and has no translation, or one that nobody has looked at."""
    written = catalog_of(language)
    return [
        _id(one)
        for one in gathered()
        if one.id
        and ((known := written.get(_id(one), one.context)) is None or _is_empty(known))
    ]  # fmt: skip


def compiled(language: str) -> bytes:
    content = io.BytesIO()
    write_mo(content, catalog_of(language))
    return content.getvalue()


def renewed(written: Catalog, wanted: Catalog) -> Catalog:
    """`written` with what is new in `wanted`, and without what that has not.

    A definition that was changed keeps its translation, marked as fuzzy: it is not printed until
    somebody has gone over it and taken the mark away.
    """
    before = {_subject(one): one.string for one in written if _subject(one)}
    # So that the same words are the same file.
    wanted.creation_date = written.creation_date
    written.update(wanted, no_fuzzy_matching=True)
    written.obsolete.clear()
    for one in written:
        if not one.string and (known := before.get(_subject(one))):
            one.string = known
            one.flags.add("fuzzy")
    return written


def _write(language: str) -> int:
    """Renew and compile a catalogue; returns how many have no translation."""
    content = io.BytesIO()
    write_po(content, renewed(catalog_of(language), gathered()), width=WIDTH)
    po_file(language).write_bytes(content.getvalue())
    po_file(language).with_suffix(".mo").write_bytes(compiled(language))
    return len(untranslated(language))


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _subject(message: Message) -> str:
    """The first line of a definition."""
    return _id(message).partition("\n")[0] if "\n" in _id(message) else ""


def _is_empty(message: Message) -> bool:
    told = [message.string] if isinstance(message.string, str) else message.string
    return message.fuzzy or not told or not all(told)


Text = tuple[str | None, str | tuple[str, ...]]


def _texts() -> Iterator[Text]:
    """Context and text, the latter with its plural where it has one."""
    for name in PROGRAMS:
        yield from of_program((ROOT / name).read_text(encoding="utf-8"))
    for name in TEMPLATES:
        yield from _of_template((ROOT / name).read_text(encoding="utf-8"))
    with translation.override(None):
        for dimension in sorted({*DIMENSIONS} - {KIND}):
            yield from ((None, str(label)) for label in code_names(dimension).values())
        # What these are called begins with a capital, which the word has not.
        yield from ((None, str(kind._meta.verbose_name)) for kind in Ticket.__subclasses__())
    for indicator in INDICATORS.values():
        yield None, indicator.how


def of_program(source: str) -> Iterator[Text]:
    """The literal texts of its calls of gettext, in their order."""
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        texts = [str(one.value) for one in call.args if isinstance(one, ast.Constant)]
        if name in IN_CONTEXT:
            yield texts[0], texts[1]
        elif name in TWO:
            yield None, (texts[0], texts[1])
        elif name in ONE and texts:
            yield None, texts[0]


def _of_template(source: str) -> Iterator[Text]:
    # What is no text of a template is blanked out; its indents are none of a program.
    lines = (line.strip() for line in templatize(source).splitlines())
    keywords = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
    for _line, text, _comments, context in extract(
        "python", io.BytesIO("\n".join(lines).encode()), keywords=keywords
    ):
        yield context, text
