"""A way to the receipt from the message that a page is public."""

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import SiteLike, release_links


@release_links.step
def receipt_link(
    links: list[tuple[str, str]], /, *, page: Page, site: SiteLike
) -> list[tuple[str, str]]:
    return [*links, (_("Publishing receipt"), reverse("receipts_of_page", args=[page.pk]))]
