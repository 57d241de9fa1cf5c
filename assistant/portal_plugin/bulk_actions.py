"""What the list of entries offers for many at once. Each entry is checked by itself."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction

from .forms import BulkChangeForm
from .knowledge_list import filtered_entries
from .models import QuestionPage
from .services import bulk
from .services.going_public import Went, go_public
from .services.golden_moves import Preview, on_publishing, on_withdrawing

_NAMED = 5


class EntryAction(BulkAction):
    """Of entries in the list: those chosen, or all that its filters show."""

    models = [QuestionPage]
    template_name = "assistant/admin/bulk.html"
    submit_label: Any = ""
    explanation: Any = ""
    page_title: Any = ""

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        return filtered_entries(self.request).values_list("pk", flat=True)

    def object_context(self, obj: Any) -> dict[str, Any]:
        return {"item": obj, "edit_url": reverse("wagtailadmin_pages:edit", args=[obj.pk])}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "page_title": self.page_title or self.display_name,
            "header_icon": "help",
            "submit_label": self.submit_label or self.display_name,
            "explanation": self.explanation,
            "preview": self.preview([row["item"] for row in context.get("items", ())]),
        }

    def preview(self, pages: Sequence[QuestionPage]) -> Preview | None:
        """Which golden questions would move; None where the action moves none by itself."""
        return None

    def get_execution_context(self) -> dict[str, Any]:
        return {"user": self.request.user, "form": self.cleaned_form, "request": self.request}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> None:
        """Said by the actions themselves, with what was refused."""


class ChangeAction(EntryAction):
    display_name = gettext_lazy("Change")
    action_type = "change"
    aria_label = gettext_lazy("Change topic, unit, audience or validity of the chosen entries")
    page_title = gettext_lazy("Change several entries")
    explanation = gettext_lazy("What you leave empty stays as it is in each entry.")
    form_class = BulkChangeForm
    action_priority = 10

    def check_perm(self, obj: QuestionPage) -> bool:
        rights = obj.permissions_for_user(self.request.user)
        return bool(rights.can_edit() and not rights.page_locked())

    @classmethod
    def execute_action(cls, objects: Sequence[QuestionPage], **kwargs: Any) -> tuple[int, int]:
        form, request = kwargs["form"], kwargs["request"]
        outcome = bulk.change_entries(
            pages=objects,
            changes=form.changes(),
            publish=form.cleaned_data["publish"],
            user=kwargs["user"],
        )
        text = ngettext(
            "%(count)d entry changed, %(published)d handed in for review.",
            "%(count)d entries changed, %(published)d handed in for review.",
            outcome.changed,
        ) % {"count": outcome.changed, "published": outcome.published}
        undo = messages.button(
            reverse("assistant_admin:undo", args=[outcome.edit.pk]), _("Take it back")
        )
        messages.success(request, text, buttons=[undo] if outcome.changed else [])
        _say_refused(request, outcome.refused)
        return outcome.changed, 0


class HandInAction(EntryAction):
    display_name = gettext_lazy("Submit for review")
    action_type = "submit"
    aria_label = gettext_lazy("Submit the chosen entries for review")
    explanation = gettext_lazy(
        "The newest version of each goes into review, where nothing speaks against it. "
        "Each is signed by itself."
    )
    action_priority = 20

    def preview(self, pages: Sequence[QuestionPage]) -> Preview | None:
        return on_publishing([page.get_latest_revision_as_object() for page in pages])

    def check_perm(self, obj: QuestionPage) -> bool:
        rights = obj.permissions_for_user(self.request.user)
        return bool(rights.can_edit() and not rights.page_locked())

    @classmethod
    def execute_action(cls, objects: Sequence[QuestionPage], **kwargs: Any) -> tuple[int, int]:
        done, refused = 0, []
        for page in objects:
            went, why = go_public(page=page, user=kwargs["user"])
            if went is Went.NOWHERE:
                refused.append((page.title, why))
            else:
                done += 1
        text = ngettext("%(count)d entry is in review.", "%(count)d entries are in review.", done)
        messages.success(kwargs["request"], text % {"count": done})
        _say_refused(kwargs["request"], refused)
        return done, 0


class WithdrawAction(EntryAction):
    display_name = gettext_lazy("Withdraw")
    action_type = "withdraw"
    aria_label = gettext_lazy("Withdraw the chosen entries from the public")
    explanation = gettext_lazy("They are no answers any more at once; their drafts stay.")
    classes = {"serious"}
    action_priority = 30

    def preview(self, pages: Sequence[QuestionPage]) -> Preview | None:
        return on_withdrawing([page.pk for page in pages])

    def check_perm(self, obj: QuestionPage) -> bool:
        return bool(obj.permissions_for_user(self.request.user).can_unpublish())

    @classmethod
    def execute_action(cls, objects: Sequence[QuestionPage], **kwargs: Any) -> tuple[int, int]:
        for page in objects:
            page.unpublish(user=kwargs["user"])
        text = ngettext("%(count)d entry withdrawn.", "%(count)d entries withdrawn.", len(objects))
        messages.success(kwargs["request"], text % {"count": len(objects)})
        return len(objects), 0


ACTIONS = {action.action_type: action for action in (ChangeAction, HandInAction, WithdrawAction)}


def bulk_action(request: HttpRequest, action: str) -> Any:
    """Ask and do: the entries are named in the address (``id``), or are all of the list."""
    if action not in ACTIONS:
        raise Http404
    return ACTIONS[action](request, QuestionPage).dispatch(request)


def _say_refused(request: HttpRequest, refused: Sequence[tuple[str, str]]) -> None:
    for title, why in refused[:_NAMED]:
        messages.warning(
            request, _("Not published: “%(title)s”. %(why)s") % {"title": title, "why": why}
        )
    if len(refused) > _NAMED:
        text = ngettext(
            "%(count)d more was not published.",
            "%(count)d more were not published.",
            len(refused) - _NAMED,
        )
        messages.warning(request, text % {"count": len(refused) - _NAMED})
