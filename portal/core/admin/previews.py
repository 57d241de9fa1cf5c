"""The live preview: one round trip for what was typed, and no stop for what is half typed.

Wagtail's preview stores the form with one request and prints the page with a second one; and it
stands still as long as any field holds something that is not valid. Here the first request may
answer with the page as well (``?html``), and fields that are not right yet keep their last value
in the preview, while the form tells what is wrong with them as before.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext
from wagtail.admin.views.pages.preview import PreviewOnCreateView, PreviewOnEditView

from .half_typed import leave_out


class _LivePreview:
    """Mixed into both of Wagtail's views, before them."""

    form: Any = None
    left_out: list[str]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.left_out = []
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def validate_form(self, form: Any) -> bool:
        """Whether the page can be shown, with what is not right yet left as it was."""
        valid: bool = super().validate_form(form)  # type: ignore[misc]
        if not valid and form.is_bound:
            self.left_out = leave_out(form)
            valid = super().validate_form(form)  # type: ignore[misc]
        self.form = form
        return valid

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Wagtail's; ``?html`` asks for the page too (key ``html``, left out on failure)."""
        response = super().post(request, *args, **kwargs)  # type: ignore[misc]
        answer = json.loads(response.content)
        answer["left_out"] = self._sentence() if answer["is_valid"] else ""
        if answer["is_valid"] and "html" in request.GET:
            shown = self._page(request)
            if shown.status_code == 200:
                answer["html"] = shown.content.decode(shown.charset)
        return JsonResponse(answer)

    def _page(self, request: HttpRequest) -> HttpResponse:
        page = self.object  # type: ignore[attr-defined]
        self.form.save(commit=False)
        mode = request.GET.get("mode", page.default_preview_mode)
        extra = self.get_extra_request_attrs()  # type: ignore[attr-defined]
        response: HttpResponse = page.make_preview_request(request, mode, extra)
        return response

    def _sentence(self) -> str:
        if not self.left_out:
            return ""
        return gettext("Not right yet, so the preview does not show it: %(fields)s.") % {
            "fields": " / ".join(dict.fromkeys(self.left_out))
        }


class LivePreviewOnEditView(_LivePreview, PreviewOnEditView):
    """The preview beside the form of a page."""


class LivePreviewOnCreateView(_LivePreview, PreviewOnCreateView):
    """The preview beside the form of a page that is not saved yet."""
