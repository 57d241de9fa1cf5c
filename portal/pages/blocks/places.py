"""Maps, which the law wants to see approved, and the places on them."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from portal.core.media import BODY_FILTER, Picture, attachment, picture

from .section import PatternBlock

__all__ = ["MapBlock", "PlaceBlock"]

# 审图号: the surveying authority's shorthand, S, the year in brackets, a number.
_APPROVAL = re.compile(
    r"(?:审图号[:：]?\s*)?[\u4e00-\u9fff]{0,3}S\s?[\u4e00-\u9fff]{0,3}\s?[(（〔\[]\d{4}[)）〕\]]"
    r"\s?第?\s?\d{1,6}\s?号(?:\s?[(（][^()（）]{1,20}[)）])?"
    r"|(?:审图号[:：]?\s*)?G\s?S\s?[\u4e00-\u9fff]{0,3}\s?[(（〔\[]\d{4}[)）〕\]]"
    r"\s?第?\s?\d{1,6}\s?号(?:\s?[(（][^()（）]{1,20}[)）])?"
)
_COORDINATES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,，]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_PHONE = re.compile(r"\+?[\d][\d\-\s()（）]{2,19}")


def _check_coordinates(value: str) -> None:
    found = _COORDINATES.fullmatch(value)
    if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        raise ValidationError(_("Write latitude, longitude, such as 30.2741, 120.1551."))


class PlaceBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("Name"), max_length=80)
    address = blocks.CharBlock(
        label=_("Address"),
        max_length=160,
        help_text=_("Always in words: a map alone does not reach everyone."),
    )
    phone = blocks.CharBlock(label=_("Telephone"), required=False, default="", max_length=40)
    hours = blocks.CharBlock(label=_("Opening hours"), required=False, default="", max_length=120)
    across = blocks.DecimalBlock(
        label=_("From the left edge, %"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Both filled in: a number is drawn upon the map at this place."),
    )
    down = blocks.DecimalBlock(
        label=_("From the top edge, %"), required=False, min_value=0, max_value=100
    )
    coordinates = PatternBlock(
        label=_("Coordinates"),
        required=False,
        default="",
        max_length=40,
        validators=[_check_coordinates],
        help_text=_("Latitude, longitude: phones offer to lead there."),
    )

    class Meta:
        icon = "home"
        label = _("Place")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        half = (cleaned.get("across") is None) != (cleaned.get("down") is None)
        if half and not self.is_deferred_validation:
            missing = "across" if cleaned.get("across") is None else "down"
            raise blocks.StructBlockValidationError(
                block_errors={
                    missing: ValidationError(_("A place upon the map needs both numbers."))
                }
            )
        return cleaned


class MapBlock(blocks.StructBlock):
    """A picture of an approved map, and its places in words.

    No map service: such maps come from other hosts, change after approval and follow visitors.
    """

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    image = ImageChooserBlock(
        label=_("Map"),
        help_text=_(
            "The approved map as a picture (PNG, SVG …); its description says what it shows."
        ),
    )
    approval_number = PatternBlock(
        label=_("Map approval number (审图号)"),
        max_length=60,
        validators=[
            RegexValidator(
                re.compile(rf"^(?:{_APPROVAL.pattern})$"),
                _("Write the number as it stands on the map, such as 浙S(2026)12号."),
            )
        ],
        help_text=_("Public maps need one (Map Administration Regulations). No number, no map."),
    )
    source = blocks.CharBlock(
        label=_("Source"), max_length=120, help_text=_("Who made the map, and when.")
    )
    document = DocumentChooserBlock(
        label=_("The map in full size"), required=False, help_text=_("A PDF to print.")
    )
    places = blocks.ListBlock(PlaceBlock(), label=_("Places"), min_num=0, max_num=40, default=[])

    class Meta:
        icon = "globe"
        label = _("Map")
        group = _("Media")
        description = _("An approved map with its number, and the addresses of what is on it.")
        template = "pages/blocks/map.html"
        preview_value = {
            "title": "办事网点",
            "approval_number": "浙S(2026)000号（示例）",
            "source": "云湖市自然资源和规划局，2026年",
            "places": [
                {
                    "name": "市民中心", "address": "湖滨区云水路1号",
                    "phone": "0571-0000001", "hours": "周一至周五 9:00–17:00",
                    "across": 34, "down": 46,
                },
                {
                    "name": "东屏分中心", "address": "东屏区朝霞路88号", "phone": "", "hours": "",
                    "across": 68, "down": 52,
                },
            ],
        }  # fmt: skip

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context)
        document = value.get("document")
        number = str(value.get("approval_number") or "").removeprefix("审图号")
        context.update(
            picture=picture(value.get("image"), BODY_FILTER) or context.get("sample"),
            original=value["image"].file.url if value.get("image") else "",
            approval_number=number.lstrip(":： "),
            attachment=attachment(document) if document else None,
            places=[
                _place(number, bound)
                for number, bound in enumerate(value["places"].bound_blocks, start=1)
            ],
        )
        context["is_marked"] = any(place["x"] for place in context["places"])
        return context

    def get_preview_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        from django.templatetags.static import static

        context: dict[str, Any] = super().get_preview_context(value, parent_context)
        return context | {"sample": Picture(static("portal/img/scene.svg"), 2400, 630, "")}


def _place(number: int, bound: Any) -> dict[str, Any]:
    place = bound.value
    coordinates = _COORDINATES.fullmatch(place.get("coordinates") or "")
    phone = str(place.get("phone") or "")
    marked = place.get("across") is not None and place.get("down") is not None
    return {
        "id": bound.id,
        "number": number,
        "name": place.get("name"),
        "address": place.get("address"),
        "phone": phone,
        "is_callable": _PHONE.fullmatch(phone) is not None,
        "hours": place.get("hours"),
        "x": f"{place['across']:g}%" if marked else "",
        "y": f"{place['down']:g}%" if marked else "",
        "geo_url": f"geo:{coordinates[1]},{coordinates[2]}" if coordinates else "",
    }
