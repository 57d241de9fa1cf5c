"""Entries in Wagtail's admin: addresses, buttons, what is said after saving."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.models import Page

from portal.plugin_api import (
    register_wagtail_hook,
    site_of_path,
    watched_text_saved,
)

from . import editing, entry_admin  # noqa: F401 - editing puts the form together
from .bulk_actions import bulk_action
from .exchange.places import COLUMN_SLUG
from .knowledge_list import QuestionListViewSet
from .models import BulkEdit, QuestionPage
from .publishing import personal_data_in
from .selectors.wordings import clashes_of
from .services import bulk
from .topic_viewset import TopicViewSet
from .watched import ENTRIES

_NAMED = 3


def entries() -> QuestionListViewSet:
    return QuestionListViewSet("assistant_questions")


def topics() -> TopicViewSet:
    return TopicViewSet("assistant_topics")


def entry_urls() -> list[Any]:
    patterns = [
        path("<int:pk>/translate/", entry_admin.translate, name="translate"),
        path("undo/<int:pk>/", undo, name="undo"),
        path("many/<slug:action>/", bulk_action, name="many"),
    ]
    return [path("question-entries/", include((patterns, "assistant_admin")))]


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a change of many entries back: asks first, then does it."""
    edit = get_object_or_404(BulkEdit, pk=pk)
    if request.method != "POST":
        return entry_admin.confirm_undo(request, edit)
    back = HttpResponseRedirect(reverse("assistant_questions:index"))
    try:
        done, left = bulk.undo(edit=edit, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back
    text = ngettext("%(count)d entry is as before.", "%(count)d entries are as before.", done)
    messages.success(request, text % {"count": done})
    if left:
        text = ngettext(
            "%(count)d was changed again since and stays as it is.",
            "%(count)d were changed again since and stay as they are.",
            left,
        )
        messages.warning(request, text % {"count": left})
    return back


def lead_to_the_topics(
    page: Page, request: HttpRequest, args: Any, kwargs: Any
) -> HttpResponse | None:
    """The column that holds a site's questions is read by topic, on the pages made for that."""
    if page.slug != COLUMN_SLUG or not getattr(page, "is_container", False):
        return None
    return HttpResponseRedirect(reverse("assistant:browse"))


# --- one entry --------------------------------------------------------------------------------
def entry_buttons(
    page: Page, user: Any, view_name: str = "", next_url: str | None = None
) -> Iterator[Button]:
    """On an entry: begin a translation, into a language that has none."""
    if not isinstance(page, QuestionPage) or page.pk is None or page.alias_of_id:
        return
    if page.permissions_for_user(user).can_edit():
        url = reverse("assistant_admin:translate", args=[page.translation_of_id or page.pk])
        yield Button(_("Translate"), url, icon_name="globe", priority=60)


def told_of_new_entry(request: HttpRequest, page: Page) -> None:
    _after_saving(request, page)


def told_of_entry(request: HttpRequest, page: Page) -> None:
    _after_saving(request, page)


def _after_saving(request: HttpRequest, page: Page) -> None:
    """What an editor should think of twice, without being stopped."""
    specific = page.specific
    if not isinstance(specific, QuestionPage):
        return
    draft = specific.get_latest_revision_as_object()
    watched_text_saved.send(source=ENTRIES, key=str(page.pk), site=site_of_path(page.path))
    numbers = personal_data_in(f"{draft.question}\n{draft.answer_text}")
    if numbers:
        messages.warning(
            request,
            _("The answer names what looks like a person's own number (%(numbers)s). Only numbers "
              "of offices belong into an answer.")
            % {"numbers": "、".join(numbers[:_NAMED])},
        )  # fmt: skip
    for clash in clashes_of(draft)[:_NAMED]:
        messages.warning(
            request,
            _("“%(wording)s” is also asked of another entry.") % {"wording": clash.wording},
            buttons=[
                messages.button(
                    reverse("wagtailadmin_pages:edit", args=[clash.page]), clash.title[:40]
                )
            ],
        )


register_wagtail_hook("register_admin_viewset", entries)
register_wagtail_hook("register_admin_viewset", topics)
register_wagtail_hook("register_admin_urls", entry_urls)
register_wagtail_hook("register_page_header_buttons", entry_buttons)
register_wagtail_hook("after_create_page", told_of_new_entry)
register_wagtail_hook("after_edit_page", told_of_entry)
register_wagtail_hook("before_serve_page", lead_to_the_topics)
