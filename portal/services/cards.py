"""Guides as counter cards: the essentials in Chinese and in the visitor's language."""

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from portal.plugin_api import CardText
from portal.text.phones import international

from .models import GuidePage
from .opening_hours import week_lines

_LONGEST_KEY = 12


class GuideCards:
    """In the registry ``card_sources``. Guides by primary key, of whichever language."""

    def card_text(self, key: str, *, language: str) -> CardText | None:
        """A guide that is public and has a Chinese text; else None."""
        if not (key.isascii() and key.isdecimal() and len(key) <= _LONGEST_KEY):
            return None
        asked = GuidePage.objects.filter(pk=int(key), live=True, alias_of=None).first()
        if asked is None:
            return None
        versions = {
            page.locale.language_code: page
            for page in GuidePage.objects.filter(
                translation_key=asked.translation_key, live=True, alias_of=None
            ).select_related("locale", "owner_unit")
        }
        chinese = versions.get(settings.LANGUAGE_CODE)
        if chinese is None:
            return None
        foreign = versions.get(language)
        return _card_text(chinese, foreign, language)


def _card_text(chinese: GuidePage, foreign: GuidePage | None, language: str) -> CardText:
    unit = chinese.owner_unit
    shown = foreign or chinese
    with override(settings.LANGUAGE_CODE):
        chinese_html = essentials(chinese)
    html: str = ""
    if foreign is not None:
        with override(language):
            html = essentials(foreign)
    contacts = [
        f"{place.name} {place.address} {place.phone}".strip() for place in chinese.places.all()
    ]
    if chinese.contact_phone:
        contacts.append(chinese.contact_phone)
    is_english = foreign is not None and language == "en"
    return CardText(
        key=str(shown.pk),
        page=shown.pk,
        title=foreign.title if foreign else "",
        chinese_title=chinese.title,
        html=html,
        chinese_html=chinese_html,
        contacts="\n".join(contacts),
        sources=[row.target_id for row in chinese.basis.all() if row.target_id],
        names=[(unit.full_name, unit.english_name)] if unit and unit.english_name and is_english
        else (),
    )  # fmt: skip


def essentials(page: GuidePage) -> SafeString:
    """What one needs at the counter, in the language that is active: paragraphs and a list."""
    in_chinese = (get_language() or "") == settings.LANGUAGE_CODE
    paragraphs = [page.summary]
    if page.limit_text:
        paragraphs.append(_("How long: %(text)s") % {"text": page.limit_text})
    fee = page.fee_standard if page.is_charged else _("Free of charge")
    if fee:
        paragraphs.append(_("Fees: %(text)s") % {"text": fee})
    for place in page.places.all():
        hours = "; ".join(f"{line.days} {line.hours}" for line in week_lines(place.hours))
        phone = place.phone if in_chinese else international(place.phone)
        words = [f"{place.name} {place.counter}".strip(), place.address, hours, phone]
        paragraphs.append(_(", ").join(word for word in words if word))
    html = format_html_join("", "<p>{}</p>", ((text,) for text in paragraphs))
    materials = [(row.name,) for row in page.materials.all()]
    if not materials:
        return html
    return format_html(
        "{}<p>{}</p><ul>{}</ul>",
        html,
        _("What to bring:"),
        format_html_join("", "<li>{}</li>", materials),
    )
