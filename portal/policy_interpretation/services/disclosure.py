"""What people do to a disclosure platform: confirm its parts, begin its annual reports."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from portal.plugin_api import Action, ArticlePage, DisclosureRequestFigures, may
from portal.policy_interpretation.models import (
    AnnualReport,
    DisclosureConfirmation,
    DisclosurePlatform,
)
from portal.policy_interpretation.selectors.report_figures import (
    GenreFigures,
    as_json,
    document_figures,
    request_figures,
)

OUTLINE = Path(__file__).parent.parent / "report_outline.yaml"


@transaction.atomic
def confirm(
    *, platform: DisclosurePlatform, part: str, by: Any, note: str = ""
) -> DisclosureConfirmation:
    """Record that somebody read a part and found it right.

    Raises:
        PermissionDenied: the account may not change settings of the site.
        ValidationError: there is no such part, nothing to confirm, or the note is too long.
    """
    if not may(by, Action.SITE_SETTINGS, platform.site_id):
        raise PermissionDenied
    pages = {"guide": platform.guide, "rules": platform.rules}
    if part not in pages:
        raise ValidationError(_("There is no such part."))
    page = pages[part]
    if page is None or not page.live:
        raise ValidationError(_("Nothing of this part is public, so nothing can be confirmed."))
    row = DisclosureConfirmation(
        platform=platform, part=part, at=timezone.now(), by=by, note=note.strip()
    )
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def begin_report(*, platform: DisclosurePlatform, year: int, by: Any) -> Page:
    """The draft of a year's report with the figures that are known; the existing one if any.

    It is an article: written on, reviewed and published like any other.

    Raises:
        PermissionDenied: the account may not add pages to the column of the reports.
        ValidationError: the year is not over, or no column is set.
    """
    if platform.reports is None:
        raise ValidationError(_("The platform has no column for annual reports yet."))
    parent = platform.reports.specific
    if not parent.permissions_for_user(by).can_add_subpage():
        raise PermissionDenied
    if not 2008 <= year < timezone.localdate().year:
        raise ValidationError(_("A report is made about a year that is over."))
    # Two editors at once get the same draft.
    DisclosurePlatform.objects.select_for_update().get(pk=platform.pk)
    report = AnnualReport.objects.filter(platform=platform, year=year).first()
    if report is not None and report.page is not None:
        return report.page
    documents, requests = document_figures(platform, year), request_figures(platform, year)
    page = _draft(platform, year, parent, documents, requests, by)
    if report is None:
        report = AnnualReport(platform=platform, year=year)
    report.page = page
    report.figures = {"documents": as_json(documents)}
    report.save()
    return page


def _draft(
    platform: DisclosurePlatform,
    year: int,
    parent: Page,
    documents: Sequence[GenreFigures],
    requests: DisclosureRequestFigures | None,
    by: Any,
) -> Page:
    with OUTLINE.open(encoding="utf-8") as stream:
        outline = yaml.safe_load(stream)
    names = {"year": year, "body": platform.body_name}
    body: list[dict[str, Any]] = []
    for section in outline["sections"]:
        body.append({"type": "heading", "value": section["heading"]})
        if "text" in section:
            body.append({"type": "paragraph", "value": f"<p>{section['text']}</p>"})
        else:
            rows = _rows(section["table"], outline["tables"], documents, requests)
            body.append(_table(outline["tables"][section["table"]], rows))
    page = ArticlePage(
        title=outline["title"].format(**names),
        summary=outline["summary"].format(**names),
        source=platform.body_name,
        live=False,
        owner=by,
    )
    page.body = page.body.stream_block.to_python(body)
    parent.add_child(instance=page)
    page.save_revision(user=by, log_action="wagtail.create")
    return page


def _rows(
    name: str,
    tables: dict[str, Any],
    documents: Sequence[GenreFigures],
    requests: DisclosureRequestFigures | None,
) -> list[list[str]]:
    if name == "documents":
        return [
            [row.label, str(row.made), str(row.ended), str(row.in_force)] for row in documents
        ] or [["", "", "", ""]]
    width = len(tables[name]["columns"])
    empty = [[label, *[""] * (width - 1)] for label in tables[name]["rows"]]
    if name != "requests" or requests is None:
        return empty
    numbers = (requests.carried_over, requests.received, requests.replied, requests.pending)
    rows = [[label, str(number)] for (label, *_), number in zip(empty, numbers, strict=True)]
    return rows + [[label, str(number)] for label, number in requests.replies]


def _table(table: dict[str, Any], rows: list[list[str]]) -> dict[str, Any]:
    return {
        "type": "table",
        "value": {
            "caption": table["caption"],
            "sheet": "",
            "table": {
                "columns": [{"type": "text", "heading": name} for name in table["columns"]],
                "rows": [{"values": row} for row in rows],
                "caption": "",
            },
            "note": table["note"],
        },
    }
