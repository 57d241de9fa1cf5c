"""The words by which services are sorted: kinds of items, levels, life events, persons, subjects.

Tables and no constants: official lists differ by place and change (reference 9).
"""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Dimension(models.TextChoices):
    ITEM_TYPE = "item_type", _("kind of item")
    ONLINE_LEVEL = "online_level", _("level of online handling")
    LIFE_EVENT = "life_event", _("life event")
    PERSON = "person", _("kind of person")
    SUBJECT = "subject", pgettext_lazy("services", "subject")


class ServiceTerm(models.Model):
    """One word of a list. ``key`` is stored with guides and part of addresses: it stays.

    ``rank`` orders the list; of levels of online handling it is the level itself (0 to 4).
    ``icon`` is a symbol of ``img/services.svg``.
    """

    dimension = models.CharField(_("list"), max_length=12, choices=Dimension)
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=60)
    english_label = models.CharField(_("English label"), max_length=80, blank=True)
    explanation = models.CharField(_("explanation"), max_length=200, blank=True)
    icon = models.CharField(_("icon"), max_length=20, blank=True)
    rank = models.PositiveSmallIntegerField(_("order"), default=100)
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("word of a service list")
        verbose_name_plural = _("words of the service lists")
        ordering = ["dimension", "rank", "pk"]
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["dimension", "key"], name="services_term_once")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def shown_label(self) -> str:
        """In the active language: Chinese, else English where there is a word."""
        chinese = (get_language() or "zh").startswith("zh")
        return self.label if chinese or not self.english_label else self.english_label
