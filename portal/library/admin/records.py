"""The library's list, one record, and the quality report."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.models import Page

from portal.library.completeness import lacks
from portal.library.forms import BatchForm, RecordForm
from portal.library.house import house
from portal.library.models import (
    BatchEdit,
    FiveOpen,
    LibraryRecord,
    Scheme,
)
from portal.library.permissions import (
    is_offered,
    may_decide,
    may_look,
    may_rule,
    may_see,
    may_write,
    writable,
)
from portal.library.selectors.duplicates import similar_to
from portal.library.selectors.lineage import edit_url, origins, uses
from portal.library.selectors.listing import Listing, Wanted
from portal.library.services import records
from portal.library.services.quality import CHECKS
from portal.plugin_api import Action, Publication, may, sites_allowing

from .base import LibraryView, RecordMixin, put_errors

# So many records at once can be changed on one screen.
MOST_IN_BATCH = 500


class RecordsView(LibraryView):
    """Facets, words, a window of rows; rows can be chosen for a change of many."""

    template_name = "library/admin/records.html"
    page_title = _("Resource library")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = Wanted(self.request.GET)
        listing = Listing(self.request.user, wanted)
        own = sites_allowing(self.request.user, Action.PAGE_CHANGE)
        return super().get_context_data(**kwargs) | {
            "wanted": wanted,
            "rows": [
                (row, own is None or row.site_id in own, house().term(Scheme.THEME, row.theme))
                for row in listing.rows
            ],
            "facets": listing.facets,
            "has_next": listing.has_next,
            "most_found": listing.most_found,
            "next": self._address(p=str(wanted.number + 1)),
            "previous": self._address(p=str(wanted.number - 1)) if wanted.number > 1 else "",
            "column": wanted.column,
            "check_label": CHECKS[wanted.check][0] if wanted.check in CHECKS else "",
            "may_batch": own is None or bool(own),
            "may_rule": may_rule(self.request.user),
        }

    def _address(self, **changes: str) -> str:
        query = {name: value for name, value in self.request.GET.items() if value} | changes
        return f"?{urlencode(query)}"


class RecordView(RecordMixin):
    """All that is known of a record: metadata, quality, lineage, versions, what people wrote."""

    template_name = "library/admin/record.html"
    page_title = _("Library record")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record, user = self.record, self.request.user
        values = {field.attname: getattr(record, field.attname) for field in record._meta.fields}
        return super().get_context_data(**kwargs) | {
            "facts": list(_facts(record)),
            "lacks": lacks(values),
            "findings": [
                CHECKS[name][0]
                for name in record.findings.values_list("check_name", flat=True)
                if name in CHECKS
            ],
            "uses": [use for use in uses(record) if use.is_public or is_own(user, use.site_pk)],
            "origins": origins(record),
            "versions": Publication.objects.filter(item=record.item).select_related("published_by")[
                :20
            ],
            "changes": [
                (change, [_told(name, value) for name, value in change.after.items()])
                for change in record.changes.select_related("user")[:20]
            ],
            "similar": [one for one in similar_to(record) if may_see(user, one.record)],
            "grants": record.grants.select_related("column", "site", "requested_by")[:20],
            "edit_url": edit_url(record),
            "may_write": may_write(user, record),
            "may_place": is_offered(record),
            "may_decide": may_decide(user, record),
        }


def _label(name: str) -> Any:
    field: Any = LibraryRecord._meta.get_field(name)
    return field.verbose_name


def _told(name: str, value: Any) -> tuple[Any, str]:
    """What somebody wrote in a field, as people read it; "" where they took it back."""
    field = name.removesuffix("_id")
    terms = house().terms.get(field)
    if value in (None, ""):
        words = ""
    elif name == "provider_id":
        unit = LibraryRecord._meta.get_field("provider").related_model
        words = str(unit._default_manager.filter(pk=value).first() or value)
    elif terms is not None:
        words = f"{value} {terms.get(str(value), '?')}"
    elif field == "five_open":
        labels = dict(FiveOpen.choices)
        words = "、".join(str(labels.get(code, code)) for code in str(value).split(","))
    else:
        words = LibraryRecord(**{name: value}).words(name)
    return _label(field), words


def is_own(user: Any, site: int | None) -> bool:
    """Drafts of other sites are none of one's concern."""
    actions = (Action.PAGE_CHANGE, Action.PUBLICATION_RECORD)
    return any(may(user, action, site) for action in actions)


def _facts(record: LibraryRecord) -> Any:
    terms = house().terms
    themes = [record.theme, *record.codes("more_themes")]
    five = dict(FiveOpen.choices)
    shown: dict[str, Any] = {
        "theme": "、".join(
            f"{code} {terms[Scheme.THEME].get(code, '?')}" for code in themes if code
        ),
        "five_open": "、".join(str(five.get(code, code)) for code in record.codes("five_open")),
        "provider": record.provider_text,
        "site": record.site or "",
        "column": record.column or "",
        "language": dict(settings.LANGUAGES).get(record.language, record.language),
    }
    names = (
        "index_no", "record_type", "state", "title", "summary", "keywords", "language",
        "file_format", "provider", "producer", "site", "column", "source_name", "source_url",
        "pub_kind", "made_on", "published_at", "updated_at", "effective_on", "ends_on", "validity",
        "theme", "genre", "five_open", "audience", "region", "doc_no", "sharing",
        "sharing_condition", "sharing_method", "openness", "update_period_days", "rights",
        "archive_state", "version", "checksum",
    )  # fmt: skip
    for name in names:
        label = _label(name)
        written = name in record.written or f"{name}_id" in record.written
        value = shown[name] if name in shown else record.words(name)
        if name.endswith("_at") and getattr(record, name):
            value = getattr(record, name)
        yield label, value, written


class RecordEditView(RecordMixin):
    template_name = "library/admin/record_form.html"
    page_title = _("Edit a library record")

    def may(self, request: HttpRequest) -> bool:
        return may_write(request.user, self.record)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or RecordForm(instance=self.record)
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RecordForm(request.POST, instance=self.record)
        if form.is_valid():
            try:
                records.write(record=self.record, values=form.written(), user=request.user)
            except ValidationError as error:
                put_errors(form, error)
            else:
                messages.success(request, gettext("The record is saved."))
                return redirect("library_record", pk=self.record.pk)
        self.record.refresh_from_db()
        return self.render_to_response(self.get_context_data(form=form))


@require_safe
def of_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a page; made for a draft, so that it can be completed before publishing.

    ``?edit=FIELD`` leads to that field of the record's form.
    """
    page: Any = get_object_or_404(Page, pk=pk).specific
    if not may_look(request.user) or not hasattr(page, "library_values"):
        raise PermissionDenied
    record = LibraryRecord.objects.filter(item=f"page:{page.alias_of_id or page.pk}").first()
    if record is None:
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        record = records.record_of_draft(page=page)
    field = request.GET.get("edit")
    if field is None or not may_write(request.user, record):
        return redirect("library_record", pk=record.pk)
    place = f"#id_{field}" if field in RecordForm.Meta.fields else ""
    return redirect(reverse("library_record_edit", args=[record.pk]) + place)


class BatchView(LibraryView):
    """Choose values, look at what would change, change; all of it can be undone."""

    template_name = "library/admin/batch.html"
    page_title = _("Change many records")

    def may(self, request: HttpRequest) -> bool:
        sites = sites_allowing(request.user, Action.PAGE_CHANGE)
        return sites is None or bool(sites)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("library_records"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keys = [int(key) for key in request.POST.getlist("records") if key.isdecimal()]
        mine = writable(request.user, LibraryRecord.objects.filter(pk__in=keys[:MOST_IN_BATCH]))
        chosen = list(mine.select_related("site"))
        if not chosen:
            messages.warning(request, gettext("Choose records of your own sites first."))
            return redirect("library_records")
        asked = request.POST.get("step", "")
        form = BatchForm(request.POST if asked else None)
        values = form.values() if asked and form.is_valid() else {}
        if asked and not form.errors and not values:
            form.add_error(None, gettext("Nothing is to be changed: choose at least one value."))
        if asked == "apply" and values:
            batch, refused = records.write_many(records=chosen, values=values, user=request.user)
            for record, why in refused[:10]:
                messages.warning(request, f"{record.title}: {why}")
            messages.success(
                request, gettext("%(count)d records are changed.") % {"count": batch.count}
            )
            return redirect("library_batch_done", pk=batch.pk)
        return self.render_to_response(
            self.get_context_data(form=form, chosen=chosen, preview=_preview(chosen, values))
        )


def _preview(chosen: list[LibraryRecord], values: dict[str, Any]) -> list[dict[str, Any]]:
    """Record by record, what would be written over what."""
    return [
        {
            "record": record,
            "changes": [
                (_label(name), getattr(record, name), value)
                for name, value in values.items()
                if str(getattr(record, name)) != str(value)
            ],
        }
        for record in chosen
    ] if values else []  # fmt: skip


class BatchDoneView(LibraryView):
    template_name = "library/admin/batch_done.html"
    page_title = _("Change many records")

    def may(self, request: HttpRequest) -> bool:
        self.batch = get_object_or_404(
            BatchEdit.objects.select_related("user"), pk=self.kwargs["pk"]
        )
        return self.batch.user_id == request.user.pk or may(
            request.user, Action.SITE_SETTINGS, None
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "batch": self.batch,
            "changes": self.batch.changes.select_related("record")[:100],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.batch.undone_at is None:
            count = records.undo(batch=self.batch, user=request.user)
            messages.success(
                request, gettext("%(count)d records are as they were.") % {"count": count}
            )
        return redirect("library_records")
