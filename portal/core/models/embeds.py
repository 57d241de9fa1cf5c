"""The other websites whose contents may be shown inside pages."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# What may stand for {id}: no slash, no question mark, nothing that changes the meaning of an
# address.
_ID = r"(?P<id>[A-Za-z0-9_-]{1,64})"
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?", re.IGNORECASE)


def _check_pattern(value: str) -> None:
    parts = urlsplit(value)
    if (
        parts.scheme != "https"
        or not _HOST.fullmatch(parts.netloc)
        or value.count("{id}") != 1
        or "{id}" in parts.netloc
        or re.search(r"[\s\"'<>;,*]", value)
    ):
        raise ValidationError(
            _("Write an address that begins with https:// and has {id} where the number stands.")
        )


class EmbedHost(models.Model):
    """A website that the platform allows inside its pages.

    Empty means: none at all. The security policy of a page names the host only where a block on
    that page shows something of it.
    """

    name = models.CharField(
        _("name"), max_length=80, help_text=_("As visitors know it; shown before they press.")
    )
    address_pattern = models.CharField(
        _("address that editors paste"),
        max_length=255,
        unique=True,
        validators=[_check_pattern],
        help_text=_("Such as https://video.example.cn/v/{id} – {id} stands for the number."),
    )
    frame_pattern = models.CharField(
        _("address that is shown inside the page"),
        max_length=255,
        validators=[_check_pattern],
        help_text=_("From the website's “embed” code, such as https://player.example.cn/{id}."),
    )
    is_allowed = models.BooleanField(
        _("allowed"), default=True, help_text=_("Off: what is embedded from it becomes a link.")
    )

    class Meta:
        verbose_name = _("website allowed inside pages")
        verbose_name_plural = _("websites allowed inside pages")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def frame_origin(self) -> str:
        """What a security policy names: ``https://player.example.cn``."""
        parts = urlsplit(self.frame_pattern)
        return f"{parts.scheme}://{parts.netloc}"

    def frame_url(self, address: str) -> str | None:
        """The address to show for one that an editor pasted; None where it is not this site's."""
        pattern = re.escape(self.address_pattern).replace(re.escape("{id}"), _ID)
        found = re.fullmatch(rf"{pattern}/?(?:[?&#].*)?", address.strip())
        return self.frame_pattern.replace("{id}", found["id"]) if found else None
