"""What editors decide about search: synonyms, phrases, best bets, blocked words, weights."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.search.wordlists import (
    LONGEST_WORD,
    MOST_WORDS,
    is_empty,
    join_words,
    split_words,
    tidy,
    twice,
)

_ALL_SITES = _("Empty: all sites.")


def checked_words(text: str, *, may_be_empty: bool = False) -> str:
    """A list of words as it is stored.

    Raises:
        ValidationError: an empty, too long or repeated word, or too many of them.
    """
    if repeated := twice(text):
        raise ValidationError(
            _("This stands here more than once: %(words)s.") % {"words": "、".join(repeated)}
        )
    words = split_words(text)
    if not words and not may_be_empty:
        raise ValidationError(_("Write at least one word."))
    for word in words:
        if is_empty(word):
            raise ValidationError(
                _("“%(word)s” has neither letters nor digits: nobody can look for it.")
                % {"word": word}
            )
        if len(word) > LONGEST_WORD:
            raise ValidationError(
                _("“%(word)s…” is too long: at most %(most)d characters.")
                % {"word": word[:12], "most": LONGEST_WORD}
            )
    if len(words) > MOST_WORDS:
        raise ValidationError(
            ngettext("At most %(most)d word.", "At most %(most)d words.", MOST_WORDS)
            % {"most": MOST_WORDS}
        )
    return join_words(words)


class Rule(models.Model):
    """What all rules have: where they hold, and whether they do.

    They are changed through ``services.changing`` alone, which records each change and tells all
    processes.
    """

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_ALL_SITES,
    )
    is_active = models.BooleanField(_("in use"), default=True)
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("Why it is so; for colleagues.")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class SynonymRule(Rule):
    """Who types one of ``words`` also finds ``meanings``; where ``both_ways``, all are the same."""

    words = models.TextField(
        _("what people type"),
        help_text=_("What people type, one a line: 上户口. Also with commas between them."),
    )
    meanings = models.TextField(
        _("official words"),
        blank=True,
        help_text=_("What is to be found as well, one a line: 出生登记."),
    )
    both_ways = models.BooleanField(
        _("in both directions"),
        default=False,
        help_text=_("All these words mean the same: whichever is typed, all others are found."),
    )

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["-changed_at", "-id"]
        default_permissions = ()

    def __str__(self) -> str:
        if self.both_ways:
            return " = ".join(self.all_words)
        return f"{'、'.join(self.word_list)} → {'、'.join(self.meaning_list)}"

    @property
    def word_list(self) -> list[str]:
        return split_words(self.words)

    @property
    def meaning_list(self) -> list[str]:
        return split_words(self.meanings)

    @property
    def all_words(self) -> list[str]:
        return split_words(f"{self.words}\n{self.meanings}")

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        for name in ("words", "meanings"):
            may_be_empty = name == "meanings" and self.both_ways
            try:
                setattr(self, name, checked_words(getattr(self, name), may_be_empty=may_be_empty))
            except ValidationError as error:
                errors[name] = error
        if not errors and (both := twice(f"{self.words}\n{self.meanings}")):
            errors["meanings"] = _("This stands on both sides: %(words)s.") % {
                "words": "、".join(both)
            }
        if not errors and self.both_ways and len(self.all_words) < 2:
            errors["words"] = _("Write at least two words that mean the same.")
        if errors:
            raise ValidationError(errors)


class StopPhrase(Rule):
    """What people put around what they look for, and is left out of it."""

    phrase = models.CharField(
        _("phrase"),
        max_length=LONGEST_WORD,
        help_text=_("Such as 请问 or 怎么办理. Left out only where something else remains."),
    )

    class Meta:
        verbose_name = _("stop phrase")
        verbose_name_plural = _("stop phrases")
        ordering = ["phrase", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.phrase

    def clean(self) -> None:
        self.phrase = tidy(self.phrase)
        if is_empty(self.phrase):
            raise ValidationError({"phrase": _("Write a phrase with letters or digits.")})
        if len(self.phrase) < 2:
            raise ValidationError({"phrase": _("One character alone is part of many words.")})


class BlockedWord(Rule):
    """A word that is answered with no results and a sentence."""

    word = models.CharField(
        _("word"),
        max_length=LONGEST_WORD,
        help_text=_(
            "Who looks for something with this word in it finds nothing and is told so. "
            "At least two Chinese characters, or four letters."
        ),
    )

    class Meta:
        verbose_name = _("blocked word")
        verbose_name_plural = _("blocked words")
        ordering = ["word", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        self.word = tidy(self.word)
        signs = [sign for sign in self.word if sign.isalnum()]
        least = 4 if all(sign.isascii() for sign in signs) else 2
        if len(signs) < least:
            raise ValidationError(
                {"word": _("Too short: it would block searches that have nothing to do with it.")}
            )


class BestBet(Rule):
    """What stands first for some queries: a page, or a public file."""

    queries = models.TextField(
        _("queries"),
        help_text=_("What people type, one a line. It stands first for exactly these queries."),
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    document = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    since = models.DateTimeField(_("from"), null=True, blank=True)
    until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until it is taken away.")
    )

    class Meta:
        verbose_name = _("best bet")
        verbose_name_plural = _("best bets")
        ordering = ["-changed_at", "-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{'、'.join(self.query_list[:3])} → {self.target or '—'}"

    @property
    def query_list(self) -> list[str]:
        return split_words(self.queries)

    @property
    def target(self) -> Any:
        return self.page or self.document

    @property
    def key(self) -> str:
        """The key that the target has in the index; "" where it is gone."""
        if self.page_id:
            return f"page:{self.page_id}"
        return f"file:{self.document_id}" if self.document_id else ""

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until <= timezone.now()

    def clean(self) -> None:
        errors: dict[str, Any] = {}
        try:
            self.queries = checked_words(self.queries)
        except ValidationError as error:
            errors["queries"] = error
        if bool(self.page_id) == bool(self.document_id):
            errors["page"] = _("Choose a page or a file, and not both.")
        if self.since and self.until and self.since >= self.until:
            errors["until"] = _("It has to end after it starts.")
        if errors:
            raise ValidationError(errors)


def _weight(label: Any, default: float, most: float, help_text: Any = "") -> Any:
    return models.FloatField(
        label,
        default=default,
        validators=[MinValueValidator(0), MaxValueValidator(most)],
        help_text=help_text,
    )


class SiteWeights(Rule):
    """How much each thing counts at a site, relative to a word in the text."""

    title = _weight(_("title"), 8.0, 50)
    alias = _weight(_("other names"), 6.0, 50)
    body = _weight(_("text"), 1.0, 50, _("The measure for the others; seldom anything but 1."))
    recency = _weight(
        _("newness"), 0.1, 1,
        _("How much what is from today stands above what is ten years old: 0.1 is a tenth."),
    )  # fmt: skip
    synonym = _weight(
        _("synonyms"), 0.9, 1, _("What a synonym counts, compared with the typed word itself.")
    )
    kinds = models.JSONField(_("kinds of results"), default=dict, blank=True)

    class Meta:
        verbose_name = _("ranking weights")
        verbose_name_plural = _("ranking weights")
        ordering = ["site_id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                Coalesce(
                    models.F("site_id"), models.Value(0), output_field=models.BigIntegerField()
                ),
                name="portal_search_weights_once",
                violation_error_message=_("This site has its weights already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.site or _("all sites"))


class SavedQuery(models.Model):
    """A query whose results are looked at before and after a change of the weights."""

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    text = models.CharField(_("query"), max_length=LONGEST_WORD)
    language = models.CharField(_("language"), max_length=12, default=settings.LANGUAGE_CODE)
    expected = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("what ought to be found"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Where you know it: the page that should stand far up."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("saved query")
        verbose_name_plural = _("saved queries")
        ordering = ["site_id", "text", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["site", "text", "language"],
                name="portal_search_query_once",
                violation_error_message=_("This site has the query already."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        self.text = tidy(self.text)
        if is_empty(self.text):
            raise ValidationError({"text": _("Write a phrase with letters or digits.")})


class RuleChange(models.Model):
    """One change of one rule: who, when, before and after. Rows are never changed, but for
    ``undone_by``."""

    class Act(models.TextChoices):
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")

    site = models.ForeignKey(
        "core.SiteRecord", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    model = models.CharField(max_length=40)
    rule = models.BigIntegerField()
    label = models.CharField(max_length=200)
    act = models.CharField(max_length=10, choices=Act)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    user_name = models.CharField(max_length=160)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.OneToOneField(
        "self", null=True, on_delete=models.SET_NULL, related_name="undoes"
    )

    class Meta:
        verbose_name = _("change of a rule")
        verbose_name_plural = _("changes of rules")
        ordering = ["-id"]
        default_permissions = ()
        indexes = [models.Index(fields=["model", "rule"], name="portal_search_change_of")]

    def __str__(self) -> str:
        return f"{self.label} {self.act}"


class RulesVersion(models.Model):
    """One row: a random token that changes with any rule."""

    token = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.token)
