"""Which messages are public, what other languages show for the rest, and five catalogues."""

import gettext
import os
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import to_locale

from portal.core.catalogues.checking import translation_problems
from portal.core.catalogues.extraction import Extracted, MessageKey, extract
from portal.core.catalogues.files import (
    catalogue_path,
    catalogue_problems,
    compile_catalogue,
    forms_of,
    is_translated,
    key_of,
    plurals_of,
    read_catalogue,
    update_catalogue,
)
from portal.core.catalogues.public import PUBLIC_LANGUAGES, STAFF_LANGUAGES, public_messages

LOCALES = Path(settings.LOCALE_PATHS[0])
HAN = re.compile(r"[\u4e00-\u9fff]")


# --- what is public -------------------------------------------------------------------------------
@pytest.fixture
def sources(tmp_path: Path) -> Path:
    files = {
        "app/templates/app/page.html": '{% load i18n %}{% translate "Read" %}{% translate "OK" %}',
        "app/templates/app/admin/edit.html": '{% load i18n %}{% translate "Edit" %}',
        "app/templates/wagtailadmin/home.html": '{% load i18n %}{% translate "Desk" %}',
        "app/lists.py": "title = _('Latest')",
        "app/words/due.py": "title = _('Due')",
        "app/models.py": (
            "class Page:\n"
            "    class State(Choices):\n        OPEN = 'o', _('open')\n"
            "    name = Field(_('name'))\n"
            "LABELS = {1: pgettext('size', 'Large')}\n"
            "HELP = pgettext('price', 'Large')\n"
        ),
        "app/hooks.py": "title = _('OK') + _('Settings')",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_public_is_what_public_templates_and_the_listed_places_say(sources: Path) -> None:
    found = extract(sources, ["app"])
    places = ["app/lists.py", "app/words", "app/models.py::State", "app/models.py::LABELS"]
    public = public_messages(sources, found, places)
    assert not public.problems
    assert {(key.context, key.singular) for key in public.messages} == {
        ("", "Read"), ("", "OK"), ("", "Latest"), ("", "Due"), ("", "open"), ("size", "Large"),
    }  # fmt: skip
    assert public.messages[MessageKey("OK")] == ["app/templates/app/page.html"]


@pytest.mark.parametrize("place", ["app/moved.py", "app/models.py::Renamed"])
def test_a_place_that_names_nothing_is_told(sources: Path, place: str) -> None:
    (problem,) = public_messages(sources, Extracted(), [place]).problems
    assert problem.startswith(place.partition("::")[0])


# --- what is not translated -----------------------------------------------------------------------
def entry(msgid: str, msgstr: str = "", **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **more)


def saved(folder: Path, language: str, *entries: polib.POEntry) -> Path:
    keys = {key_of(row): ["a.py"] for row in entries}
    catalogue, _ = update_catalogue([], Extracted(keys), [("x", entries)], language)
    path = catalogue_path(folder, language)
    path.parent.mkdir(parents=True)
    catalogue.save(str(path))
    return path


def test_what_a_catalogue_lacks_is_compiled_in_english(tmp_path: Path) -> None:
    source = saved(
        tmp_path,
        "zh_Hans",
        entry("Read", "阅读"),
        entry("Large", "大", msgctxt="size"),
        entry("page", msgid_plural="pages", msgstr_plural={0: "页"}),
    )
    path = saved(tmp_path, "ru", entry("Read", "Читать"), entry("Large", "?", flags=["fuzzy"]))
    assert compile_catalogue(path, source)
    with path.with_suffix(".mo").open("rb") as stream:
        russian = gettext.GNUTranslations(stream)

    class Chinese(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return "中文"

        def pgettext(self, context: str, message: str) -> str:
            return "中文"

        def ngettext(self, one: str, more: str, n: int) -> str:
            return "中文"

    russian.add_fallback(Chinese())
    assert russian.gettext("Read") == "Читать"
    assert russian.pgettext("size", "Large") == "Large"
    assert [russian.ngettext("page", "pages", n) for n in (1, 2, 5)] == ["page", "pages", "pages"]


def test_a_catalogue_is_compiled_again_when_the_source_has_new_messages(tmp_path: Path) -> None:
    source = saved(tmp_path, "zh_Hans", entry("Read", "阅读"))
    path = saved(tmp_path, "ja", entry("Read", "読む"))
    assert compile_catalogue(path, source)
    assert not compile_catalogue(path, source)
    later = path.with_suffix(".mo").stat().st_mtime_ns + 10**9
    os.utime(source, ns=(later, later))
    assert compile_catalogue(path, source)


def test_django_shows_english_and_not_chinese_where_a_language_lacks_a_message() -> None:
    """Every message of ours that is not public, asked for in a foreign language."""
    chinese = [row for row in read_catalogue(catalogue_path(LOCALES, "zh_Hans")) if row.msgstr]
    public = {key_of(row) for row in read_catalogue(catalogue_path(LOCALES, "ar"))}
    hidden = [row for row in chinese if key_of(row) not in public and not row.msgctxt]
    assert hidden
    with translation.override("ar"):
        assert [row.msgid for row in hidden if translation.gettext(row.msgid) != row.msgid] == []


# --- the catalogues -------------------------------------------------------------------------------
def keys_of(language: str) -> set[MessageKey]:
    return {key_of(row) for row in read_catalogue(catalogue_path(LOCALES, language))}


@pytest.mark.parametrize("language", [*PUBLIC_LANGUAGES, *STAFF_LANGUAGES])
def test_a_catalogue_is_whole(language: str) -> None:
    catalogue = read_catalogue(catalogue_path(LOCALES, language))
    forms, _ = plurals_of(language)
    problems = []
    for row in catalogue:
        assert is_translated(row), row.msgid
        assert not row.msgid_plural or len(forms_of(row)) == forms
        for form in forms_of(row):
            problems += list(translation_problems(row.msgid, row.msgid_plural or "", form))
            if language != "ja" and HAN.search(form) and not HAN.search(row.msgid):
                problems.append(f"Chinese in {form}")
    assert problems == []
    like = "zh_Hans" if language in STAFF_LANGUAGES else PUBLIC_LANGUAGES[0]
    assert {key_of(row) for row in catalogue} == keys_of(like)


def test_the_languages_of_the_admin_are_those_with_every_message() -> None:
    offered = {to_locale(code) for code, _name in settings.WAGTAILADMIN_PERMITTED_LANGUAGES}
    assert offered == {"zh_Hans", "en", *STAFF_LANGUAGES}


@pytest.mark.parametrize(
    ("language", "numbers"),
    [("ja", [0]), ("fr", [1, 2]), ("ru", [1, 2, 5]), ("ar", [0, 1, 2, 3, 11, 100])],
)
def test_each_plural_form_has_its_number(language: str, numbers: list[int]) -> None:
    forms, expression = plurals_of(language)
    assert [gettext.c2py(expression)(n) for n in numbers] == list(range(forms))


def test_a_wrong_number_of_plural_forms_is_told() -> None:
    rows = [entry("page", msgid_plural="pages", msgstr_plural={0: "страница", 1: "страницы"})]
    found = Extracted({MessageKey("page", "pages"): ["a.py"]})
    (problem,) = catalogue_problems(rows, found, complete=True, forms=3)
    assert "2 plural forms, not 3" in problem


@pytest.mark.parametrize(
    ("text", "is_right"),
    [("<b>%(n)s</b>", True), ("%(n)s", False), ("<b>%(n)s<b>", False), ("<i>%(n)s</i>", False)],
)
def test_tags_of_a_message_are_kept(text: str, is_right: bool) -> None:
    assert (not list(translation_problems("All <b>%(n)s</b>", "", text))) is is_right
