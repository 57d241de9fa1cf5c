"""Text that exists in Chinese only, on pages in other languages: marked, never passed off."""

import re
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, override

from portal.core.context import LanguageLink

register = template.Library()

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA = re.compile("[\u3041-\u30ff]")
_ATTRIBUTE = mark_safe(' lang="zh-Hans" dir="ltr"')


def is_chinese_abroad(text: object, language: str | None = None) -> bool:
    """Whether a text of the source language stands on a page in another one."""
    shown = language or get_language() or settings.LANGUAGE_CODE
    if shown == settings.LANGUAGE_CODE or _HAN.search(str(text)) is None:
        return False
    # Japanese is written with the same signs; with kana among them it is its own.
    return not (shown == "ja" and _KANA.search(str(text)))


@register.filter
def chinese(value: Any) -> SafeString:
    """A value that is kept in Chinese only: abroad with its language, so that it is read right."""
    if value is None or value == "":
        return SafeString()
    if not is_chinese_abroad(value):
        return conditional_escape(value)
    return format_html('<bdi lang="zh-Hans">{}</bdi>', value)


@register.filter
def chinese_attribute(value: Any) -> SafeString:
    """``lang`` for an element whose text or attributes are such a value; nothing at home."""
    return _ATTRIBUTE if value and is_chinese_abroad(value) else SafeString()


@register.simple_tag
def language_link(link: LanguageLink, class_name: str = "") -> SafeString:
    """An entry of the language switcher, in its own language. On every page, eight times: in a
    template of its own it cost a tenth of an article."""
    elsewhere = ""
    if not link.is_same_page:
        class_name = f"{class_name} is-elsewhere"
        with override(link.code):
            told = gettext("this page is not translated")
        elsewhere = format_html(
            '<span class="visually-hidden"> ({})</span> <span class="languages__landing">{}</span>',
            told,
            link.landing,
        )
    current = mark_safe(' aria-current="true"') if link.is_current else ""
    return format_html(
        '<a class="{}" href="{}" lang="{}" hreflang="{}"{}>{}{}</a>',
        class_name,
        link.url,
        link.code,
        link.code,
        current,
        link.label,
        elsewhere,
    )
