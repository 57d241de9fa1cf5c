"""What the admin's packages leave in English, or say in other words than the portal."""

import json
from collections.abc import Iterable
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import gettext, override
from django.utils.translation.trans_real import DjangoTranslation

from portal.core.catalogues import upstream
from portal.core.catalogues.extraction import Extracted, MessageKey
from portal.core.catalogues.files import catalogue_path, compile_catalogue, read_catalogue
from portal.core.catalogues.public import STAFF_LANGUAGES
from tests.factories import UserFactory

FOLDER = Path(settings.PROJECT_DIR) / "locales" / "upstream"
LANGUAGES = ("zh_Hans", *STAFF_LANGUAGES)


def problems(source: str, translation: str, **fields: object) -> list[str]:
    entry = polib.POEntry(msgid=source, msgstr=translation, **fields)
    return list(upstream.entry_problems([entry]))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", upstream.DOMAINS)
def test_what_is_shipped_is_complete_and_fills_in_the_same(domain: str, language: str) -> None:
    entries = list(read_catalogue(catalogue_path(FOLDER, language, domain)))
    assert len(entries) > 20
    assert list(upstream.entry_problems(entries)) == []


def test_what_neither_the_packages_nor_we_translate_is_english_and_not_chinese(
    settings, tmp_path: Path
) -> None:
    settings.LOCALE_PATHS = [tmp_path, tmp_path / "upstream"]
    rows = {
        "zh_Hans": {"Checks": "检查", "Save": "保存", "Slugs": "别名"},
        "ja": {"Checks": "チェック", "Slugs": ""},
    }
    for language, texts in rows.items():
        catalogue = polib.POFile()
        catalogue += [polib.POEntry(msgid=msgid, msgstr=text) for msgid, text in texts.items()]
        path = catalogue_path(tmp_path / "upstream", language)
        path.parent.mkdir(parents=True)
        catalogue.save(str(path))
    call_command("compile_messages", verbosity=0)
    compiled = catalogue_path(tmp_path / "upstream", "ja").with_suffix(".mo")
    # "Save" is the packages' own: their Japanese is found after ours.
    assert {entry.msgid: entry.msgstr for entry in polib.mofile(str(compiled))} == {
        "Checks": "チェック",
        "Slugs": "Slugs",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", upstream.DOMAINS)
def test_nothing_of_the_installed_packages_is_left_in_english(domain: str, language: str) -> None:
    in_use = upstream.messages_in_use(domain)
    others = _others(domain, language)
    translated = upstream.translated_by_packages(domain, language, others=others)
    entries = list(read_catalogue(catalogue_path(FOLDER, language, domain)))
    assert list(upstream.missing(in_use, translated, entries)) == []
    # … and none of ours is about something that no package says any more.
    known = set(in_use.messages)
    stale = [entry.msgid for entry in entries if upstream.key_of(entry) not in known]
    assert stale == []


def _others(domain: str, language: str) -> Iterable[Path]:
    import django
    from django.apps import apps

    places = [Path(django.__file__).parent / "conf"]
    places += [Path(c.path) for c in apps.get_app_configs() if c.name.startswith("django.")]
    paths = [place / f"locale/{language}/LC_MESSAGES/{domain}.po" for place in places]
    own = Path(settings.PROJECT_DIR) / f"locales/{language}/LC_MESSAGES/{domain}.po"
    return [path for path in (*paths, own) if path.exists()]


@pytest.mark.parametrize(
    ("source", "translation", "told"),
    [
        ("Edit %(title)s", "编辑", "lacks %(title)"),
        ("Edit %(title)s", "编辑 %(titel)s", "which the message has not"),
        ("Locale '{0}' created.", "语言已添加。", "lacks {0}"),
        ('Or <a href="%(url)s">add one</a>', "或<a href=“%(url)s”>添加</a>", "other HTML tags"),
        ("Checks", "", "is not translated"),
    ],
)
def test_what_is_wrong_is_told(source: str, translation: str, told: str) -> None:
    assert any(told in problem for problem in problems(source, translation))


def test_what_is_right_is_not() -> None:
    assert problems("Edit <b>%(title)s</b>", "编辑<b>“%(title)s”</b>") == []
    assert problems("1 page", "", msgid_plural="%(n)s pages", msgstr_plural={0: "%(n)s 页"}) == []


def test_what_nobody_translates_is_found() -> None:
    keys = [MessageKey("New"), MessageKey("Known"), MessageKey("Ours"), MessageKey("%(a)s"),
            MessageKey("…")]  # fmt: skip
    in_use = Extracted({key: ["wagtail/x.py"] for key in keys})
    own = [polib.POEntry(msgid="Ours", msgstr="我们的")]
    assert list(upstream.missing(in_use, {"\4Known", "\4%(a)s"}, own)) == [MessageKey("New")]


def test_the_command_adds_what_an_upgrade_brings(settings, tmp_path: Path, monkeypatch) -> None:
    settings.LOCALE_PATHS = [tmp_path, tmp_path / "upstream"]
    in_use = Extracted({MessageKey("A brand new button"): ["wagtail/admin/x.py"]})
    monkeypatch.setattr(upstream, "messages_in_use", lambda domain: in_use)
    call_command("messages", "upstream", verbosity=0)
    for language in ("zh_Hans", "ja", "ko"):
        entries = read_catalogue(catalogue_path(tmp_path / "upstream", language))
        assert [entry.msgid for entry in entries] == ["A brand new button"]
    with pytest.raises(CommandError, match="upstream django: 'A brand new button' is not trans"):
        call_command("messages", "check")


def test_the_admin_speaks_as_the_portal_does() -> None:
    compile_catalogue(catalogue_path(FOLDER, "zh_Hans"))
    said = DjangoTranslation("zh-hans")
    expected = {"Checks": "检查", "Unpublish": "撤稿", "Locale": "语言", "Workflow": "流程"}
    assert {text: said.gettext(text) for text in expected} == expected


def test_the_portals_own_words_come_first() -> None:
    own = read_catalogue(catalogue_path(FOLDER.parent, "zh_Hans"))
    theirs = {entry.msgid for entry in read_catalogue(catalogue_path(FOLDER, "zh_Hans"))}
    both = [e for e in own if e.msgid in theirs and not e.msgid_plural and not e.msgctxt]
    with override("zh-hans"):
        assert {e.msgid: gettext(e.msgid) for e in both} == {e.msgid: e.msgstr for e in both}


@pytest.mark.django_db
def test_scripts_too(client: Client) -> None:
    compile_catalogue(catalogue_path(FOLDER, "zh_Hans", "djangojs"))
    client.force_login(UserFactory(superuser=True))
    text = client.get("/admin/jsi18n/").content.decode()
    assert json.dumps("修改已自动保存。") in text
