"""What the pages of the demo city rest on is seen: no memory hides a query, the clock is told of,
and what is kept is the same for everybody.

One walk in a process of its own; about a minute of processor.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.serving import REPOSITORY, demo_template, environment

from .demo_walk import LATER, Seen

pytestmark = [pytest.mark.one_database, pytest.mark.long]


@dataclass(frozen=True)
class Walked:
    start: datetime
    seen: list[Seen]

    @property
    def kept(self) -> list[Seen]:
        return [seen for seen in self.seen if seen.may_be_kept]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    data = Path(tmp_path_factory.mktemp("walk")) / "data"
    shutil.copytree(demo_template(), data)
    own = {"PORTAL_BASE_URL": "http://localhost", "PORTAL_PAGE_STORE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.publishing.demo_walk"],
        cwd=REPOSITORY,
        env=environment(data) | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return Walked(datetime.fromisoformat(told["start"]), [Seen(**row) for row in told["seen"]])


def test_the_walk_sees_all_kinds_of_pages_in_all_languages(walked: Walked) -> None:
    """Else what follows would hold of nothing."""
    kinds = {seen.kind for seen in walked.kept}
    for language in ("zh-hans", "en", "ja", "ko", "ru", "fr", "ar"):
        assert any(f"localhost {language} " in kind for kind in kinds), language
    for part in ("zh-hant", "policypage", "guidepage", "interviewpage", "surveypage",
                 "questionpage", "services_language:entrance", "interaction:public",
                 "policy_interpretation:library", "participation:hub", "site_map",
                 "assistant:browse", "gaoxin.localhost"):  # fmt: skip
        assert any(part in kind for kind in kinds), part


def test_no_memory_hides_what_a_page_reads(walked: Walked) -> None:
    hidden = {seen.address: seen.hidden for seen in walked.kept if seen.hidden}
    assert hidden == {}


def test_what_the_clock_changes_is_said_in_time(walked: Walked) -> None:
    late = []
    for seen in walked.kept:
        if seen.changes:
            changed = walked.start + LATER[seen.changes[0]]
            if not seen.holds_until or datetime.fromisoformat(seen.holds_until) > changed:
                late.append((seen.address, seen.changes, seen.holds_until))
    assert late == []


def test_a_moment_that_is_told_lies_ahead(walked: Walked) -> None:
    """One that has passed would have the page rendered for each visitor."""
    told = {seen.address: seen.holds_until for seen in walked.kept if seen.holds_until}
    assert told
    assert [a for a, at in told.items() if datetime.fromisoformat(at) <= walked.start] == []


def test_what_is_kept_sets_no_cookie_and_knows_no_session(walked: Walked) -> None:
    assert [s.address for s in walked.kept if s.cookies or s.looks_at_session] == []


def test_what_is_kept_writes_nothing_while_it_is_rendered(walked: Walked) -> None:
    assert {seen.address: seen.wrote for seen in walked.kept if seen.wrote} == {}


def test_what_is_kept_is_the_same_for_everybody(walked: Walked) -> None:
    """Whatever language, program and way the visitor comes with."""
    assert [seen.address for seen in walked.kept if not seen.same_for_all] == []


def test_forms_with_a_key_and_what_is_private_are_not_kept(walked: Walked) -> None:
    apart = {seen.kind.split()[-1] for seen in walked.seen if not seen.may_be_kept}
    assert {
        "interaction:write", "interaction:status", "participation:survey", "preferences",
        "search_language:page", "assistant:ask",
    } <= apart  # fmt: skip
