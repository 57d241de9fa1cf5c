"""The knowledge base: questions with approved answers and what they rest on."""

import datetime
import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from assistant.portal_plugin.texts import plain_text, to_traditional
from portal.plugin_api import (
    BasePage,
    ChoiceListField,
    ClauseIdsField,
    DetailPage,
    PageTag,
    PortalContext,
    Standing,
    ValidityFacts,
    concerns_public,
)

from .fields import PhrasingsField

TITLE_LENGTH = 120
# What an answer may be made of: what a chat window, a telephone and a screen reader can give.
ANSWER_FEATURES = ["bold", "ol", "ul", "link"]


class Audience(models.TextChoices):
    EVERYONE = "everyone", _("everyone")
    RESIDENTS = "residents", _("residents")
    FAMILIES = "families", _("families")
    ELDERLY = "elderly", _("elderly people")
    BUSINESSES = "businesses", _("businesses")
    FOREIGNERS = "foreigners", _("foreigners")


class Trust(models.TextChoices):
    """Who made a text (feature 12 of the plan): carried by every answer and citation."""

    HUMAN = "human", _("written by people")
    REVIEWED_MACHINE = "reviewed_machine", _("machine translation, reviewed")
    MACHINE = "machine", _("machine translation")


class Origin(models.TextChoices):
    """How an entry came: less is demanded of what was brought in than of what is written here."""

    EDITOR = "editor", _("written here")
    IMPORT = "import", _("brought in from a file")
    PLUGIN = "plugin", _("drafted by another part of the portal")


class Topic(models.Model):  # type: ignore[django-manager-missing]
    """A subject of the knowledge base, the same for all sites. ``names`` by language code."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    names = models.JSONField(_("names in other languages"), default=dict, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    sort_order = models.PositiveIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("topic of questions")
        verbose_name_plural = _("topics of questions")
        default_permissions = ()
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name_in(get_language() or settings.LANGUAGE_CODE)

    def name_in(self, language: str) -> str:
        """The name in a language, where there is one; else as it is called here."""
        found = self.names.get(language) if isinstance(self.names, dict) else None
        if not found and language == "zh-hant":
            return to_traditional(self.name)
        return str(found or self.name)


class QuestionPage(DetailPage):
    """One question with its approved answer, in one language.

    ``title`` is the question, shortened where a title must be. A text that came without a question
    (imports only) is found by its answer. A translation names its source by ``translation_of``;
    ``source_state`` is the ``text_state`` of the source that it was made from.
    """

    page_description = _("A question of the public with its approved answer.")
    is_listed = False
    is_translated_apart = True
    serve_select_related: ClassVar[tuple[str, ...]] = ("topic", "owner_unit")

    key = models.CharField(
        _("identifier"), max_length=80, blank=True, db_index=True, help_text="Given at import."
    )
    language = models.CharField(_("language"), max_length=12, default="zh-hans")
    question = models.TextField(
        _("question"),
        max_length=500,
        blank=True,
        help_text=_("As people ask it, in one sentence."),
    )
    phrasings = PhrasingsField(
        _("other phrasings"),
        default=list,
        blank=True,
        help_text=_("One a line: everyday words, dialect, abbreviations. Three or more help most."),
    )
    answer = RichTextField(
        _("answer"),
        blank=True,
        features=ANSWER_FEATURES,
        help_text=_(
            "Complete by itself: where, what to bring, how long, what it costs, who to call."
        ),
    )
    topic = models.ForeignKey(
        Topic, verbose_name=pgettext_lazy("questions", "topic"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="questions",
    )  # fmt: skip
    audience = ChoiceListField(_("for whom"), choices_class=Audience, blank=True)
    owner_unit = models.ForeignKey(
        "core.Organisation", verbose_name=_("answered by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    valid_from = models.DateTimeField(
        _("in force from"), null=True, blank=True, help_text=_("Empty: from publication on.")
    )
    valid_until = models.DateTimeField(
        _("in force until"),
        null=True,
        blank=True,
        help_text=_("The moment it ends. Empty: until it is withdrawn or its source ends."),
    )
    translation_of = models.ForeignKey(
        "self", verbose_name=_("translation of"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="translated_as",
    )  # fmt: skip
    source_state = models.CharField(max_length=40, blank=True, editable=False)
    superseded_by = models.ForeignKey(
        "self", verbose_name=_("replaced by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="supersedes",
        help_text=_("This entry ends when the other one becomes public."),
    )  # fmt: skip
    trust = models.CharField(_("made by"), max_length=20, choices=Trust, default=Trust.HUMAN)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.EDITOR, editable=False)

    search_fields = [
        *BasePage.search_fields,
        index.SearchField("question"),
        index.SearchField("searched_phrasings"),
        index.SearchField("answer_text"),
        # What an editor types in the list is found anywhere, not only in titles.
        index.AutocompleteField("searched_phrasings"),
        index.AutocompleteField("answer_text"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "assistant/question_page.html"
    print_template = "assistant/question_print.html"

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        default_permissions = ()

    # --- what it says ----------------------------------------------------------------------------
    @property
    def entry_id(self) -> str:
        """What the API and the reports call this entry."""
        return self.key or str(self.pk)

    @property
    def answer_text(self) -> str:
        """The answer without markup, a line for each paragraph."""
        return plain_text(self.answer)

    @property
    def text_state(self) -> str:
        """Changes when question or answer do: what a translation was made from."""
        return text_state(self.question, self.answer)

    def searched_phrasings(self) -> str:
        return "\n".join(self.phrasings or ())

    def derived_title(self) -> str:
        """The question as a title; without one, how the answer begins.

        What was brought in without a question keeps the title that it came with.
        """
        if self.title and not self.question.strip() and self.origin == Origin.IMPORT:
            return self.title
        text = " ".join((self.question or self.answer_text).split())
        return text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1] + "…"

    def _fill_title(self) -> None:
        title = self.derived_title()
        if title:
            self.title: str = title

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._fill_title()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        self._fill_title()
        super().minimal_clean()

    # --- publishing ------------------------------------------------------------------------------
    def save(self, *args: Any, **kwargs: Any) -> Any:
        from assistant.portal_plugin.services import knowledge

        with transaction.atomic():
            result = super().save(*args, **kwargs)
            if concerns_public(self, kwargs.get("update_fields")):
                knowledge.follow_save(page=self)
        return result

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        from assistant.portal_plugin.publishing import problems_of

        return problems_of(self)

    # --- validity --------------------------------------------------------------------------------
    def validity_interval(self) -> tuple[datetime.datetime | None, datetime.datetime | None]:
        """Its own interval as far as all that it rests on is in force, too."""
        from assistant.portal_plugin.validity import span_of

        return span_of(self).interval

    def standing(self) -> Standing:
        from assistant.portal_plugin.validity import standing_of

        return standing_of(self)

    def standing_changes(self) -> Iterable[datetime.datetime]:
        from assistant.portal_plugin.validity import changes_of

        return changes_of(self)

    def validity_facts(self) -> ValidityFacts:
        from assistant.portal_plugin.validity import facts_of

        return facts_of(self)

    # --- showing ---------------------------------------------------------------------------------
    @cached_property
    def others_in_force(self) -> "list[QuestionPage]":
        """The versions in other languages that hold now, by language."""
        from assistant.portal_plugin.selectors.knowledge import current_entries, hold_until_next

        if not self.pk:
            return []
        root = self.translation_of_id or self.pk
        versions = models.Q(pk=root) | models.Q(translation_of=root)
        hold_until_next(QuestionPage.objects.filter(versions))
        found = current_entries().filter(versions)
        return list(found.exclude(pk=self.pk).order_by("language"))

    @property
    def written_in(self) -> str:
        return self.language

    def language_versions(self) -> dict[str, Page]:
        return {page.language: page for page in (*self.others_in_force, self)}

    def listing_values(self) -> dict[str, Any]:
        return {
            "date": self.displayed_date(),
            "title": self.title,
            "summary": self.answer_text[:300],
            "source": str(self.owner_unit or ""),
            "kind": "question",
        }

    def search_values(self) -> dict[str, Any]:
        answer = self.answer_text
        return super().search_values() | {
            "kind": "question",
            "text": answer,
            "date": self.displayed_date(),
            "summary": answer[:300],
            # A question is found by every way of asking it.
            "aliases": [self.question, *(self.phrasings or ())],
            "agencies": [self.owner_unit_id] if self.owner_unit_id else [],
            "trust": self.trust,
            "extra": {"audience": self.audience},
        }

    def library_values(self) -> dict[str, Any]:
        return {"record_type": "faq", "genre": "问答", "audience": self.audience}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """In the language of the entry, with all that stands around it: its address is Chinese."""
        from assistant.portal_plugin.answering import languages

        with override(languages.interface(self.language)):
            response: HttpResponse = super().serve(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        response.headers["Content-Language"] = languages.html_tag(self.language)
        return response

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        from assistant.portal_plugin.entry_page import tags_of

        return tags_of(self, portal)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from assistant.portal_plugin.entry_page import entry_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(entry_context(self, context["portal"]))
        return context


def text_state(question: str, answer: str) -> str:
    """A short sum of a question and its answer (rich text)."""
    return hashlib.sha256(f"{question}\0{answer}".encode()).hexdigest()[:40]


class SourceKind(models.TextChoices):
    POLICY = "policy", _("policy document")
    PAGE = "page", _("page")
    ADDRESS = "address", _("address")


class QuestionSource(Orderable):
    """What an answer rests on. ``clauses`` are ids in the document; empty: all of it."""

    page = ParentalKey(QuestionPage, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(_("kind"), max_length=10, choices=SourceKind, default=SourceKind.PAGE)
    target = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page or document"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    clauses = ClauseIdsField(
        _("clauses"),
        document="target",
        default=list,
        blank=True,
        help_text=_("None: the whole document."),
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    label = models.CharField(
        _("label"), max_length=255, blank=True, help_text=_("Empty: the title of the page.")
    )

    panels = [
        PageChooserPanel("target"),
        FieldPanel("clauses"),
        FieldRowPanel([FieldPanel("url"), FieldPanel("label")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("source")
        default_permissions = ()

    def __str__(self) -> str:
        return self.label or self.url or str(self.target or "")


class BulkEdit(models.Model):
    """One change of many entries at once, with what each was before, so that it can be undone.

    ``rows`` are ``{"page", "before": {field: value}, "revision": the one that was made,
    "published", "was_live"}``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    summary = models.CharField(max_length=255)
    rows = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change of many entries")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.summary
