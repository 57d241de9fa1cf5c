"""Which Chinese content must be there in other languages, and how far it may lag behind."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Harm(models.IntegerChoices):
    """What a wrong or missing translation does to a reader; a factor of the queue's order."""

    LOW = 1, _("Low: background, news")
    MEDIUM = 2, _("Medium: where and when")
    HIGH = 4, _("High: rights, duties, money")
    SEVERE = 8, _("Severe: safety, stay, health")


class CoreRule(models.Model):
    """Makes a column, a page type or one page core content of its site (or takes it out).

    The nearest rule counts: the page's own, then that of the nearest column above, then that of
    its type.
    """

    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        on_delete=models.CASCADE,
        related_name="core_rules",
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("column or page"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="core_rules",
    )
    page_type = models.ForeignKey(
        "contenttypes.ContentType",
        verbose_name=_("page type"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    is_core = models.BooleanField(_("core content"), default=True)
    languages: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "wagtailcore.Locale",
        verbose_name=_("languages"),
        blank=True,
        related_name="+",
        help_text=_("None chosen: every section of the site."),
    )
    lag_days = models.PositiveSmallIntegerField(
        _("allowed lag, working days"),
        default=5,
        help_text=_("Within how many working days a translation follows the Chinese text."),
    )
    harm = models.PositiveSmallIntegerField(_("harm"), choices=Harm, default=Harm.MEDIUM)
    legal = models.BooleanField(
        _("legal text"),
        default=False,
        help_text=_("Paragraphs that are behind are hidden after some days."),
    )
    hide_after_days = models.PositiveSmallIntegerField(
        _("hide after, days"),
        default=10,
        help_text=_("Of legal texts: a paragraph behind for longer shows the Chinese instead."),
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("core content")
        verbose_name_plural = _("core content")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=False) ^ models.Q(page_type__isnull=False),
                name="foreign_core_one_subject",
            ),
            models.UniqueConstraint(fields=["page"], name="foreign_core_page_once"),
            models.UniqueConstraint(fields=["site", "page_type"], name="foreign_core_type_once"),
        ]

    def __str__(self) -> str:
        return str(self.page or self.page_type)
