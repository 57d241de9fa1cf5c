"""The translators' desk: a page side by side with its Chinese, from the first text to release.

Works as a plain form; the script adds saving while one writes, keys and the live preview.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.images.widgets import AdminImageChooser

from portal.foreign.inline_marks import kept
from portal.foreign.models import Step
from portal.foreign.selectors.columns import column_for
from portal.foreign.selectors.desk import SHOWN, Row, help_for, progress_of, rows_of
from portal.foreign.selectors.machine import has_translator
from portal.foreign.selectors.review import history_of
from portal.foreign.services import review as reviewing
from portal.foreign.services.drafts import place_target, wanted_slug
from portal.foreign.services.machine import draft
from portal.foreign.services.overrides import overrides_of, save_override
from portal.foreign.services.parity import ParityRefused
from portal.foreign.services.placing import NoColumn
from portal.foreign.services.segments import (
    ChangedMeanwhile,
    SourceMoved,
    comment_on,
    confirm_segment,
    save_segment,
    save_slug,
    settle_comment,
)
from portal.foreign.services.syncing import recount
from portal.plugin_api import holder_of

from .desk_rights import rights_of, translation_for

LABELS = {
    "all": _("All texts"),
    "todo": _("To do"),
    "stale": _("Behind"),
    "machine": _("By a machine"),
    "warnings": _("With warnings"),
}


class DeskView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "foreign/admin/desk.html"
    page_title = _("Translators' desk")
    header_icon = "globe"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.translation = translation_for(request.user, kwargs["pk"])
        self.rights = rights_of(request.user, self.translation)
        self.errors: dict[str, Row] = {}
        self.parity: list[Any] = []
        self.typed: dict[str, str] = {}
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return f"{self.translation.source.title} → {self.translation.section.locale}"

    @cached_property
    def rows(self) -> list[Row]:
        return rows_of(self.translation)

    # --- showing ---------------------------------------------------------------------------------
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = self.rows
        self._keep_typed(rows)
        wanted = self.request.GET.get("show", "all")
        wanted = wanted if wanted in SHOWN else "all"
        shown = [row for row in rows if row.shows(wanted) or row.error]
        language = self.translation.section.locale.language_code
        at = self._row(self.request.GET.get("at", ""), rows)
        has_column = self.translation.target_id is not None or (
            column_for(source_path=self.translation.source.path, section=self.translation.section)
            is not None
        )
        return context | {
            "translation": self.translation,
            "source": self.translation.source,
            "section": self.translation.section,
            "rights": self.rights,
            "rows": shown,
            "filters": [
                (name, LABELS[name], sum(row.shows(name) for row in rows)) for name in SHOWN
            ],
            "shown": wanted,
            "progress": progress_of(rows),
            "language": language,
            "direction": "rtl" if get_language_info(language)["bidi"] else "ltr",
            "has_column": has_column,
            "has_machine": has_translator(self.translation.section),
            "slug": wanted_slug(self.translation),
            "overrides": self._overrides(),
            "media": AdminImageChooser().media,
            "history": history_of(self.translation)[::-1],
            "parity": self.parity,
            "steps": self._steps(),
            "at": at,
            "suggestions": help_for(self.translation, at) if at is not None else [],
            "sentence": self.request.POST.get("comment", ""),
        }

    def _overrides(self) -> list[dict[str, Any]]:
        chooser = AdminImageChooser()
        return [
            {
                "context_pk": one.context_pk,
                "label": one.label,
                "is_picture": one.is_picture,
                "original": one.original,
                "value": one.value,
                "picture": one.picture,
                "chooser": chooser.render(
                    f"override-{one.context_pk}",
                    one.own_picture,
                    {"id": f"override-{one.context_pk}"},
                )
                if one.is_picture
                else "",
            }
            for one in overrides_of(self.translation)
        ]

    def _steps(self) -> list[tuple[str, str]]:
        """The way to the release: (label, done | now | later)."""
        review = self.rights.review
        steps = [(gettext("Translation"), "now")]
        running = self.rights.is_running
        if running:
            steps = [(gettext("Translation"), "done")]
        passed = running
        for step in Step:
            if not running or review is None:
                steps.append((str(step.label), "later"))
            elif step == review.step:
                steps.append((str(step.label), "now"))
                passed = False
            else:
                steps.append((str(step.label), "done" if passed else "later"))
        return steps

    def _keep_typed(self, rows: list[Row]) -> None:
        for row in rows:
            found = self.errors.get(str(row.number))
            if found is not None:
                row.error, row.theirs = found.error, found.theirs
                row.typed = self.typed[str(row.number)]

    def _row(self, number: str, rows: list[Row]) -> Row | None:
        return next((row for row in rows if str(row.number) == number), None)

    # --- acting ----------------------------------------------------------------------------------
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        what, _colon, which = request.POST.get("do", "save").partition(":")
        action = getattr(self, f"do_{what}", None)
        if action is None:
            raise PermissionDenied
        # What was typed is kept first, whatever was pressed.
        saved = self._save_all() if self.rights.may_write else 0
        if self.errors:
            messages.error(request, gettext("Some texts were not saved; they are marked below."))
            return self.render_to_response(self.get_context_data())
        try:
            done = action(which)
        except ParityRefused as refused:
            self.parity = refused.problems
            messages.error(request, refused.messages[0])
            return self.render_to_response(self.get_context_data())
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            self.translation.refresh_from_db()
            return self.render_to_response(self.get_context_data())
        if done:
            messages.success(request, done)
        elif saved:
            words = ngettext("%(count)s text saved.", "%(count)s texts saved.", saved)
            messages.success(request, words % {"count": saved})
        return HttpResponseRedirect(self._here(which))

    def _here(self, which: str) -> str:
        url = reverse("foreign_desk", args=[self.translation.pk])
        show = self.request.GET.get("show", "")
        if show in SHOWN:
            url += f"?show={show}"
        return f"{url}#s{which}" if which.isdecimal() else url

    def _save_all(self) -> int:
        """Save what differs from what was shown; keep the others with their errors."""
        saved = 0
        for number in self.request.POST.getlist("number"):
            fields = {
                name: self.request.POST.get(f"{name}-{number}", "")
                for name in ("path", "hash", "position", "source", "seen", "text", "shown")
            }
            typed = fields["text"].replace("\r\n", "\n").strip()
            if typed == fields["shown"].replace("\r\n", "\n").strip():
                continue
            try:
                save_segment(
                    translation=self.translation,
                    path=fields["path"],
                    position=int(fields["position"] or 0),
                    source_hash=fields["hash"],
                    text=kept(typed, fields["source"]),
                    user=self.request.user,
                    seen=fields["seen"],
                    count=False,
                )
                saved += 1
            except ValidationError as error:
                self._refused(number, typed, error)
        if saved:
            self._place()
            recount(self.translation)
            self.__dict__.pop("rows", None)
        return saved

    def _refused(self, number: str, typed: str, error: ValidationError) -> None:
        row = self._row(number, self.rows)
        if row is None:
            sentence = gettext(
                "A text that is no longer in the Chinese page was not saved: %(text)s"
            )
            messages.error(self.request, sentence % {"text": typed})
            return
        row.error = " ".join(error.messages)
        if isinstance(error, ChangedMeanwhile):
            row.theirs = error.theirs
        elif isinstance(error, SourceMoved):
            row.theirs = error.present
        self.errors[number], self.typed[number] = row, typed

    def _place(self) -> None:
        """The page in the tree, for the preview; without a column the texts are kept."""
        try:
            place_target(translation=self.translation, user=self.request.user)
        except NoColumn as error:
            messages.warning(self.request, " ".join(error.messages))

    def _chosen(self, which: str) -> Row:
        row = self._row(which, self.rows)
        if row is None:
            raise ValidationError(gettext("This text is no longer there."))
        return row

    def do_save(self, which: str) -> str:
        if not self.rights.may_write:
            raise PermissionDenied
        return ""

    def do_confirm(self, which: str) -> str:
        if not self.rights.may_write:
            raise PermissionDenied
        row = self._chosen(which)
        confirm_segment(
            translation=self.translation,
            path=row.segment.path,
            source_hash=row.segment.source_hash,
            user=self.request.user,
        )
        return gettext("The machine's text is confirmed.")

    def do_machine(self, which: str) -> str:
        if not self.rights.may_write:
            raise PermissionDenied
        result = draft(
            translation=self.translation,
            user=self.request.user,
            segments=[self._chosen(which).segment],
        )
        if result.warning:
            messages.warning(self.request, result.warning)
        if not result.drafted:
            raise ValidationError(gettext("The machine gave no usable text."))
        self._place()
        return gettext("There is a machine's draft; look at it.")

    def do_comment(self, which: str) -> str:
        row = self._chosen(which)
        comment_on(
            translation=self.translation,
            path=row.segment.path,
            source_hash=row.segment.source_hash,
            comment=self.request.POST.get(f"comment-{which}", ""),
            user=self.request.user,
        )
        return gettext("The comment is there.")

    def do_settle(self, which: str) -> str:
        comment = self.translation.comments.filter(pk=which if which.isdecimal() else 0).first()
        if comment is None:
            raise ValidationError(gettext("This comment is no longer there."))
        settle_comment(comment=comment, user=self.request.user)
        return gettext("The comment is settled.")

    def do_address(self, which: str) -> str:
        if not self.rights.may_write:
            raise PermissionDenied
        save_slug(translation=self.translation, slug=self.request.POST.get("slug", "").strip())
        return gettext("The address is used at the next release.")

    def do_override(self, which: str) -> str:
        if not self.rights.may_write:
            raise PermissionDenied
        save_override(
            translation=self.translation,
            context_pk=int(which) if which.isdecimal() else 0,
            value=self.request.POST.get(f"override-{which}", "").strip(),
            user=self.request.user,
        )
        return gettext("Saved for this language.")

    def do_submit(self, which: str) -> str:
        if not self.rights.may_submit:
            raise PermissionDenied
        reviewing.submit(
            translation=self.translation, user=self.request.user, comment=self._comment()
        )
        return gettext("Handed in. The language reviewer has it now.")

    def do_back(self, which: str) -> str:
        reviewing.take_back(translation=self.translation, user=self.request.user)
        return gettext("Taken back; the texts can be changed again.")

    def do_approve(self, which: str) -> str:
        step = reviewing.approve(
            translation=self.translation,
            user=self.request.user,
            comment=self._comment(),
            override_reason=self.request.POST.get("reason", "").strip(),
        )
        if step == Step.RELEASE and (held_by := holder_of(self.translation.target)):
            return gettext("Signed. The page goes public with the set “%(set)s”.") % {
                "set": held_by
            }
        if step == Step.RELEASE:
            return gettext("Released: the page is public.")
        return gettext("Approved. The next reviewer has it now.")

    def do_return(self, which: str) -> str:
        reviewing.send_back(
            translation=self.translation, user=self.request.user, comment=self._comment()
        )
        return gettext("Returned to the translator with your reason.")

    def _comment(self) -> str:
        return self.request.POST.get("comment", "").strip()
