"""The demo's guides: every row is whole, its references and files exist."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.services.demo_content import DIRECTORY
from portal.services.exchange.building import fill
from portal.services.exchange.columns import rows_of
from portal.services.exchange.known import Known
from portal.services.models import GuidePage
from portal.services.ratings import REASONS
from tests.factories import OrganisationFactory


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rows() -> list[dict[str, Any]]:
    return [row for path in sorted(DIRECTORY.glob("articles/*/*.yaml")) for row in load(path)]


def test_there_are_forty_with_keys_and_codes_of_their_own() -> None:
    found = rows()
    assert len(found) >= 40
    for name in ("key", "title", "implementation_code"):
        assert len({row[name] for row in found}) == len(found)


def test_every_form_is_there_small_and_used() -> None:
    named = set(load(DIRECTORY / "forms.yaml"))
    files = {path.name for path in (DIRECTORY / "forms").iterdir()}
    used = {
        material.get(kind)
        for row in rows()
        for material in rows_of("materials", row["materials"])
        for kind in ("blank_form", "instruction_file", "sample")
    } - {None, ""}
    assert named == files == used
    assert sum(path.stat().st_size for path in (DIRECTORY / "forms").iterdir()) < 100_000


def test_places_and_rated_guides_exist() -> None:
    places = load(DIRECTORY / "shared.yaml")["places"]
    keys = {row["key"] for row in rows()}
    assert {place for row in rows() for place in row["places"]} <= set(places)
    for rating in load(DIRECTORY / "ratings.yaml"):
        assert rating["guide"] in keys
        assert set(rating.get("reasons") or ()) <= {key for key, _label in REASONS}


@pytest.mark.django_db
def test_every_row_fills_a_guide_with_all_key_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    for code in {row["unit"] for row in rows()}:
        OrganisationFactory(code=code)
    known = Known()
    for row in rows():
        values = {name: row[name] for name in row if name not in ("places", "basis", "counters")}
        values["steps"] = rows_of("steps", row["steps"])
        values["materials"] = [
            {k: v for k, v in m.items() if k not in ("blank_form", "instruction_file", "sample")}
            for m in rows_of("materials", row["materials"])
        ]
        page = GuidePage()
        assert fill(page, values, known) == [], row["key"]
        told = [page.conditions, page.contact_phone, page.summary, page.promised_limit]
        parts = [row["basis"], row["places"], row["steps"], row["materials"]]
        assert all([*told, *parts]), row["key"]
