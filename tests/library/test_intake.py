"""Taking in: what is understood, what is refused and why, tried before it is written, gone on with."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from portal_dummy.models import Note

from portal.library.models import Intake, IntakeRow, LibraryRecord, Mapping
from portal.library.services import prints
from portal.library.taking_in import services
from portal.library.taking_in.reading import KINDS, UnreadableFile, clean_html, headings_and_rows
from portal.pages.models import ArticlePage
from portal.testing import enable_plugin, raise_everywhere
from tests.factories import ArticleFactory, UserFactory, World, member, text

from .conftest import record_of

BODY = "为方便群众办事，自下月起延长政务服务大厅的服务时间，周末照常办理不动产登记和社会保障业务。"
CSV = f"""标题,正文,来源,主题分类,发布日期,发布类型,来源网址
延时服务,{BODY},云湖市政务服务局,0204,2026年3月1日,独家,
,{BODY}二,甲,0204,2026-03-01,,
主题不对,{BODY}三,甲,9999,2026-03-01,,
日期不对,{BODY}四,甲,0204,三月初,,
转载无址,{BODY}五,新华社,0204,2026-03-01,转载,
转载有址,另一篇完全不同的文字讲的是云湖市春季植树活动以及各区报名的方法和时间安排,新华社,电子政务,2026/3/2,转载,https://www.news.example/1
"""


def html_page(title: str, body: str) -> str:
    return (
        f'<html><head><title>{title} - 旧站</title><meta name="ArticleTitle" content="{title}">'
        f'<meta content="旧站" name="ContentSource"><meta name="PubDate" content="2019-05-06">'
        f"</head><body><script>alert(1)</script><p onclick='x()'>{body}</p></body></html>"
    )


def zipped(**pages: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, page in pages.items():
            archive.writestr(f"{name}.html", page)
    return buffer.getvalue()


# --- reading ----------------------------------------------------------------------------------------
def test_the_same_table_is_read_from_every_kind_of_file() -> None:
    book = Workbook()
    book.active.append(["标题", "正文"])
    book.active.append(["甲", "乙"])
    buffer = io.BytesIO()
    book.save(buffer)
    row = {"标题": "甲", "正文": "乙"}
    files = {
        "a.csv": "标题,正文\n甲,乙\n".encode("gb18030"),
        "a.xlsx": buffer.getvalue(),
        "a.jsonl": json.dumps(row).encode(),
    }
    for name, data in files.items():
        assert headings_and_rows(name, data) == (["标题", "正文"], [row]), name


def test_an_old_page_tells_its_title_source_and_text() -> None:
    _headings, rows = headings_and_rows("a.zip", zipped(a=html_page("旧闻", "正文")))
    row = rows[0]
    assert (row["title"], row["source"], row["date"]) == ("旧闻", "旧站", "2019-05-06")
    assert row["body"] == "<p>正文</p>"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"", "kind"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xff\xff\xff", "encoding"),
        ("a.xlsx", b"PK no", "broken"),
        ("a.jsonl", b"[1]", "broken"),
        ("a.csv", ("a\n" + "x\n" * 20_001).encode(), "rows"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(name: str, data: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        headings_and_rows(name, data)
    assert refused.value.code == code


@given(st.sampled_from(KINDS), st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(kind: str, data: bytes) -> None:
    try:
        headings, rows = headings_and_rows(f"x{kind}", data)
    except UnreadableFile:
        return
    assert all(set(row) <= set(headings) for row in rows)


@given(st.text(max_size=300))
def test_nothing_that_runs_survives(html: str) -> None:
    found = clean_html(f"<p>{html}</p><script>x</script><a href='javascript:x'>y</a>")
    assert "<script" not in found
    assert 'href="javascript' not in found


# --- taking in --------------------------------------------------------------------------------------
def brought(world: World, name: str = "旧站.csv", data: bytes = CSV.encode()) -> Intake:
    intake = services.open_intake(
        column=world.column, name=name, data=data, user=UserFactory(superuser=True)
    )
    services.name_columns(intake=intake, fields=intake.fields, keep_as="旧站")
    return intake


def run(intake: Intake) -> None:
    Intake.objects.filter(pk=intake.pk).update(state=Intake.State.RUNNING)
    while services.work(intake_pk=intake.pk):
        pass


@pytest.mark.django_db
def test_a_dry_run_writes_nothing_and_says_everything(world: World) -> None:
    before = ArticlePage.objects.count()
    counts = services.dry_run(intake=brought(world))
    assert (counts["taken"] + counts["warned"], counts["refused"]) == (2, 4)
    assert ArticlePage.objects.count() == before
    refused = IntakeRow.objects.filter(outcome="refused").values_list("number", flat=True)
    assert list(refused) == [2, 3, 4, 5]


@pytest.mark.django_db
def test_rows_become_drafts_with_their_records(world: World) -> None:
    intake = brought(world)
    run(intake)
    page = ArticlePage.objects.get(title="转载有址")
    record = record_of(page)
    assert not page.live
    assert record.theme == "0204"
    assert (record.pub_kind, record.source_url) == ("repost", "https://www.news.example/1")
    assert record.origin.startswith("旧站.csv")
    page.save_revision().publish()
    assert record_of(page).theme == "0204"
    assert ArticlePage.objects.get(title="延时服务").date.year == 2026


@pytest.mark.django_db
def test_a_second_time_everything_is_a_duplicate(world: World) -> None:
    run(brought(world))
    before = ArticlePage.objects.count()
    again = brought(world)
    run(again)
    assert ArticlePage.objects.count() == before
    assert services.counts(again)["refused"] == 6


@pytest.mark.django_db
def test_nearly_the_same_text_is_refused(world: World) -> None:
    page = ArticleFactory(parent=world.hubin_column, title="延时服务（湖滨）", body=text(BODY * 3))
    prints.follow_pages(page_pks=[page.pk])
    data = f"标题,正文\n延时服务（湖滨）,{BODY * 3}\n".encode()
    counts = services.dry_run(intake=brought(world, data=data))
    assert counts["refused"] == 1


@pytest.mark.django_db
def test_what_was_interrupted_goes_on_and_takes_nothing_twice(world: World) -> None:
    rows = "".join(f"第{n}篇,{chr(0x4E00 + n) * 30}{BODY}\n" for n in range(45))
    intake = brought(world, data=f"标题,正文\n{rows}".encode())
    Intake.objects.filter(pk=intake.pk).update(state=Intake.State.RUNNING)
    assert services.work(intake_pk=intake.pk, seconds=0)  # died before it began
    assert services.work(intake_pk=intake.pk, seconds=0.0001)
    run(intake)
    assert ArticlePage.objects.filter(title__startswith="第").count() == 45
    assert Intake.objects.get(pk=intake.pk).state == Intake.State.DONE


@pytest.mark.django_db
def test_on_the_screen_from_the_file_to_the_rejected_list(
    provisioned_world: World, client: Client, django_capture_on_commit_callbacks
) -> None:
    client.force_login(member("site_admin", provisioned_world.site))
    upload = io.BytesIO(CSV.encode())
    upload.name = "旧站.csv"
    answer = client.post(
        reverse("library_intakes"), {"column": provisioned_world.column.pk, "file": upload}
    )
    intake = Intake.objects.get()
    address = reverse("library_intake", args=[intake.pk])
    assert answer.url == address
    columns = client.get(address).context["columns"]
    named = {f"column-{number}": chosen for number, _heading, chosen, _labels in columns}
    client.post(address, named | {"step": "check", "keep_as": "旧站"})
    assert Mapping.objects.get().name == "旧站"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"step": "run"})
    rejected = client.get(reverse("library_intake_rejected", args=[intake.pk])).content.decode()
    assert "主题不对" in rejected
    client.force_login(member("site_admin", provisioned_world.hubin))
    assert client.get(address).status_code in (302, 403)
    assert client.get(reverse("library_intake_rejected", args=[intake.pk])).status_code != 200


@pytest.mark.django_db
def test_from_the_command_line_and_a_folder(world: World, tmp_path) -> None:
    (tmp_path / "a.html").write_text(html_page("旧闻一", BODY), "utf-8")
    (tmp_path / "b.html").write_text("<html><body></body></html>", "utf-8")
    options = {"column": "/yaowen/", "reviewed_by": "", "reason": ""}
    with pytest.raises(CommandError, match="1"):
        call_command("library", "intake", str(tmp_path), column="/yaowen/")
    assert ArticlePage.objects.get(title="旧闻一").live is False
    with pytest.raises(CommandError):
        call_command("library", "intake", str(tmp_path), **options | {"column": "/nicht/"})
    assert LibraryRecord.objects.filter(origin__contains="a.html").exists()


# --- connected systems ------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_connected_system_is_asked_and_its_rows_are_tried_like_a_file(world: World) -> None:
    user = UserFactory(superuser=True)
    with enable_plugin("dummy", world.site.pk):
        assert "dummy.notes" in dict(services.connectors(world.site.pk))
        Note.objects.all().delete()
        with pytest.raises(services.NotTaken):
            services.open_connection(column=world.column, connector="dummy.notes", user=user)
        Note.objects.create(site_id=world.site.pk, text="证照已更新")
        intake = services.open_connection(column=world.column, connector="dummy.notes", user=user)
        services.name_columns(intake=intake, fields=intake.fields)
        run(intake)
    page = ArticlePage.objects.get(title="证照已更新")
    assert not page.live
    assert record_of(page).origin.endswith(str(Note.objects.get(text="证照已更新").pk))
    with pytest.raises(services.NotTaken):
        services.open_connection(column=world.column, connector="dummy.notes", user=user)


@pytest.mark.django_db
def test_a_system_that_fails_is_told_and_nothing_is_left(world: World) -> None:
    with (
        enable_plugin("dummy", world.site.pk),
        raise_everywhere("dummy"),
        pytest.raises(services.NotTaken),
    ):
        services.open_connection(
            column=world.column, connector="dummy.notes", user=UserFactory(superuser=True)
        )
    assert not Intake.objects.exists()
