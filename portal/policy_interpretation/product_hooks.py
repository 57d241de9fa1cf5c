"""Interpretations in Wagtail's admin: addresses, buttons of a document, refusing to lose links."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.plugin_api import register_wagtail_hook

from . import product_admin
from .models import InterpretationLink, PolicyPage

_SHOWN = 5


@register_wagtail_hook("register_admin_urls")
def product_urls() -> list[Any]:
    patterns = [
        path("<int:pk>/clauses/", product_admin.clause_list, name="clauses"),
        path("<int:pk>/coverage/", product_admin.coverage, name="coverage"),
        path("<int:pk>/new/", product_admin.new_product, name="new"),
        path("<int:pk>/questions/", product_admin.question_drafts, name="questions"),
    ]
    return [path("policy-products/", include((patterns, "policy_products_admin")))]


@register_wagtail_hook("register_page_header_buttons")
def document_buttons(
    page: Page, user: Any, view_name: str = "", next_url: str | None = None
) -> Iterator[Button]:
    """On a document: what is not explained yet; drafts of questions where a plugin makes them."""
    if not isinstance(page, PolicyPage) or page.pk is None:
        return
    if not page.permissions_for_user(user).can_edit():
        return
    yield Button(
        _("New interpretation"),
        reverse("policy_products_admin:new", args=[page.pk]),
        icon_name="comment",
        priority=69,
    )
    yield Button(
        _("Coverage by plain words"),
        reverse("policy_products_admin:coverage", args=[page.pk]),
        icon_name="list-ol",
        priority=70,
    )
    if product_admin.drafts_possible(page):
        yield Button(
            _("Draft questions and answers"),
            reverse("policy_products_admin:questions", args=[page.pk]),
            icon_name="help",
            priority=71,
        )


# --- documents that are explained -----------------------------------------------------------
def explaining(page: Page) -> list[InterpretationLink]:
    """Links from products outside a page to documents at or below it."""
    return list(
        InterpretationLink.objects.filter(policy__path__startswith=page.path)
        .exclude(page__path__startswith=page.path)
        .select_related("page", "policy")
        .order_by("page_id")
    )


@register_wagtail_hook("before_delete_page")
def refuse_deleting(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A document that products explain stays: first change or delete these."""
    return _refused(request, [page])


@register_wagtail_hook("before_bulk_action")
def refuse_bulk_deleting(
    request: HttpRequest, action_type: str, objects: Any, action: Any
) -> HttpResponse | None:
    if action_type != "delete":
        return None
    return _refused(request, [item for item in objects if isinstance(item, Page)])


def _refused(request: HttpRequest, pages: list[Page]) -> HttpResponse | None:
    links = [link for page in pages for link in explaining(page)]
    outside = {link.page_id: link for link in links}
    if not outside:
        return None
    text = ngettext(
        "Not deleted: %(count)d interpretation explains it.",
        "Not deleted: %(count)d interpretations explain it.",
        len(outside),
    ) % {"count": len(outside)}
    rest = _("Delete these first or let them explain another document. To take the document out of "
             "the public, withdraw it.")  # fmt: skip
    buttons = [
        messages.button(reverse("wagtailadmin_pages:edit", args=[link.page_id]), link.page.title)
        for link in list(outside.values())[:_SHOWN]
    ]
    messages.error(request, f"{text} {rest}", buttons=buttons)
    parent = pages[0].get_parent()
    return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[parent.pk]))


@register_wagtail_hook("before_unpublish_page")
def tell_when_withdrawing(request: HttpRequest, page: Page) -> None:
    """Withdrawing is allowed: the products then say that the document is not public."""
    links = InterpretationLink.objects.filter(policy__path__startswith=page.path, page__live=True)
    number = links.values("page_id").distinct().count()
    if number:
        text = ngettext(
            "%(count)d public interpretation explains it. It stays public and says that the "
            "document is not.",
            "%(count)d public interpretations explain it. They stay public and say that the "
            "document is not.",
            number,
        )
        messages.warning(request, text % {"count": number})
