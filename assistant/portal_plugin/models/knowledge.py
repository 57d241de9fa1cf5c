"""The knowledge base: questions with approved answers and what they rest on."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from portal.plugin_api import ChoiceListField, DetailPage


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


class Topic(models.Model):
    """A subject of the knowledge base, the same for all sites. ``names`` by language code."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    names = models.JSONField(_("names in other languages"), default=dict, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    sort_order = models.PositiveIntegerField(_("order"), default=100)

    class Meta:
        verbose_name = _("topic of questions")
        verbose_name_plural = _("topics of questions")
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name


class QuestionPage(DetailPage):
    """One question with its approved answer, in one language.

    ``title`` is the question, shortened where a title must be. A text that came without a question
    (imports only) is found by its answer. A translation names its source by ``translation_of``.
    """

    page_description = _("A question of the public with its approved answer.")
    is_listed = False

    key = models.CharField(
        _("identifier"), max_length=80, blank=True, db_index=True, help_text="Given at import."
    )
    language = models.CharField(_("language"), max_length=12, default="zh-hans")
    question = models.TextField(_("question"), max_length=500, blank=True)
    phrasings = models.JSONField(_("other phrasings"), default=list, blank=True)
    answer = RichTextField(_("answer"), blank=True)
    topic = models.ForeignKey(
        Topic, verbose_name=_("topic"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="questions",
    )  # fmt: skip
    audience = ChoiceListField(_("for whom"), choices_class=Audience, blank=True)
    owner_unit = models.ForeignKey(
        "core.Organisation", verbose_name=_("answered by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    valid_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    valid_until = models.DateTimeField(_("in force until"), null=True, blank=True)
    translation_of = models.ForeignKey(
        "self", verbose_name=_("translation of"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="translated_as",
    )  # fmt: skip
    superseded_by = models.ForeignKey(
        "self", verbose_name=_("replaced by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="supersedes",
    )  # fmt: skip
    trust = models.CharField(_("made by"), max_length=20, choices=Trust, default=Trust.HUMAN)

    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "assistant/question_page.html"
    print_template = "assistant/question_print.html"

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        default_permissions = ()

    @property
    def entry_id(self) -> str:
        """What the API and the reports call this entry."""
        return self.key or str(self.pk)


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
    clauses = models.JSONField(_("clauses"), default=list, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    label = models.CharField(_("label"), max_length=255, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("source")
        default_permissions = ()

    def __str__(self) -> str:
        return self.label or self.url or str(self.target or "")
