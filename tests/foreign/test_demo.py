"""The demo city in other languages, as ``portal load_demo`` leaves it.

The load takes a minute or two, so the loaded data folder of the browser tests is used, which is made
once for each state of the code.
"""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings

from portal.foreign.demo_translations import DIRECTORY
from portal.foreign.models import ForeignSection, PageTranslation
from portal.foreign.selectors.parity import plain
from portal.foreign.services.review import submit
from portal.pages.demo_content import DemoLoader
from portal.text.parity import compare, compare_outlines, outline
from tests.e2e.serving import REPOSITORY, demo_template, environment

from .desk import again, translation_of, write
from .factories import Section

LANGUAGES = ("en", "ja", "ko", "ru", "fr", "ar")
OPEN = {("yunhu", language) for language in LANGUAGES} | {("hubin", "en")}
# What says nothing of the content, or says only when somebody looked.
PASSING = {
    "core_operatoraction", "django_session", "core_outboxcursor", "sqlite_sequence",
    "library_facetcount", "library_finding",  # worked out anew each time
    "publishing_rowchange",  # a journal: it knows what was put there again, too
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the loaded demo, of one's own."""
    own = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(demo_template(), own)
    return own


@pytest.fixture
def demo(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as connection:
        yield connection


def rows(demo: sqlite3.Connection, query: str, *values: Any) -> list[Any]:
    return demo.execute(query, values).fetchall()


def test_every_section_is_open(demo: sqlite3.Connection) -> None:
    found = rows(
        demo,
        "SELECT site.code, locale.language_code, home.live FROM foreign_foreignsection section"
        " JOIN core_siterecord site ON site.id = section.site_id"
        " JOIN wagtailcore_locale locale ON locale.id = section.locale_id"
        " JOIN wagtailcore_page chinese ON chinese.id = site.root_page_id"
        " JOIN wagtailcore_page home ON home.translation_key = chinese.translation_key"
        "  AND home.locale_id = section.locale_id WHERE section.state = ?",
        ForeignSection.State.OPEN,
    )
    assert {(site, language) for site, language, _live in found} == OPEN
    assert all(live for _site, _language, live in found)


def test_what_each_language_has(demo: sqlite3.Connection) -> None:
    """English all but what is kept back on purpose, Japanese and Korean most of their core, the
    others the emergency card and how to reach the city."""
    # A slug for each site: both have a card for emergencies.
    public: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    owed = dict.fromkeys(LANGUAGES, 0)
    for language, slug, live in rows(
        demo,
        "SELECT locale.language_code, source.slug, COALESCE(target.live, 0)"
        " FROM foreign_pagetranslation row"
        " JOIN foreign_foreignsection section ON section.id = row.section_id"
        " JOIN wagtailcore_locale locale ON locale.id = section.locale_id"
        " JOIN wagtailcore_page source ON source.id = row.source_id"
        " LEFT JOIN wagtailcore_page target ON target.id = row.target_id",
    ):
        owed[language] += 1
        if live:
            public[language].append(slug)
    for language in LANGUAGES:
        assert {"foreign-emergency-card", "lianxi-women"} <= set(public[language])
    assert len(public["en"]) == owed["en"] - 3
    assert len(public["ja"]) >= 0.6 * owed["ja"]
    assert len(public["ko"]) >= 0.5 * owed["ko"]
    assert {len(public[language]) for language in ("ru", "fr", "ar")} == {2}


def test_every_release_passed_the_gate(demo: sqlite3.Connection) -> None:
    assert rows(demo, "SELECT * FROM foreign_parityoverride") == []
    released = rows(
        demo, "SELECT count(*) FROM foreign_pagetranslation WHERE released_at IS NOT NULL"
    )
    assert released[0][0] > len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_agree_with_the_chinese(language: str) -> None:
    wrong = []
    for entry in polib.pofile(str(DIRECTORY / "translations" / f"{language}.po")):
        found = compare(
            plain(entry.msgid),
            plain(entry.msgstr),
            source_language=settings.LANGUAGE_CODE,
            target_language=language,
        )
        found += compare_outlines(outline(entry.msgid), outline(entry.msgstr))
        wrong += [(entry.msgctxt, one.source_text, one.target_text) for one in found]
    assert wrong == []


def test_loading_tells_no_error_and_sends_no_mail(folder: Path) -> None:
    """No server for mail answers at the test machine's address: a mail would be an error there."""
    said = (folder / "load_demo.log").read_text(encoding="utf-8")
    assert "The demo city is loaded" in said
    assert "stays closed" not in said
    assert [line for line in said.splitlines() if " ERROR " in line or "Traceback" in line] == []


def test_nobody_is_written_to_while_it_loads(
    english: Section, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = translation_of(english)
    write(row, english.team.translator)

    def hand_in(_loader: DemoLoader) -> None:
        submit(translation=row, user=english.team.translator)

    monkeypatch.setattr(DemoLoader, "_load", hand_in)
    DemoLoader().run()
    assert again(row).status == PageTranslation.Status.IN_REVIEW
    assert mailoutbox == []


def test_loading_again_changes_nothing(folder: Path) -> None:
    database = folder / "portal.sqlite3"
    before = everything(database)
    done = subprocess.run(
        [sys.executable, "-m", "portal", "load_demo"],
        cwd=REPOSITORY,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    after = everything(database)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == set()


def everything(database: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(database)) as connection:
        tables = rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: sorted(rows(connection, f'SELECT * FROM "{name}"'), key=repr)
            for (name,) in tables
            if name not in PASSING and "fts" not in name
        }
