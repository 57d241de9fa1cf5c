"""The screens of files, machines and official names: who sees what, and what they do."""

import dataclasses
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal.core.models import User
from portal.foreign.exchange import po, xliff
from portal.foreign.exchange.units import Document, Mark
from portal.foreign.models import ExchangeFile, PageTranslation, Term, TermChange, TermName
from portal.foreign.selectors.exchange import document_of
from portal.foreign.services.syncing import sync_source
from portal.foreign.services.terms import names_of, note_changes
from tests.factories import UserFactory, World

from .factories import Section, add_member, locale, make_section


@pytest.fixture
def english(provisioned_english: Section) -> Section:
    return provisioned_english


@pytest.fixture
def translation(english: Section) -> PageTranslation:
    sync_source(english.article)
    return PageTranslation.objects.select_related("section__locale", "source__locale").get(
        section=english.row, source_id=english.article.pk
    )


@pytest.fixture
def as_user(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        _give_admin(user)
        client.force_login(user)
        return client

    return sign_in


def _give_admin(user: User) -> None:
    from django.contrib.auth.models import Permission

    user.user_permissions.add(Permission.objects.get(codename="access_admin"))


def filled(document: Document) -> Document:
    return dataclasses.replace(
        document,
        units=tuple(
            dataclasses.replace(unit, target=f"Text {at}", finished=True, mark=Mark.DRAFT)
            for at, unit in enumerate(document.units)
        ),
    )


def upload(data: bytes, name: str = "en.po") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data)}


# --- files ----------------------------------------------------------------------------------------
def test_a_translator_takes_a_page_along_and_brings_it_back(
    translation: PageTranslation, english: Section, as_user: Callable[[User], Client]
) -> None:
    client = as_user(english.team.translator)
    for form, module in (("po", po), ("xliff", xliff)):
        answer = client.get(reverse("foreign_export", args=[translation.pk]), {"format": form})
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        assert module.read(answer.content).key == str(english.article.translation_key)

    answer = client.get(reverse("foreign_import"))
    assert answer.status_code == 200
    answer = client.post(
        reverse("foreign_import"), upload(po.write(filled(document_of(translation)))), follow=True
    )
    assert "Text 0" in answer.content.decode()
    file = ExchangeFile.objects.get()
    assert not any(unit.target for unit in document_of(translation).units)
    answer = client.post(
        reverse("foreign_import_file", args=[file.pk]), {"do": "take"}, follow=True
    )
    assert answer.status_code == 200
    assert all(unit.target for unit in document_of(translation).units)
    client.post(reverse("foreign_import_file", args=[file.pk]), {"do": "forget"})
    assert not ExchangeFile.objects.exists()


def test_a_queue_goes_as_one_file(
    translation: PageTranslation, english: Section, as_user: Callable[[User], Client]
) -> None:
    client = as_user(english.team.translator)
    answer = client.get(reverse("foreign_export_queue", args=[english.row.pk]), {"format": "po"})
    assert answer.status_code == 200
    assert po.read(answer.content).units


@pytest.mark.parametrize("data", [b"rubbish", b"", b"\xff\xfe"], ids=["text", "empty", "binary"])
def test_a_file_that_cannot_be_read_is_told_on_the_screen(
    english: Section, as_user: Callable[[User], Client], data: bytes
) -> None:
    client = as_user(english.team.translator)
    for name in ("x.po", "x.xlf", "x.zip", "x.exe"):
        answer = client.post(reverse("foreign_import"), upload(data, name), follow=True)
        assert "exchange-problem" in answer.content.decode()
    assert client.post(reverse("foreign_import"), {}).status_code == 422


def test_who_may_not_export_import_or_look_into_files(
    translation: PageTranslation, english: Section, provisioned_world: World,
    as_user: Callable[[User], Client],
) -> None:  # fmt: skip
    japanese = make_section(provisioned_world, "ja")
    sync_source(english.article)
    narrow = add_member(english.row, "translator", columns=[english.news]).user
    theirs = ExchangeFile.objects.create(
        user=english.team.translator, name="en.po", data=po.write(document_of(translation))
    )
    for user in (narrow, japanese.team.translator, english.team.content_reviewer, UserFactory()):
        client = as_user(user)
        # Wagtail answers a refusal in the admin with a redirection.
        assert client.get(reverse("foreign_export", args=[translation.pk])).status_code == 302
        assert client.get(reverse("foreign_machine", args=[translation.pk])).status_code == 302
        for method in (client.get, client.post):
            assert method(reverse("foreign_import_file", args=[theirs.pk])).status_code == 302
        url = reverse("foreign_machine_budget", args=[english.row.pk])
        assert client.post(url, {"characters": 1}).status_code == 302
    assert ExchangeFile.objects.get().state == "waiting"
    client = as_user(japanese.team.translator)
    assert client.get(reverse("foreign_export_queue", args=[english.row.pk])).status_code == 302
    for user in (english.team.content_reviewer, UserFactory()):
        client = as_user(user)
        assert client.get(reverse("foreign_import")).status_code == 302
        assert client.post(reverse("foreign_import"), upload(b"x")).status_code == 302


# --- official names -------------------------------------------------------------------------------
def _term(**fields: Any) -> Term:
    row = Term.objects.create(source="云湖市公安局", kind="agency", status="approved", **fields)
    TermName.objects.create(term=row, locale=locale("en"), name="Old Bureau", status="approved")
    return row


NAME_SCREENS = ["foreign_term_changes", "foreign_terms_table", "foreign_terms_csv"]


def test_translators_read_official_names_at_the_desk_and_change_none(
    english: Section, as_user: Callable[[User], Client]
) -> None:
    row = _term()
    before = names_of(row)
    row.names.update(name="New Bureau")
    (change,) = note_changes(term=row, before=before, user=None)
    for user in (english.team.translator, english.team.language_reviewer, UserFactory()):
        client = as_user(user)
        for name in NAME_SCREENS:
            assert client.get(reverse(name)).status_code == 302
        assert client.post(reverse("foreign_terms_propose")).status_code == 302
        url = reverse("foreign_term_change", args=[change.pk])
        assert client.post(url, {"do": "prepare"}).status_code == 302
        assert client.get(reverse("official-names:edit", args=[row.pk])).status_code == 302
    change.refresh_from_db()
    assert change.prepared_at is None


def test_an_administrator_changes_a_name_and_is_led_to_what_follows(
    translation: PageTranslation, as_user: Callable[[User], Client]
) -> None:
    client = as_user(UserFactory(is_superuser=True))
    row = _term()
    name = row.names.get()
    answer = client.post(
        reverse("official-names:edit", args=[row.pk]),
        {
            "source": row.source, "kind": "agency", "status": "approved", "site": "", "note": "",
            "names-TOTAL_FORMS": 1, "names-INITIAL_FORMS": 1, "names-MIN_NUM_FORMS": 0,
            "names-MAX_NUM_FORMS": 1000, "names-0-id": name.pk, "names-0-ORDER": 1,
            "names-0-locale": name.locale_id, "names-0-status": "approved",
            "names-0-name": "New Bureau", "names-0-variants_forbidden": "",
        },
    )  # fmt: skip
    change = TermChange.objects.get()
    assert answer.url == reverse("foreign_term_change", args=[change.pk])
    assert (change.old_name, change.new_name) == ("Old Bureau", "New Bureau")
    answer = client.get(answer.url)
    assert answer.status_code == 200
    for name_ in [*NAME_SCREENS, "official-names:index", "official-names:add",
                  "official-name-rules:index"]:  # fmt: skip
        assert client.get(reverse(name_)).status_code == 200, name_


def test_a_table_with_wrong_lines_is_told_line_by_line(
    as_user: Callable[[User], Client], english: Section
) -> None:
    client = as_user(UserFactory(is_superuser=True))
    good = "source,kind,en,en:status\n云湖港,place,Yunhu Port,approved\n云湖塔,rubbish,Tower,approved\n"
    answer = client.post(reverse("foreign_terms_table"), upload(good.encode(), "x.csv"))
    assert answer.status_code == 422
    assert Term.objects.get(source="云湖港").names.get().name == "Yunhu Port"
    assert not Term.objects.filter(source="云湖塔").exists()
    for data in (b"\xff\xff", b"a,b\n1,2\n", b'source\n"x'):
        assert client.post(reverse("foreign_terms_table"), upload(data, "x.csv")).status_code == 422


# --- commands -------------------------------------------------------------------------------------
def run(name: str, *args: str, **options: Any) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *args, stdout=out, stderr=err, **options)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("form", ["po", "xliff"])
def test_the_commands_write_and_read_files(
    translation: PageTranslation, english: Section, tmp_path: Path, form: str
) -> None:
    code, _out, _err = run(
        "export_translations", str(tmp_path / "out"), "--language=en", f"--format={form}"
    )
    (path,) = (tmp_path / "out").iterdir()
    assert code == 0
    module = po if form == "po" else xliff
    document = filled(module.read(path.read_bytes()))
    bad = dataclasses.replace(document.units[-1], source_hash="0")
    path.write_bytes(module.write(dataclasses.replace(document, units=(*document.units[:-1], bad))))

    user = f"--user={english.team.translator.username}"
    code, _out, err = run("import_translations", str(tmp_path / "out"), user, "--dry-run")
    assert code == 1
    assert not any(unit.target for unit in document_of(translation).units)
    code, _out, err = run("import_translations", str(path), user)
    assert code == 1
    assert f"{path}:" in err
    assert "changed since the export" in err
    assert (
        sum(bool(unit.target) for unit in document_of(translation).units) == len(document.units) - 1
    )

    code, _out, err = run("import_translations", str(path), f"--user={UserFactory().username}")
    assert code == 1
    assert "do not translate" in err


def test_bad_usage_is_told_before_anything_is_done(english: Section, tmp_path: Path) -> None:
    for name, args in (
        ("export_translations", (str(tmp_path), "--language=xx")),
        ("import_translations", (str(tmp_path), "--user=nobody")),
        ("import_translations", (str(tmp_path / "x"), f"--user={english.team.lead.username}")),
    ):
        with pytest.raises(CommandError) as refused:
            call_command(name, *args)
        assert refused.value.returncode == 2
