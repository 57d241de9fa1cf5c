"""Interpretation products: what makes a document understood, tied to its clauses."""

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.models import Orderable, Page
from wagtail.search import index

from portal.plugin_api import (
    BasePage,
    BasePageForm,
    BlocksField,
    ClauseIdsField,
    DetailPage,
    PageTag,
    PortalContext,
    Standing,
    concerns_public,
)
from portal.policy_interpretation import animations
from portal.policy_interpretation import picture as pictures
from portal.policy_interpretation.picture_blocks import PictureBlock
from portal.policy_interpretation.product_blocks import ExplanationsBlock, ProductBody
from portal.policy_interpretation.validity import interval
from portal.policy_interpretation.watch.panels import FindingsPanel

from .documents import PolicyPage, midnight


class ProductForm(models.TextChoices):
    """Forms of R-POL-04 and reference 7.6."""

    TEXT = "text", _("written text")
    PICTURE = "picture", _("one picture")
    CHART = "chart", _("chart")
    AUDIO = "audio", _("audio")
    VIDEO = "video", _("video")
    ANIMATION = "animation", _("animation or H5")
    PRESS_CONFERENCE = "press_conference", _("press conference")
    INTERVIEW = "interview", _("interview")
    QUESTIONS = "questions", _("questions and answers")


class AuthorKind(models.TextChoices):
    """Authors of R-POL-05 and reference 7.6."""

    DRAFTER = "drafter", _("drafting unit")
    LEADER = "leader", _("leader in charge")
    EXPERT = "expert", _("expert")
    INSTITUTE = "institute", _("research institute")
    MEDIA = "media", _("media commentary")
    PUBLIC = "public", _("representative of the public")


# Which blocks of the body make a product what its form says; others may be anything.
_MADE_OF: dict[str, tuple[str, ...]] = {
    ProductForm.CHART: ("chart", "key_figures", "table", "image"),
    ProductForm.AUDIO: ("audio",),
    ProductForm.VIDEO: ("video",),
    ProductForm.ANIMATION: ("animation", "animation_link"),
    ProductForm.QUESTIONS: ("accordion",),
}
# Who must be named: it matters who says it.
_NAMED = frozenset({AuthorKind.LEADER, AuthorKind.EXPERT, AuthorKind.INSTITUTE, AuthorKind.PUBLIC})


class InterpretationPageForm(BasePageForm):
    """Each document once: a second line for it would hide the first one's clauses."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        links = self.formsets.get("interprets")
        if links is None:
            return cleaned
        links.is_valid()  # otherwise read only after the page's own fields
        seen: set[int] = set()
        for line in links.forms:
            data = getattr(line, "cleaned_data", {})
            policy = data.get("policy")
            if policy is None or data.get("DELETE"):
                continue
            if policy.pk in seen:
                line.add_error(
                    "policy", _("This document is above already. Choose its clauses there.")
                )
            seen.add(policy.pk)
        return cleaned


class InterpretationPage(DetailPage):
    """A product that interprets one or several documents, whole or clause by clause."""

    page_description = _("Explains a policy: in words, one picture, a video, questions …")
    is_listed = True
    base_form_class = InterpretationPageForm
    serve_select_related: ClassVar[tuple[str, ...]] = ("cover",)

    form = models.CharField(_("form"), max_length=20, choices=ProductForm, default=ProductForm.TEXT)
    author_kind = models.CharField(
        _("who explains"), max_length=12, choices=AuthorKind, default=AuthorKind.DRAFTER
    )
    author = models.CharField(_("author"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    source_url = models.URLField(_("address of the source"), blank=True)
    summary = models.TextField(_("summary"), max_length=300, blank=True)
    date = models.DateTimeField(_("publication time"), null=True, blank=True)
    cover = models.ForeignKey(
        "core.PortalImage",
        verbose_name=_("cover image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    meaning = models.TextField(
        _("what it means for the public"),
        max_length=400,
        blank=True,
        help_text=_("Two or three plain sentences: who gets what, what changes, from when."),
    )
    body = BlocksField(ProductBody(), verbose_name=_("text"), blank=True)
    picture = BlocksField(
        PictureBlock(),
        verbose_name=_("one picture"),
        blank=True,
        help_text=_("Becomes a web page, and an image for messages and posters."),
    )
    plain_words = BlocksField(
        ExplanationsBlock(),
        verbose_name=_("clause by clause"),
        blank=True,
        help_text=_("Plain words beside the clauses: they make up the document's reading view."),
    )

    content_panels = [
        *BasePage.content_panels,
        FindingsPanel("title"),
        InlinePanel("interprets", heading=_("Interprets"), label=_("document"), min_num=1),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("form"), FieldPanel("author_kind")]),
                FieldRowPanel([FieldPanel("author"), FieldPanel("source")]),
                FieldRowPanel([FieldPanel("date"), FieldPanel("source_url")]),
                FieldPanel("cover"),
                FieldPanel("summary"),
                FindingsPanel("summary"),
                FieldPanel("meaning"),
                FindingsPanel("meaning"),
            ],
            heading=_("About the interpretation"),
        ),
        FieldPanel("body"),
        FindingsPanel("body"),
        FieldPanel("picture"),
        FindingsPanel("picture"),
        FieldPanel("plain_words"),
        FindingsPanel("plain_words"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary"),
        index.SearchField("meaning"),
        index.SearchField("body"),
        index.SearchField("picture"),
        index.SearchField("plain_words"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage", "pages.TopicPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "policy_interpretation/interpretation_page.html"
    print_template = "policy_interpretation/interpretation_print.html"

    class Meta:
        verbose_name = _("interpretation")
        verbose_name_plural = _("interpretations")
        default_permissions = ()

    def save(self, *args: Any, **kwargs: Any) -> Any:
        from portal.policy_interpretation.services import products

        with transaction.atomic():
            result = super().save(*args, **kwargs)
            # Saving a draft of a public page saves its row, too: what is in memory is the draft.
            if concerns_public(self, kwargs.get("update_fields")):
                products.follow_save(page=self)
        return result

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        problems: list[tuple[str | None, object]] = []
        if not self.interprets.all():
            problems.append((None, _("An interpretation names the document that it explains.")))
        if not self.source.strip():
            problems.append(("source", _("A published interpretation names its source.")))
        if not self.body and not self.picture and not self.plain_words:
            problems.append(("body", _("A published interpretation needs content.")))
        if self.author_kind in _NAMED and not self.author.strip():
            problems.append(("author", _("Say who explains: name and office.")))
        problems += self.problems_of_date()
        problems += self._problems_of_form()
        problems += self._problems_of_packages()
        if self.picture and pictures.is_too_long(self.picture.raw_data):
            problems.append(
                ("picture", _("The picture is too long for one. Divide it into two products."))
            )
        return problems

    def _problems_of_packages(self) -> list[tuple[str | None, object]]:
        """Chosen long ago, replaced since: what is shown is looked at when it becomes public."""
        found: list[tuple[str | None, object]] = []
        for child in self.body:
            document = child.value.get("package") if child.block_type == "animation" else None
            if document is not None:
                try:
                    animations.check_document(document)
                except animations.PackageProblem as problem:
                    found.append(("body", str(problem)))
        return found

    def _problems_of_form(self) -> list[tuple[str | None, object]]:
        """A video without a video misleads whoever filters by form."""
        found = {block["type"] for block in self.body.raw_data}
        wanted = _MADE_OF.get(self.form, ())
        if wanted and found.isdisjoint(wanted):
            return [
                ("body", _("The form says “%(form)s”, but the text has nothing of the kind.")
                 % {"form": self.get_form_display()})
            ]  # fmt: skip
        if self.form == ProductForm.PICTURE and not self.picture and "image" not in found:
            return [("picture", _("The form says “one picture”, but there is none."))]
        if self.form == ProductForm.VIDEO and not all(
            child.value["video"].transcript.strip() or child.value["video"].speechless_reason
            for child in self.body
            if child.block_type == "video" and child.value["video"]
        ):
            return [("body", _("A video that interprets has a transcript. Add it under Media."))]
        return []

    def media_values(self) -> list[Any]:
        return [self.body]

    # --- validity --------------------------------------------------------------------------------
    def _ends(self) -> list[datetime.date | None]:
        """For each interpreted document the first day no longer in force; None: open."""
        from portal.policy_interpretation.selectors.validity import dates_of

        found = dates_of(link.policy_id for link in self.interprets.all())
        return [interval(dates)[1] for dates in found.values()]

    def standing(self) -> Standing:
        """Outdated when none of the documents that it explains is in force any more."""
        end = self.validity_interval()[1]
        return Standing.OUTDATED if end and end <= timezone.now() else Standing.IN_FORCE

    def validity_interval(self) -> tuple[datetime.datetime | None, datetime.datetime | None]:
        known = self._ends()
        days = [day for day in known if day is not None]
        return None, midnight(max(days)) if days and len(days) == len(known) else None

    def displayed_date(self) -> Any:
        return self.date or self.first_published_at

    def listing_values(self) -> dict[str, Any]:
        return {
            "date": self.displayed_date(),
            "title": self.title,
            "summary": self.summary[:300],
            "source": self.source,
            "kind": "interpretation",
            "image_id": self.cover_id,
            "image_alt": self.cover.description if self.cover else "",
        }

    @classmethod
    def prepare_for_search(cls, pages: Sequence[Any]) -> None:
        """The documents that they interpret, of all of them at once."""
        super().prepare_for_search(pages)
        documents: dict[int, list[int]] = {page.pk: [] for page in pages}
        rows = InterpretationLink.objects.filter(page__in=documents, policy__isnull=False)
        for page, policy in rows.order_by("page", "sort_order").values_list("page", "policy"):
            documents[page].append(policy)
        for page in pages:
            page.__dict__["found_documents"] = documents[page.pk]

    def search_values(self) -> dict[str, Any]:
        return super().search_values() | {
            "kind": "interpretation",
            "date": self.displayed_date(),
            "summary": self.summary or self.meaning,
            "form": self.form,
            "extra": {
                "source": self.source,
                "meaning": self.meaning,
                "documents": self.__dict__.get("found_documents", []),
            },
        }

    def library_values(self) -> dict[str, Any]:
        return {"record_type": "interpretation", "genre": "解读"}

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        published = self.displayed_date()
        return [
            ("ArticleTitle", self.title),
            (
                "PubDate",
                timezone.localtime(published).strftime("%Y-%m-%d %H:%M") if published else "",
            ),
            ("ContentSource", self.source),
            ("Keywords", self.keywords),
            ("Author", self.author),
            ("Description", self.search_description or self.summary),
            ("Url", portal.canonical_url),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.policy_interpretation.selectors.pictures import picture_context
        from portal.policy_interpretation.selectors.products import product_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(product_context(self))
        context.update(picture_context(self, request, context["portal"]))
        self.add_neighbours(context)
        return context


class InterpretationLink(Orderable):
    """From a product to a document, or to some of its clauses (by id; empty: all of it)."""

    page = ParentalKey(InterpretationPage, on_delete=models.CASCADE, related_name="interprets")
    policy = models.ForeignKey(
        PolicyPage,
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        related_name="interpretation_links",
    )
    clauses = ClauseIdsField(
        _("clauses"),
        document="policy",
        default=list,
        blank=True,
        help_text=_("None: the whole document."),
    )

    panels = [
        PageChooserPanel("policy", "policy_interpretation.PolicyPage"),
        FieldPanel("clauses"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("interpreted document")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.policy)

    def clean(self) -> None:
        super().clean()
        policy: PolicyPage | None = getattr(self, "policy", None)
        if policy is not None and policy.alias_of_id is not None:
            # A document carried in another column is the same document.
            self.policy = policy.alias_of.specific


class ClauseExplanation(models.Model):
    """Plain words for a clause, from a public product; the reading view's right-hand side.

    Written by services when a product is published, taken away when it is withdrawn.
    """

    product = models.ForeignKey(
        InterpretationPage, on_delete=models.CASCADE, related_name="explanations"
    )
    policy = models.ForeignKey(PolicyPage, on_delete=models.CASCADE, related_name="explanations")
    clause = models.CharField(max_length=40, help_text="The id of the clause.")
    position = models.PositiveIntegerField(default=0)
    text = models.TextField(help_text="Rich text.")

    class Meta:
        verbose_name = _("clause explanation")
        default_permissions = ()
        ordering = ["policy", "position", "pk"]
        indexes = [models.Index(fields=["policy", "clause"], name="policy_explained_clause")]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.clause}"


class AnimationPackage(models.Model):
    """An H5 package that a public product shows: what the sandbox may be asked for.

    Written by services when a product is published, taken away when it is withdrawn. ``start`` is
    the page to show, ``digest`` the sum of the file, so that a new file has a new address.
    """

    product = models.ForeignKey(
        InterpretationPage, on_delete=models.CASCADE, related_name="packages"
    )
    document = models.ForeignKey("core.PortalDocument", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=40)
    start = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("H5 package")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["product", "document"], name="policy_package_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.start}"
