"""Contents of other websites, which load only when a visitor asks for them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.core import embeds

from .choices import LookBlock
from .section import is_preview

__all__ = ["EmbedBlock"]


def _which() -> str:
    """The help text: which websites are allowed, as they are now."""
    names = [host.name for host in embeds.allowed_hosts(None)]
    if not names:
        return gettext(
            "No website is allowed yet. The platform's administrators allow them under "
            "Settings › Websites inside pages."
        )
    return gettext("Allowed: %(names)s.") % {"names": ", ".join(names)}


class EmbedBlock(blocks.StructBlock):
    """A link that becomes a frame when it is pressed; only for websites of the platform's list."""

    url = blocks.URLBlock(
        label=_("Address"),
        help_text=_("The page's address, as the browser shows it. Only allowed websites."),
    )
    title = blocks.CharBlock(
        label=_("Title"), max_length=80, help_text=_("What it shows; read out to blind people.")
    )
    shape = LookBlock(
        label=_("Shape"),
        choices=[("wide", _("Wide (16:9)")), ("square", _("Square")), ("tall", _("Tall (3:4)"))],
        default="wide",
    )

    class Meta:
        icon = "code"
        label = _("Other website")
        group = _("Media")
        description = _("A video or form of an allowed website; loads only when it is pressed.")
        template = "pages/blocks/embed.html"
        preview_value = {
            "url": "https://video.example.cn/v/1", "title": "云湖四季", "shape": "wide",
        }  # fmt: skip

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned  # half an address is no allowed one yet; a preview shows it as a link
        hosts = embeds.allowed_hosts(None)
        if embeds.find(cleaned["url"], hosts) is None:
            raise blocks.StructBlockValidationError(
                block_errors={
                    "url": ValidationError(
                        [gettext("This website may not be shown inside pages."), _which()]
                    )
                }
            )
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        request = context.get("request")
        found = embeds.find(value.get("url") or "", embeds.allowed_hosts(request))
        if found is not None:
            host, frame_url = found
            embeds.allow_frame(request, host)
            context.update(host=host, frame_url=frame_url)
        elif is_preview(context):
            context["problem"] = gettext("This website may not be shown inside pages.")
        return context
