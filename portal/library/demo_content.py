"""The plugin's part of the demo city: defaults of columns, requests, a record shown by reference,
a few faults for the quality report (``demo/library.yaml``)."""

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.models import Page

from portal.plugin_api import touch_structure

from .models import ColumnDefaults, Grant, LibraryRecord
from .services import quality, records, sharing

FILE = Path(__file__).parent / "demo" / "library.yaml"


class DemoLibrary:
    """Entered in the registry ``demo_content``. Loading again changes nothing that is there."""

    def finish(self, demo: Any) -> None:
        """Records are there with the publications; the rest needs accounts (``after_all``)."""

    def after_all(self, demo: Any) -> None:
        content = demo.read_yaml(FILE)
        with transaction.atomic():
            _defaults(demo, content["defaults"])
            boss = _account("admin")
            for name in ("sharing", "faults"):
                for key, values in content[name].items():
                    record = _record(demo, key)
                    if record is not None and not record.written:
                        records.write(record=record, values=values, user=boss)
            for row in content["references"]:
                _reference(demo, row)
            for row in content["requests"]:
                _request(demo, row, boss)
        if not LibraryRecord.objects.filter(findings__isnull=False).exists():
            for site in demo.records.values():
                quality.nightly(site.pk)
        quality.count_facets(None)


def _account(name: str) -> Any:
    return get_user_model().objects.filter(username=name).first()


def _record(demo: Any, key: str) -> LibraryRecord | None:
    page = demo.pages.get(key)
    return LibraryRecord.objects.filter(page=page.pk).first() if page is not None else None


def _defaults(demo: Any, rows: dict[str, dict[str, str]]) -> None:
    new = []
    for key, values in rows.items():
        column = demo.pages.get(key)
        if column is None:
            continue
        _row, created = ColumnDefaults.objects.get_or_create(column_id=column.pk, defaults=values)
        if created:
            new.append(column)
    if not new:
        return
    touch_structure()
    for column in new:
        inside = Page.objects.child_of(column).filter(live=True, alias_of=None).specific()
        records.rederive(pages=inside)


def _reference(demo: Any, row: dict[str, str]) -> None:
    record, column, user = _record(demo, row["page"]), demo.pages.get(row["column"]), row["by"]
    by = _account(user)
    if record is None or column is None or by is None:
        return
    if not Page.objects.child_of(column).filter(alias_of=record.page_id).exists():
        sharing.place(record=record, column=column, user=by)


def _request(demo: Any, row: dict[str, str], boss: Any) -> None:
    record, column, by = _record(demo, row["page"]), demo.pages.get(row["column"]), row["by"]
    user = _account(by)
    if record is None or column is None or user is None:
        return
    if Grant.objects.filter(record=record, column=column.pk).exists():
        return
    grant = sharing.place(record=record, column=column, user=user, reason=row["reason"])
    if row["decision"] == "refused" and isinstance(grant, Grant):
        sharing.decide(grant=grant, granted=False, user=boss, note=row["note"])
