"""Sentences the portal says to visitors that a city may want to word itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel


def message_choices() -> list[tuple[str, object]]:
    from portal.core.messages import DEFAULTS

    return [(key, default.label) for key, default in DEFAULTS.items()]


class EditableMessage(models.Model):
    """One wording of one message, for one site (or all) and one language."""

    key = models.CharField(_("message"), max_length=60, choices=message_choices)
    site = models.ForeignKey(
        "core.SiteRecord",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="messages",
        help_text=_("Empty: for all sites."),
    )
    language = models.CharField(_("language"), max_length=12, default="zh-hans")
    text = models.TextField(_("text"))

    panels = [
        FieldRowPanel([FieldPanel("key"), FieldPanel("language")]),
        FieldPanel("site"),
        FieldPanel("text"),
    ]

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages to visitors")
        ordering = ["key", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "site", "language"],
                name="core_message_unique",
                violation_error_message=_("This message has a wording for this site already."),
            ),
            models.UniqueConstraint(
                fields=["key", "language"],
                condition=models.Q(site__isnull=True),
                name="core_message_unique_for_all",
                violation_error_message=_("This message has a wording for all sites already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} ({self.language})"
