"""What interpretation products are built from, beside the blocks of every body."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import PageChooserBlock
from wagtail.documents.blocks import DocumentChooserBlock

from portal.plugin_api import BodyBlock, EmbedBlock, allow_frame_source

from . import animations
from .clause_choice import ClauseChoiceBlock

PART_KINDS = [
    ("background", _("Background")),
    ("cases", _("Cases")),
    ("data", _("Data")),
    ("differences", _("What is new")),
]
# No links: the reading view prints a hundred of these, and a link costs a query.
PLAIN_FEATURES = ["bold", "ol", "ul"]
_SHAPES = [("wide", _("Wide (16:9)")), ("square", _("Square")), ("tall", _("Tall (9:16)"))]


class PartBlock(blocks.StructBlock):
    """A part that interpretations share, headed the same everywhere (R-POL-06)."""

    kind = blocks.ChoiceBlock(label=_("Part"), choices=PART_KINDS, default="background")
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "ol", "ul", "link"])

    class Meta:
        icon = "clipboard-list"
        label = _("Background, cases, data")
        group = _("Interpretation")
        description = _("Why there is this document, examples, figures, what is new.")
        template = "policy_interpretation/blocks/part.html"
        preview_value = {
            "kind": "background",
            "text": "<p>全市有老旧小区412个，多数没有电梯，上下楼是老人最盼解决的事。</p>",
        }

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["heading"] = dict(PART_KINDS).get(value.get("kind"), "")
        return context


class AnimationBlock(blocks.StructBlock):
    """An H5 page of our own, shown in a sandbox, with its words for those who do not see it."""

    title = blocks.CharBlock(
        label=_("Title"), max_length=80, help_text=_("What it shows; read out to blind people.")
    )
    package = DocumentChooserBlock(
        label=_("H5 package"),
        help_text=_("A .zip file with index.html and all that it needs; at most 30 MB."),
    )
    shape = blocks.ChoiceBlock(label=_("Shape"), choices=_SHAPES, default="tall")
    fallback = blocks.RichTextBlock(
        label=_("The same in words"),
        features=PLAIN_FEATURES,
        help_text=_("For those who cannot see or play it, for print and for search."),
    )

    class Meta:
        icon = "code"
        label = _("Animation (H5)")
        group = _("Interpretation")
        description = _("An animated page from a .zip file, with the same in words.")
        template = "policy_interpretation/blocks/animation.html"
        preview_value = {
            "title": "加装电梯怎么办",
            "package": None,
            "shape": "wide",
            "fallback": "<p>三步：业主商量、街道受理、联合审查。</p>",
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        document = cleaned.get("package")
        if document is not None:
            try:
                animations.check_document(document)
            except animations.PackageProblem as problem:
                raise blocks.StructBlockValidationError(
                    block_errors={"package": ValidationError(str(problem))}
                ) from problem
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        request, document = context.get("request"), value.get("package")
        if request is None or document is None:
            return context
        page = context.get("page")
        is_preview = bool(getattr(request, "is_preview", False))
        frame = animations.frame_url(document, page=page, is_preview=is_preview)
        if frame:
            allow_frame_source(request, request.build_absolute_uri(animations.root_of(frame)))
            context["frame_url"] = frame
        return context


class AnimationLinkBlock(EmbedBlock):
    """An animation of an allowed website, with its words."""

    fallback = blocks.RichTextBlock(
        label=_("The same in words"),
        features=PLAIN_FEATURES,
        help_text=_("For those who cannot see or play it, for print and for search."),
    )

    class Meta:
        icon = "code"
        label = _("Animation of another website")
        group = _("Interpretation")
        description = _("An H5 page of an allowed website, with the same in words.")
        template = "policy_interpretation/blocks/animation_link.html"
        preview_value = {
            "url": "", "title": "加装电梯怎么办", "shape": "wide",
            "fallback": "<p>三步：业主商量、街道受理、联合审查。</p>",
        }  # fmt: skip


class ProductBody(BodyBlock):
    """The body of an interpretation."""

    part = PartBlock()
    animation = AnimationBlock()
    animation_link = AnimationLinkBlock()


class ExplanationBlock(blocks.StructBlock):
    """Plain words for some clauses: the right-hand side of the reading view."""

    policy = PageChooserBlock(
        page_type="policy_interpretation.PolicyPage",
        required=False,
        label=_("Document"),
        help_text=_("Empty: the first of the interpreted documents."),
    )
    clauses = ClauseChoiceBlock(label=_("Clauses"))
    text = blocks.RichTextBlock(
        label=_("In plain words"),
        features=PLAIN_FEATURES,
        help_text=_("As you would explain it at the counter."),
    )

    class Meta:
        icon = "comment"
        label = _("Explanation")
        template = "policy_interpretation/blocks/explanation.html"


class ExplanationsBlock(blocks.StreamBlock):
    explanation = ExplanationBlock()

    class Meta:
        max_num = 400
        required = False
