"""The boards: how all languages stand, and what one section owes, in the order of its urgency."""

import dataclasses
import datetime
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page as Portion
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.foreign.models import ForeignSection, Harm, PageTranslation, SectionWatch
from portal.foreign.permissions import may_manage, reach_for, sections_of
from portal.foreign.selectors.board import (
    NOBODY,
    Board,
    Row,
    Wanted,
    lag_days,
    last_reports,
    own_paths,
    section_lines,
    workers,
)
from portal.foreign.selectors.coverage import figures
from portal.foreign.selectors.monitoring import in_words, watch_of
from portal.foreign.selectors.people import sees_boards
from portal.foreign.services import assignments, monitoring
from portal.plugin_api import TABLE_TYPES, table_response

from .links import desk_url

PER_PAGE = 50
STYLE = forms.Media(css={"all": ["foreign/admin/board.css"]})
_UNDO = "foreign_board_undo"
Status = PageTranslation.Status


class BoardMixin(WagtailAdminTemplateMixin):
    """The style of the boards, on top of the admin's own."""

    header_icon = "globe"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["media"] = context.get("media", forms.Media()) + STYLE
        return context


class OverviewView(BoardMixin, TemplateView):
    """All sections that the account works in or runs, side by side."""

    template_name = "foreign/admin/boards.html"
    page_title = _("Translation boards")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.sections = list(sections_of(request.user).order_by("site__kind", "site__code", "pk"))
        if not sees_boards(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = section_lines(self.sections)
        return super().get_context_data(**kwargs) | {
            "lines": lines,
            "statuses": list(Status),
            "table": [
                (line, [(status, line.figures.counts.get(status, 0)) for status in Status])
                for line in lines
            ],
        }


class BoardView(BoardMixin, TemplateView):
    """One section: figures, filters, the queue, and who does what."""

    template_name = "foreign/admin/board.html"
    page_title = _("Translation boards")

    section: ForeignSection

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.section = get_object_or_404(
            ForeignSection.objects.select_related("site", "locale"), pk=kwargs["section"]
        )
        self.reach = reach_for(request)
        self.may_manage = may_manage(request.user, self.section)
        is_mine = any(held.section == self.section.pk for held in self.reach.memberships)
        if not (is_mine or self.may_manage or self.reach.everything):
            raise PermissionDenied
        self.may_assign = assignments.may_assign(request.user, self.section, reach=self.reach)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.section)

    # --- reading ----------------------------------------------------------------------------------
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        board = self._board()
        kind = request.GET.get("export", "")
        if kind in TABLE_TYPES:
            name = f"translations-{self.section.locale.language_code}-{timezone.localdate()}"
            return table_response(kind, name, _HEADINGS, map(_exported, board.rows()))
        return self.render_to_response(self.get_context_data(board=board))

    def _board(self) -> Board:
        paths = own_paths(self.request.user, self.section, self.reach)
        return Board(self.section, paths, wanted_from(self.request.GET))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        board: Board = kwargs.pop("board")
        section = self.section
        numbers = figures([section.pk])[section.pk]
        portion: Portion[int] = Paginator(range(len(board)), PER_PAGE).get_page(
            self.request.GET.get("p")
        )
        rows = board.rows((portion.number - 1) * PER_PAGE, portion.number * PER_PAGE)
        report = last_reports([section]).get(section.pk)
        is_member = any(held.section == section.pk for held in self.reach.memberships)
        kept = self.request.GET.copy()
        kept.pop("p", None), kept.pop("export", None)
        return super().get_context_data(**kwargs) | {
            "section": section,
            "figures": numbers,
            "is_covered": numbers.coverage >= section.minimum_coverage,
            "lag": lag_days(section, numbers.oldest),
            "tiles": [(status, numbers.counts.get(status, 0)) for status in Status],
            "rows": [(row, desk_url(row.translation.pk)) for row in rows],
            "portion": portion,
            "may_exchange": bool(rows) and (is_member or self.reach.everything),
            "row_ids": urlencode([("id", row.translation.pk) for row in rows]),
            "wanted": board.wanted,
            "columns": board.columns,
            "harms": Harm.choices,
            "statuses": Status.choices,
            "workers": workers(section),
            "may_assign": self.may_assign,
            "may_manage": self.may_manage,
            "nobody": NOBODY,
            "kept": kept.urlencode(),
            "is_filtered": board.wanted != Wanted(),
            "report": report,
            "findings": in_words(report) if report else [],
            "close_url": reverse("foreign_section", args=[section.pk]) if self.may_manage else "",
            "watch_form": WatchForm(instance=watch_of(section)) if self.may_manage else None,
            "undo": self._undo(),
            "today": timezone.localdate(),
        }

    def _undo(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.request.session.get(_UNDO)
        return found if found and found["section"] == self.section.pk else None

    # --- writing ----------------------------------------------------------------------------------
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_assign:
            raise PermissionDenied
        if "undo" in request.POST:
            self._take_back()
            return HttpResponseRedirect(request.get_full_path())
        try:
            self._assign(request)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            context = self.get_context_data(board=self._board()) | {
                "chosen": set(request.POST.getlist("translation")),
                "chosen_to": request.POST.get("to", ""),
                "chosen_day": request.POST.get("wanted_by", ""),
            }
            return self.render_to_response(context, status=422)
        return HttpResponseRedirect(request.get_full_path())

    def _assign(self, request: HttpRequest) -> None:
        pks = [int(text) for text in request.POST.getlist("translation") if text.isdecimal()]
        if not pks:
            raise ValidationError(gettext("Choose the translations first."))
        to = self._worker(request.POST.get("to", ""))
        before = assignments.assign(
            section=self.section,
            translations=pks,
            to=to,
            wanted_by=_day(request.POST.get("wanted_by", "")),
            by=request.user,
        )
        words = (
            ngettext(
                "%(count)d translation given to %(name)s.",
                "%(count)d translations given to %(name)s.",
                len(before),
            )
            if to
            else ngettext(
                "%(count)d translation is in nobody's hands now.",
                "%(count)d translations are in nobody's hands now.",
                len(before),
            )
        )
        name = (to.get_full_name() or to.get_username()) if to else ""
        sentence = words % {"count": len(before), "name": name}
        request.session[_UNDO] = {
            "section": self.section.pk,
            "sentence": sentence,
            "before": [_stored(row) for row in before],
        }
        messages.success(request, sentence)

    def _worker(self, text: str) -> Any:
        if text == NOBODY:
            return None
        people = {str(worker.user.pk): worker.user for worker in workers(self.section)}
        if text not in people:
            raise ValidationError(gettext("Choose who is to translate."))
        return people[text]

    def _take_back(self) -> None:
        found = self._undo()
        if found is None:
            messages.error(self.request, gettext("There is nothing to take back."))
            return
        before = [_read(row) for row in found["before"]]
        count = assignments.take_back(section=self.section, before=before, by=self.request.user)
        del self.request.session[_UNDO]
        messages.success(
            self.request,
            ngettext(
                "%(count)d translation is as it was before.",
                "%(count)d translations are as they were before.",
                count,
            )
            % {"count": count},
        )


def take_translation(request: HttpRequest, pk: int) -> HttpResponse:
    """A translator takes a translation that nobody has, and goes on to the desk."""
    if request.method != "POST":
        return HttpResponse(status=405)
    translation = get_object_or_404(
        PageTranslation.objects.select_related("section", "source", "target"), pk=pk
    )
    try:
        assignments.take(translation=translation, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("foreign_board", args=[translation.section_id]))
    return HttpResponseRedirect(desk_url(translation.pk))


class WatchForm(forms.ModelForm[SectionWatch]):
    class Meta:
        model = SectionWatch
        fields = ("update_within_days", "dead_after_days")


def set_watch(request: HttpRequest, section: int) -> HttpResponse:
    """How long the section may be silent; for who runs it."""
    row = get_object_or_404(ForeignSection, pk=section)
    if not may_manage(request.user, row):
        raise PermissionDenied
    form = WatchForm(request.POST)
    if request.method == "POST" and form.is_valid():
        monitoring.set_watch(section=row, by=request.user, **form.cleaned_data)
        monitoring.report_on(section=row)
        messages.success(request, gettext("Saved, and the section looked through again."))
    elif request.method == "POST":
        for name, problems in form.errors.items():
            messages.error(request, f"{form.fields[name].label}: {' '.join(map(str, problems))}")
    return HttpResponseRedirect(reverse("foreign_board", args=[row.pk]))


def wanted_from(data: Any) -> Wanted:
    """The filters of an address; what makes no sense is left out."""
    status, assigned = data.get("status", ""), data.get("assigned", "")
    return Wanted(
        status=status if status in Status.values else "",
        column=_number(data.get("column", "")),
        harm=_number(data.get("harm", "")),
        overdue=data.get("overdue", "") == "1",
        assigned=assigned if assigned == NOBODY or _number(assigned) is not None else "",
        words=data.get("q", "").strip()[:100],
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _day(text: str) -> datetime.date | None:
    """The day that was typed; None where none was.

    Raises:
        ValidationError: it is not a day.
    """
    if not text.strip():
        return None
    try:
        day = parse_date(text.strip())
    except ValueError:  # such as 30 February
        day = None
    if day is None:
        raise ValidationError(
            gettext("“%(text)s” is not a day. Write it as 2026-03-25.") % {"text": text}
        )
    return day


def _stored(row: assignments.Before) -> dict[str, Any]:
    values = dataclasses.asdict(row)
    return values | {"wanted_by": row.wanted_by.isoformat() if row.wanted_by else None}


def _read(values: Mapping[str, Any]) -> assignments.Before:
    wanted_by = parse_date(values["wanted_by"]) if values["wanted_by"] else None
    return assignments.Before(**{**values, "wanted_by": wanted_by})


# --- export ---------------------------------------------------------------------------------------
_HEADINGS = (
    _("Page"),
    _("Column"),
    _("Status"),
    _("Texts"),
    _("Texts to do"),
    _("Words to do"),
    _("Harm"),
    _("Readers in 90 days"),
    _("Working days behind"),
    _("Due"),
    _("Working days overdue"),
    _("Priority"),
    _("Translator"),
    _("Wanted by"),
)


def _exported(row: Row) -> list[Any]:
    translation = row.translation
    return [
        translation.source.title,
        row.column.page.title if row.column else "",
        translation.get_status_display(),
        translation.segments,
        row.to_do,
        translation.words,
        translation.get_harm_display(),
        translation.readers,
        row.place.age if row.place else 0,
        translation.due if row.place else None,
        row.place.overdue_days if row.place else 0,
        round(row.place.priority, 2) if row.place else 0,
        (row.user.get_full_name() or row.user.get_username()) if row.user else "",
        row.wanted_by,
    ]
