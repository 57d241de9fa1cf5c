"""Which other websites may show the assistant: a list for each site, empty to begin with."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


def normal_origin(address: str) -> str:
    """The origin of an address, as browsers send it in ``Origin``.

    Raises:
        ValueError: it is none: another scheme, no host, or more than an origin.
    """
    parts = urlsplit(address.strip())
    host = (parts.hostname or "").rstrip(".").encode("idna").decode()
    if parts.scheme not in ("https", "http") or not host or "*" in host:
        raise ValueError(f"no origin: {address!r}")
    if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"no origin: {address!r}")
    host = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return f"{parts.scheme}://{host}{port}"


class EmbedOrigin(models.Model):
    """A website on which the assistant of a site may be shown: its origin, nothing below it."""

    site = models.ForeignKey(
        "core.SiteRecord", verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    origin = models.CharField(
        _("origin"),
        max_length=200,
        help_text=_(
            "Scheme and host, with the port if it is not the usual one, such as "
            "https://hospital.example. Each host is a line of its own: there are no wildcards."
        ),
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("Whose website it is, and whom to call.")
    )

    panels = [FieldPanel("site"), FieldPanel("origin"), FieldPanel("note")]

    class Meta:
        verbose_name = _("website with the assistant")
        verbose_name_plural = _("websites with the assistant")
        ordering = ["site", "origin"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["site", "origin"],
                name="assistant_embed_origin_once",
                violation_error_message=_("This website is on the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.origin

    def clean_fields(self, exclude: set[str] | None = None) -> None:  # type: ignore[override]
        """Written as browsers write it, so that what is compared is the same."""
        try:
            self.origin = normal_origin(self.origin)
        except ValueError:  # UnicodeError of impossible hosts is one
            raise ValidationError(
                {"origin": _("Write the scheme and the host only, such as https://www.example.org")}
            ) from None
        if self.origin.startswith("http://") and urlsplit(self.origin).hostname not in _LOCAL:
            raise ValidationError(
                {"origin": _("Only https: what visitors write must not travel in the clear.")}
            )
        super().clean_fields(exclude)
