"""The plugin's part of the demo city: guides, their forms, ratings (files in ``demo/``).

A guide is written short: a line for a material, a step, a counter (``exchange.columns`` says what
stands between the strokes). What many guides share stands in ``demo/shared.yaml``.
"""

import datetime
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Page

from portal.plugin_api import CapabilityUnavailable, PortalDocument, capability, clauses

from . import ratings
from .exchange.building import fill
from .exchange.columns import rows_of
from .exchange.known import Known
from .models import GuidePage, GuideRating, ServicePlatform

type Row = Mapping[str, Any]

DIRECTORY = Path(__file__).parent / "demo"
_FILES = ("blank_form", "instruction_file", "sample")


class DemoFault(ValueError):
    """The demo's files name something that is not there."""


class DemoGuides:
    """Entered in the registry ``demo_content``."""

    directory = DIRECTORY

    def __init__(self) -> None:
        self._documents: dict[str, PortalDocument] = {}

    def draft(self, row: Row, column: Page, demo: Any) -> Page:
        date = _moment(row["date"])
        fields = {
            "summary": row["summary"],
            "search_description": row["summary"],
            "keywords": ",".join(map(str, row.get("keywords") or ())),
            "date": date,
        }
        names = {field.name for field in GuidePage._meta.get_fields()}
        return demo.add(
            column,
            GuidePage,
            row["key"],
            row["title"],
            {name: value for name, value in fields.items() if name in names},
            publish=False,
            date=date,
        )

    def complete(self, row: Row, page: Any, demo: Any) -> None:
        self._fill(row, page, demo)
        page.save_revision().publish()

    def _fill(self, row: Row, page: GuidePage, demo: Any) -> None:
        shared = self._shared(demo)
        values = {
            name: value
            for name, value in {**shared["every"], **row}.items()
            if name not in ("key", "date", "keywords", "type", "ratings", "places", "basis")
        }
        for name in ("materials", "steps"):
            values[name] = rows_of(name, row.get(name) or "")
        values["places"] = [
            dict(shared["places"][place]) if isinstance(place, str) else dict(place)
            for place in row.get("places") or ()
        ]
        for place, own in zip(values["places"], row.get("counters") or (), strict=False):
            place["counter"] = own
        values.pop("counters", None)
        values["basis"] = [self._basis(basis, demo) for basis in row.get("basis") or ()]
        for material in values["materials"]:
            for name in _FILES:
                if material.get(name):
                    material[name] = self._hash(material[name], demo)
        if values.get("result_sample"):
            values["result_sample"] = self._hash(values["result_sample"], demo)
        problems = fill(page, values, self._known)
        if problems:
            told = "; ".join(f"{p.column}: {p.message}" for p in problems)
            raise DemoFault(f"{row['key']}: {told}")

    @cached_property
    def _known(self) -> Known:
        return Known()

    def _basis(self, row: Row | str, demo: Any) -> dict[str, Any]:
        """``document``: the key of a demo page; ``clauses``: their words or numbers begin so."""
        if isinstance(row, str):
            return {"label": row}
        if "document" not in row:
            return dict(row)
        if row["document"] not in demo.pages:
            raise DemoFault(f"The demo has no page {row['document']}")
        target = demo.pages[row["document"]]
        found = [self._clause(target, words) for words in row.get("clauses") or ()]
        return {"document": str(target.translation_key), "clauses": [c for c in found if c]}

    @staticmethod
    def _clause(page: Page, words: str) -> str:
        provider = capability(clauses, None)
        if provider is None:
            return ""
        try:
            return provider.find(document=page.pk, words=words)
        except CapabilityUnavailable:
            return ""

    # --- files -----------------------------------------------------------------------------------
    def _shared(self, demo: Any) -> dict[str, Any]:
        found: dict[str, Any] = demo.read_yaml(DIRECTORY / "shared.yaml")
        return found

    def _hash(self, name: str, demo: Any) -> str:
        if name not in self._documents:
            titles = demo.read_yaml(DIRECTORY / "forms.yaml")
            if name not in titles:
                raise DemoFault(f"The demo has no form {name}")
            self._documents[name] = _document(titles[name], DIRECTORY / "forms" / name, demo)
        return str(self._documents[name].get_file_hash())

    # --- afterwards ------------------------------------------------------------------------------
    def finish(self, demo: Any) -> None:
        """A platform for the progress page: the file that comes with the portal, as two systems."""
        portal = demo.records.get("yunhu")
        if portal is None or ServicePlatform.objects.exists():
            return
        for name, system in (("云湖政务服务网", "zwfw"), ("公积金业务系统", "gjj")):
            ServicePlatform.objects.create(
                site=portal, name=name, adaptor="services.json", options={"system": system}
            )

    def after_all(self, demo: Any) -> None:
        """Ratings, with the replies of those who handle them."""
        if GuideRating.objects.exists():
            return
        by = None
        for number, row in enumerate(demo.read_yaml(DIRECTORY / "ratings.yaml")):
            page = demo.pages.get(row["guide"])
            if page is None:
                continue
            rating = ratings.rate(
                page=GuidePage.objects.get(pk=page.pk),
                score=row["score"],
                reasons=row.get("reasons") or (),
                text=row.get("text") or "",
                language=row.get("language") or "zh-hans",
                visitor=f"demo{number}",
                at=timezone.now() - datetime.timedelta(days=row["days_ago"]),
            )
            if row.get("text") and row.get("shown", True):
                ratings.decide(rating=rating, shown=True)
            if row.get("reply"):
                ratings.reply(rating=rating, text=row["reply"], by=by)


def _document(title: str, path: Path, demo: Any) -> PortalDocument:
    found = PortalDocument.objects.filter(title=title).first()
    if found is None:
        collection = next(iter(demo.records.values())).collection
        found = PortalDocument(title=title, collection=collection)
        with path.open("rb") as stream:
            found.file.save(path.name, File(stream), save=False)
        found.save()
        found.get_file_size()  # reads it once and keeps it
    found.get_file_hash()
    return found


def _moment(value: Any) -> datetime.datetime:
    found = value if isinstance(value, datetime.datetime) else parse_datetime(str(value))
    if found is None:
        raise DemoFault(f"{value!r} is no time")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
