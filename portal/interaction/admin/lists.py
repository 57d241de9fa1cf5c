"""Lists of letters: what waits for me, and all that I may read; many assigned at once."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import TemplateView

from portal.interaction.models import Channel, DailyDuty, Letter, LetterKind, LetterState
from portal.interaction.permissions import visible_letters, works_on_letters
from portal.interaction.selectors.dates import alarms_of
from portal.interaction.selectors.desk import (
    DeskFilters,
    for_list,
    in_order,
    my_letters,
    narrowed,
    writes_anywhere,
)
from portal.interaction.selectors.seen import subject_for
from portal.interaction.services import flow
from portal.interaction.services.duty import confirm_day
from portal.interaction.typed import row_key
from portal.plugin_api import (
    TABLE_TYPES,
    Action,
    clocks,
    is_enabled,
    sites_allowing,
    table_response,
)

from .base import MOST_EXPORTED, ScreenMixin, Window, counted, too_many

_MOST_AT_ONCE = 200


class _Guarded:
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not works_on_letters(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def shown(rows: list[Letter], user: Any) -> list[Letter]:
    """With what the list says of each to this account: what it is about, how urgent, until when."""
    alarms = alarms_of(rows)
    for row in rows:
        row.title = subject_for(user, row)  # type: ignore[attr-defined]
        row.alarm = alarms[row.pk]  # type: ignore[attr-defined]
        row.words = clocks.words(row.clock) if row.clock else None  # type: ignore[attr-defined]
    return rows


def _kept(sent: Any) -> str:
    kept = sent.copy()
    kept.pop("p", None)
    return cast("str", kept.urlencode())


class MineView(_Guarded, ScreenMixin, TemplateView):
    """Letters with which the reader can do something now, the most urgent first."""

    template_name = "interaction/admin/mine.html"
    page_title = gettext_lazy("My letters")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        rows = in_order(for_list(my_letters(user)))
        window = Window(rows, self.request.GET.get("p", ""))
        shown(window.rows, user)
        return super().get_context_data(**kwargs) | {
            "window": window,
            "number": counted(rows),
            "kept": _kept(self.request.GET),
            "duties": duties(user),
        }


def duties(user: Any) -> list[dict[str, Any]]:
    """The sites whose letters the account looks through, and whether that was done today."""
    sites = sites_allowing(user, Action.LETTERS_DESK)
    records: Any = Letter._meta.get_field("site").related_model
    rows = records._default_manager.all()
    if sites is not None:
        rows = rows.filter(pk__in=sites)
    done = {row.site_id: row for row in DailyDuty.objects.filter(day=timezone.localdate())}
    return [
        {"site": site, "done": done.get(site.pk)}
        for site in rows.order_by("pk")[:20]
        if is_enabled("interaction", site.pk)
    ]


@require_POST
def confirm_duty(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("site", "")
    records: Any = Letter._meta.get_field("site").related_model
    site = records._default_manager.filter(pk=row_key(asked)).first()
    if site is None:
        raise Http404
    confirm_day(site=site, by=request.user)
    messages.success(request, _("Recorded: the letters of today were looked through."))
    return HttpResponseRedirect(reverse("interaction_mine"))


class AllView(_Guarded, ScreenMixin, TemplateView):
    """All letters that the reader may read, narrowed; the desk assigns several at once."""

    template_name = "interaction/admin/all.html"
    page_title = gettext_lazy("All letters")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, sent = self.request.user, self.request.GET
        asked = DeskFilters.of(sent)
        found = narrowed(visible_letters(user), asked)
        order = (
            in_order(found)
            if asked.due or asked.state == "open"
            else found.order_by("-received_at", "-pk")
        )
        window = Window(for_list(order), sent.get("p", ""))
        shown(window.rows, user)
        units: Any = Letter._meta.get_field("unit").related_model
        sites: Any = Letter._meta.get_field("site").related_model
        return super().get_context_data(**kwargs) | {
            "window": window,
            "number": counted(order),
            "asked": asked,
            "kept": _kept(sent),
            "states": LetterState.choices,
            "kinds": LetterKind.choices,
            "channels": Channel.choices,
            "dues": due_choices(),
            "units": list(units._default_manager.values_list("pk", "short_name")[:500]),
            "sites": list(sites._default_manager.values_list("pk", "short_name")[:200]),
            "languages": ("zh-hans", "zh-hant", "en", "ja", "ko", "ru", "fr", "ar"),
            "may_assign": writes_anywhere(user, Action.LETTERS_DESK),
            "files": list(TABLE_TYPES),
        }


def due_choices() -> list[tuple[str, str]]:
    return [
        ("overdue", _("overdue (red)")),
        ("soon", _("due within three days")),
        ("waiting_long", _("open for more than two months")),
        ("extended", _("extended")),
        ("reopened", _("reopened")),
        ("unpublished", _("answered, publication not decided")),
    ]


class AssignManyView(_Guarded, ScreenMixin, TemplateView):
    """Says what will happen to the chosen letters, and does it when that is confirmed."""

    template_name = "interaction/admin/assign.html"
    page_title = gettext_lazy("Assign letters")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not writes_anywhere(request.user, Action.LETTERS_DESK):
            raise PermissionDenied
        pks = [row_key(pk) for pk in request.POST.getlist("letter")]
        rows = visible_letters(request.user).filter(pk__in=pks[:_MOST_AT_ONCE])
        letters = list(in_order(for_list(rows)))
        if not letters:
            messages.error(request, _("Choose at least one letter."))
            return HttpResponseRedirect(reverse("interaction_all"))
        units: Any = Letter._meta.get_field("unit").related_model
        asked = request.POST.get("unit", "")
        unit = units._default_manager.filter(pk=row_key(asked)).first()
        if "confirm" not in request.POST or unit is None:
            context = self.get_context_data(
                letters=shown(letters, request.user),
                seen=list(flow.standings_of(letters).items()),
                units=units._default_manager.values_list("pk", "full_name"),
                unit=unit,
                problem=_("Choose a unit.") if "confirm" in request.POST else "",
            )
            status = 422 if "confirm" in request.POST else 200
            return self.render_to_response(context, status=status)
        seen = {letter.pk: request.POST.get(f"seen-{letter.pk}", "") for letter in letters}
        result = flow.bulk_assign(letters=letters, unit=unit, by=request.user, seen=seen)
        if result.done:
            messages.success(
                request,
                ngettext(
                    "%(count)d letter lies with %(unit)s now.",
                    "%(count)d letters lie with %(unit)s now.",
                    len(result.done),
                )
                % {"count": len(result.done), "unit": unit},
            )
        for letter, why in result.refused:
            messages.warning(request, f"{letter.number}: {why}")
        return HttpResponseRedirect(reverse("interaction_all") + "?state=assigned")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("interaction_all"))


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is narrowed, as a file: without texts and without who wrote."""
    if not works_on_letters(request.user):
        raise PermissionDenied
    found = narrowed(visible_letters(request.user), DeskFilters.of(request.GET))
    if too_many(request, found):
        query = request.GET.urlencode()
        return HttpResponseRedirect(reverse("interaction_all") + (f"?{query}" if query else ""))
    rows = for_list(found).order_by("-received_at", "-pk")[:MOST_EXPORTED]
    headings = [
        _("Number"), _("Site"), _("Kind"), _("Channel"), _("Language"), _("Subject"), _("State"),
        _("Unit"), _("Received"), _("Answer due"), _("Answered"), _("In time"), _("Publication"),
    ]  # fmt: skip
    values = (
        [
            row.number, row.site.short_name, str(row.get_kind_display()),
            str(row.get_channel_display()), row.language, row.masked_subject or row.subject,
            str(row.get_state_display()), str(row.unit or ""), _moment(row.received_at),
            _moment(row.due_at), _moment(row.answered_at),
            "" if row.in_time is None else _("yes") if row.in_time else _("no"),
            str(row.get_publicity_display()),
        ]
        for row in rows.iterator(chunk_size=1000)
    )  # fmt: skip
    return table_response(kind, "letters", headings, values)


def _moment(value: Any) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""
