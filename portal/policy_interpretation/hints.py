"""What a careful colleague would remark on a document in the form. Advice: nothing is stopped."""

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from wagtail.models import Page

from portal.plugin_api import site_of_path
from portal.text.official.numbers import read_number

from .models import PolicyPage, PolicyRecord
from .numbers import number_key

_SHOWN = 5


def number_hints(page: PolicyPage, parent: Page | None = None) -> SafeString:
    """On the document number: its form, and who has the same; "" without anything to say."""
    number = page.document_number.strip()
    if not number:
        return SafeString("")
    found = [*_on_form(number), *_on_twins(page, number, parent)]
    return format_html_join("", '<span class="portal-note">{}</span>', ((hint,) for hint in found))


def _on_form(number: str) -> list[str]:
    read = read_number(number)
    if read is None:
        return [gettext("This does not look like a document number, such as 云政发〔2026〕12号.")]
    if read.normalised != number:
        return [gettext("It is usually written %(number)s.") % {"number": read.normalised}]
    return []


def _on_twins(page: PolicyPage, number: str, parent: Page | None) -> list[SafeString]:
    """Documents with the same number: public ones, and drafts of the same site."""
    path = page.path or (parent.path if parent is not None else "")
    visible = Q(page__live=True) | Q(site=site_of_path(path), site__isnull=False)
    twins = (
        PolicyRecord.objects.filter(visible, number_key=number_key(number))
        .exclude(page_id=page.pk)
        .values_list("page_id", "title")[:_SHOWN]
    )
    links = [(reverse("wagtailadmin_pages:edit", args=[pk]), title) for pk, title in twins]
    if not links:
        return []
    words = gettext("Other documents have the same number:")
    return [format_html("{} {}", words, format_html_join("、", '<a href="{}">{}</a>', links))]
