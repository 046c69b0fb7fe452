"""What the text of an article is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

WORDS = ["bold", "italic", "link", "code"]


class NoteBlock(blocks.StructBlock):
    """A remark that must not be missed."""

    tone = blocks.ChoiceBlock(
        choices=[("info", _("Good to know")), ("warn", _("Take care"))],
        default="info",
        label=_("kind"),
    )
    text = blocks.RichTextBlock(features=WORDS, label=_("text"))

    class Meta:
        icon = "help"
        label = _("Note")
        template = "knowledgebase/blocks/_note.html"


class FigureBlock(blocks.StructBlock):
    """A picture with a line below it. The picture's description is read out to the blind."""

    image = ImageBlock(label=_("picture"))
    caption = blocks.CharBlock(required=False, max_length=200, label=_("line below"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "knowledgebase/blocks/_figure.html"


class ArticleBody(blocks.StreamBlock):
    """The parts of an article, in any order."""

    heading = blocks.CharBlock(
        icon="title",
        label=_("Heading"),
        max_length=120,
        template="knowledgebase/blocks/_heading.html",
    )
    paragraph = blocks.RichTextBlock(
        label=_("Paragraph"), features=[*WORDS, "ol", "ul"], icon="pilcrow"
    )
    steps = blocks.ListBlock(
        blocks.RichTextBlock(features=WORDS, label=_("step")),
        icon="list-ol",
        label=_("Steps"),
        template="knowledgebase/blocks/_steps.html",
    )
    note = NoteBlock()
    figure = FigureBlock()
