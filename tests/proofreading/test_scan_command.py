"""``portal scan``."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.plugins import switches
from tests.factories import ArticleFactory, World

pytestmark = pytest.mark.django_db
PERSON = "330106199003077718"


def run(**options: Any) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("scan", stdout=out, stderr=StringIO(), language="en", **options)
    except CommandError as error:
        return out.getvalue(), error.returncode
    return out.getvalue(), 0


@pytest.fixture
def bad(world: World) -> Any:
    """Published while nobody looked."""
    with switches.override({("proofreading", None): False}):
        return ArticleFactory(
            parent=world.hubin_column, title="名单", summary=f"张三{PERSON}，13812345678"
        )


def test_what_is_clean_is_clean(world: World) -> None:
    said, code = run()
    assert code == 0
    assert "0 that may not be public" in said


def test_what_may_not_be_public_is_named_and_the_code_is_one(world: World, bad: Any) -> None:
    said, code = run()
    assert code == 1
    assert bad.slug in said
    assert "blocking: identity number: 330…18" in said
    assert PERSON not in said


def test_one_site_one_grade_as_json(world: World, bad: Any) -> None:
    said, code = run(json=True, grade="blocking", site=world.hubin.code)
    report = json.loads(said)
    assert (code, report["refused"]) == (1, 1)
    (entry,) = report["found"]
    assert [one["kind"] for one in entry["findings"]] == ["identity_number"]
    assert run(site=world.gaoxin.code)[1] == 0
    assert run(site="nowhere")[1] == 2


def test_a_page_that_cannot_be_looked_through_is_no_clean_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_page: Any) -> None:
        raise RuntimeError("damaged")

    monkeypatch.setattr("portal.proofreading.selectors.sweep.scan_page", broken)
    said, code = run()
    assert code == 1
    assert "could not be looked through: RuntimeError: damaged" in said
