"""What editors compose a form of: sections, questions of every kind, options, conditions.

The names of the blocks are read by `itil.fields.definition.draft`.
"""

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

EFFECTS = [
    ("show", _("Show it when")),
    ("hide", _("Hide it when")),
    ("require", _("Require it when")),
]
MATCHES = [("all", _("all of these are true")), ("any", _("any of these is true"))]
OPERATORS = [
    ("is", _("is")),
    ("is_not", _("is not")),
    ("contains", _("contains")),
    ("more", _("is more or later than")),
    ("less", _("is less or earlier than")),
    ("answered", _("is answered")),
]
KEY_HELP = _(
    "Small letters, digits and _. Conditions, tasks and reports know the answer by it, so it stays"
    " as it is. Left empty, it is made of the text."
)
# The parts of a question that most questions do not have.
SELDOM = ("minimum", "maximum", "pattern", "pattern_hint", "default", "profile")
DAY_HELP = _("A date as 2026-11-27, or today, today+5, today-30.")


def _words(label, *, needed=False, length=250, **options):
    return blocks.CharBlock(required=needed, max_length=length, label=label, **options)


# --- Conditions ------------------------------------------------------------------------------


class TestBlock(blocks.StructBlock):
    """Looks at the answer to one earlier question."""

    __test__ = False

    question = _words(
        _("Short name of the question"), needed=True, length=50, help_text=_("One further up.")
    )
    operator = blocks.ChoiceBlock(choices=OPERATORS, default="is", label=_("Comparison"))
    value = _words(
        _("Value"), help_text=_("Of a choice: the short name of the option. Dates as 2026-11-27.")
    )

    class Meta:
        icon = "help"
        label = _("Test")
        label_format = "{question} {operator} {value}"


class GroupBlock(blocks.StructBlock):
    """Tests taken together, as if in brackets."""

    match = blocks.ChoiceBlock(choices=MATCHES, default="any", label=_("True when"))
    tests = blocks.ListBlock(TestBlock(), label=_("Tests"))

    class Meta:
        icon = "list-ul"
        label = _("Group of tests")


class PartsBlock(blocks.StreamBlock):
    test = TestBlock()
    group = GroupBlock()


class ConditionBlock(blocks.StructBlock):
    """Shows, hides or requires what it stands at."""

    effect = blocks.ChoiceBlock(choices=EFFECTS, default="show", label=_("What happens"))
    match = blocks.ChoiceBlock(choices=MATCHES, default="all", label=_("True when"))
    tests = PartsBlock(label=_("Tests"))

    class Meta:
        icon = "view"
        label = _("Condition")
        label_format = "{effect} {match}"


def _conditions():
    return blocks.ListBlock(
        ConditionBlock(),
        default=[],
        collapsed=True,
        label=_("Conditions"),
        help_text=_("Without a condition it is always shown."),
    )


# --- Options ---------------------------------------------------------------------------------


class OptionBlock(blocks.StructBlock):
    label = _words(_("Text"), needed=True)
    help = _words(_("Line below"))
    price = blocks.DecimalBlock(
        required=False, min_value=0, max_digits=12, decimal_places=2, label=_("Price")
    )
    value = _words(_("Short name"), length=60)

    class Meta:
        icon = "tick"
        label = _("Option")
        label_format = "{label} {price}"


class LeafBlock(blocks.StructBlock):
    """An end of a tree."""

    label = _words(_("Text"), needed=True)
    value = _words(_("Short name"), length=60)

    class Meta:
        icon = "tick"
        label = _("Option")
        label_format = "{label}"


class TwigBlock(LeafBlock):
    options = blocks.ListBlock(LeafBlock(), default=[], label=_("Below it"))


class BranchBlock(LeafBlock):
    options = blocks.ListBlock(TwigBlock(), default=[], label=_("Below it"))


# --- Questions -------------------------------------------------------------------------------


class QuestionBlock(blocks.StructBlock):
    """What every question has."""

    label = _words(_("Question"), needed=True)
    help = _words(_("Hint below it"), length=400)
    required = blocks.BooleanBlock(required=False, label=_("Answer needed"))
    key = blocks.RegexBlock(
        regex=r"^[a-z][a-z0-9_]*$",
        required=False,
        max_length=50,
        label=_("Short name"),
        help_text=KEY_HELP,
        error_messages={"invalid": _("Small letters, digits and _, beginning with a letter.")},
    )

    class Meta:
        label_format = "{label}"

    def get_form_layout(self):
        """What is seldom needed stands apart, among the settings of the question."""
        seldom = [name for name in self.child_blocks if name in SELDOM]
        others = [name for name in self.child_blocks if name not in SELDOM]
        return blocks.BlockGroup(children=others, settings=seldom)


def _profile(*choices):
    return blocks.ChoiceBlock(required=False, choices=choices, label=_("Known from the profile"))


def item_classes():
    """The classes of items that a question may be limited to, from the app that has items."""
    return apps.get_app_config("fields").item_classes()


def _class_of_items():
    return blocks.ChoiceBlock(
        required=False,
        choices=item_classes,
        label=_("Class"),
        help_text=_("With everything that is a kind of it; empty: any item."),
    )


class TextQuestion(QuestionBlock):
    minimum = _words(_("Least number of characters"), length=5)
    maximum = _words(_("Most characters"), length=5)
    pattern = _words(
        _("Pattern"), help_text=_("A regular expression for the whole text, such as HAL-\\d{5}")
    )
    pattern_hint = _words(_("What to say when the pattern does not fit"))
    default = _words(_("What stands there at first"))
    profile = _profile(
        ("name", _("Name")),
        ("email", _("E-mail address")),
        ("phone", _("Telephone")),
        ("organization", _("Organization")),
        ("cost_centre", _("Cost center")),
    )
    conditions = _conditions()

    class Meta:
        icon = "pilcrow"
        label = _("Text")


class LongTextQuestion(QuestionBlock):
    minimum = _words(_("Least number of characters"), length=5)
    maximum = _words(_("Most characters"), length=5)
    conditions = _conditions()

    class Meta:
        icon = "doc-full"
        label = _("Long text")


class NumberQuestion(QuestionBlock):
    minimum = _words(_("Least"), length=20)
    maximum = _words(_("Most"), length=20)
    default = _words(_("What stands there at first"), length=20)
    conditions = _conditions()

    class Meta:
        icon = "decimal"
        label = _("Number")


class MoneyQuestion(NumberQuestion):
    class Meta:
        icon = "decimal"
        label = _("Amount of money")


class DateQuestion(QuestionBlock):
    minimum = _words(_("First day"), length=12, help_text=DAY_HELP)
    maximum = _words(_("Last day"), length=12, help_text=DAY_HELP)
    conditions = _conditions()

    class Meta:
        icon = "date"
        label = _("Date")


class DateSpanQuestion(DateQuestion):
    class Meta:
        icon = "date"
        label = _("From date to date")


class PlainQuestion(QuestionBlock):
    conditions = _conditions()


class ChoiceQuestion(QuestionBlock):
    options = blocks.ListBlock(OptionBlock(), label=_("Options"))
    default = _words(_("Chosen at first"), length=60, help_text=_("The short name of an option."))
    conditions = _conditions()

    class Meta:
        icon = "radio-full"
        label = _("One choice")


class ChoicesQuestion(ChoiceQuestion):
    minimum = _words(_("Choose at least"), length=3)
    maximum = _words(_("Choose at most"), length=3)

    class Meta:
        icon = "tick-inverse"
        label = _("Several choices")


class TreeQuestion(QuestionBlock):
    options = blocks.ListBlock(BranchBlock(), label=_("Options"))
    conditions = _conditions()

    class Meta:
        icon = "list-ul"
        label = _("Choice from a tree")


class PersonQuestion(QuestionBlock):
    profile = _profile(("self", _("The person who asks")), ("manager", _("Manager")))
    conditions = _conditions()

    class Meta:
        icon = "user"
        label = _("Person")


class LocationQuestion(QuestionBlock):
    profile = _profile(("location", _("Location")))
    conditions = _conditions()

    class Meta:
        icon = "site"
        label = _("Location")


class DeviceQuestion(QuestionBlock):
    """What the person has in use whom the request is for."""

    among = _class_of_items()
    conditions = _conditions()

    class Meta:
        icon = "desktop"
        label = _("One of my devices")


class ItemQuestion(DeviceQuestion):
    """Found by its name or number while one types."""

    class Meta:
        icon = "site"
        label = _("Item of the estate")


class FileQuestion(QuestionBlock):
    minimum = _words(_("Least number of files"), length=2)
    maximum = _words(_("Most files"), length=2)
    conditions = _conditions()

    class Meta:
        icon = "upload"
        label = _("Files")


class QuestionsBlock(blocks.StreamBlock):
    """Questions of a section, in their order."""

    text = TextQuestion()
    long_text = LongTextQuestion()
    number = NumberQuestion()
    money = MoneyQuestion()
    date = DateQuestion()
    date_span = DateSpanQuestion()
    time_span = PlainQuestion(icon="time", label=_("From time to time"))
    choice = ChoiceQuestion()
    choices = ChoicesQuestion()
    tree = TreeQuestion()
    person = PersonQuestion()
    location = LocationQuestion()
    device = DeviceQuestion()
    item = ItemQuestion()
    file = FileQuestion()
    consent = PlainQuestion(icon="check", label=_("Consent"))


class SectionBlock(blocks.StructBlock):
    """Questions under one heading."""

    title = _words(_("Heading"))
    text = blocks.TextBlock(required=False, max_length=1000, rows=2, label=_("Text below it"))
    questions = QuestionsBlock(label=_("Questions"))
    key = blocks.RegexBlock(
        regex=r"^[a-z][a-z0-9_]*$",
        required=False,
        max_length=50,
        label=_("Short name"),
        error_messages={"invalid": _("Small letters, digits and _, beginning with a letter.")},
    )
    conditions = _conditions()

    class Meta:
        icon = "list-ul"
        label = _("Section")
        label_format = "{title}"


class FormBlocks(blocks.StreamBlock):
    """A whole form."""

    section = SectionBlock()
