"""Tasks to units: their way, their deadlines, and who may do what."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.core.clocks import alarms
from portal.core.models import Clock, User
from portal.editorial.deadlines import DELIVERY, RECEIPT
from portal.editorial.models import DeliverableKind, TaskEntry, TaskFile, UnitTask
from portal.editorial.services import tasks
from portal.editorial.services.tasks import Cooperation
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, ColumnFactory, member

from .conftest import Office, signed_in

State = UnitTask.State
# A Wednesday, at ten.
NOW = datetime.datetime(2026, 3, 18, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def wednesday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def issue(office: Office, by: User | None = None, **fields: Any) -> UnitTask:
    values = {
        "site_pk": office.world.site.pk, "title": "三月统计数据", "wanted": "主要指标和说明",
        "unit": office.bureau, "person": "周一",
    }  # fmt: skip
    return tasks.issue(**values | fields, by=by or office.editor)


def again(task: UnitTask) -> UnitTask:
    return UnitTask.objects.get(pk=task.pk)


def delivered(office: Office, **fields: Any) -> UnitTask:
    return tasks.deliver(task=issue(office, **fields), by=office.unit_account, note="见邮件")


# --- the way --------------------------------------------------------------------------------------
def test_from_issue_to_close_each_hop_is_on_record(office: Office) -> None:
    task = issue(office)
    tasks.confirm_receipt(task=task, by=office.unit_account)
    assert again(task).received_at == timezone.now()
    tasks.deliver(task=task, by=office.unit_account, note="数据已上传")
    tasks.accept(task=task, by=office.editor)
    tasks.close(task=task, by=office.editor)
    assert again(task).state == State.CLOSED
    assert [entry.verb for entry in task.entries.all()] == [
        "issued", "received", "delivered", "accepted", "closed"
    ]  # fmt: skip
    assert [entry.unit_name for entry in task.entries.all()][:2] == [
        "云湖市政务公开办",
        "云湖市统计局",
    ]


def test_two_deadlines_run_and_stop_with_what_they_wait_for(office: Office) -> None:
    task = issue(office, due_on=datetime.date(2026, 3, 25))
    delivery, receipt = task.clock, task.receipt_clock
    assert delivery is not None
    assert receipt is not None
    assert (delivery.kind, receipt.kind) == (DELIVERY, RECEIPT)
    assert timezone.localdate(delivery.due_at) == datetime.date(2026, 3, 25)
    assert delivery.unit == office.bureau
    tasks.confirm_receipt(task=task, by=office.unit_account)
    receipt.refresh_from_db()
    assert receipt.state == Clock.State.STOPPED
    tasks.deliver(task=task, by=office.unit_account, note="好")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.outcome) == (Clock.State.STOPPED, "delivered")


def test_delivering_confirms_the_receipt(office: Office) -> None:
    task = delivered(office)
    assert again(task).received_at is not None
    assert Clock.objects.exclude(state=Clock.State.STOPPED).count() == 0


def test_returned_with_the_reason_it_is_owed_again(office: Office) -> None:
    task = delivered(office)
    with pytest.raises(ValidationError):
        tasks.give_back(task=task, reason="  ", by=office.editor)
    tasks.give_back(
        task=task, reason="缺同比数据", by=office.editor, due_on=datetime.date(2026, 3, 20)
    )
    found = again(task)
    assert (found.state, found.reason) == (State.RETURNED, "缺同比数据")
    assert found.clock is not None
    assert found.clock.state == Clock.State.RUNNING
    assert timezone.localdate(found.clock.due_at) == datetime.date(2026, 3, 20)
    tasks.deliver(task=task, by=office.unit_account, note="已补")
    assert again(task).reason == ""


def test_cancelled_with_the_reason_nothing_is_owed_any_more(office: Office) -> None:
    task = issue(office, cooperations=[Cooperation(office.helper, "钱二")])
    with pytest.raises(ValidationError):
        tasks.cancel(task=task, reason="", by=office.editor)
    tasks.cancel(task=task, reason="活动取消", by=office.editor)
    assert set(UnitTask.objects.values_list("state", "reason")) == {(State.CANCELLED, "活动取消")}
    assert not Clock.objects.exclude(state=Clock.State.STOPPED).exists()
    for step in (
        lambda: tasks.deliver(task=task, by=office.unit_account, note="x"),
        lambda: tasks.confirm_receipt(task=task, by=office.unit_account),
        lambda: tasks.cancel(task=task, reason="x", by=office.editor),
        lambda: tasks.accept(task=task, by=office.editor),
        lambda: tasks.close(task=task, by=office.editor),
    ):
        with pytest.raises(ValidationError):
            step()


def test_another_day_and_another_person_with_the_reason(office: Office) -> None:
    task = issue(office, due_on=datetime.date(2026, 3, 20))
    first = task.clock
    assert first is not None
    for wrong in (
        {"reason": "x"},
        {"reason": " ", "person": "李"},
        {"reason": "x", "due_on": NOW.date()},
    ):
        with pytest.raises(ValidationError):
            tasks.amend(task=task, by=office.editor, **wrong)
    tasks.amend(
        task=task,
        by=office.editor,
        reason="数据晚发布",
        person="李四",
        due_on=datetime.date(2026, 3, 27),
    )
    found = again(task)
    first.refresh_from_db()
    assert first.state == Clock.State.STOPPED
    assert found.person == "李四"
    assert found.clock is not None
    assert timezone.localdate(found.clock.due_at) == datetime.date(2026, 3, 27)
    note = found.entries.get(verb="changed").note
    assert "周一 → 李四" in note
    assert "2026-03-20 → 2026-03-27" in note
    assert "数据晚发布" in note
    for user in (
        office.unit_account,
        office.helper_account,
        member("site_admin", office.world.hubin),
    ):
        with pytest.raises(PermissionDenied):
            tasks.amend(task=task, by=user, reason="x", person="王")
    tasks.deliver(task=task, by=office.unit_account, note="好")
    with pytest.raises(ValidationError):
        tasks.amend(task=task, by=office.editor, reason="x", person="王")


def test_cooperating_units_have_parts_of_their_own(office: Office) -> None:
    task = issue(office, cooperations=[Cooperation(office.helper, "钱二", "教育数据")])
    part = task.parts_of_it.get()
    assert (part.unit, part.person, part.wanted) == (office.helper, "钱二", "教育数据")
    tasks.deliver(task=task, by=office.unit_account, note="总表")
    with pytest.raises(ValidationError, match="云湖市教育局"):
        tasks.accept(task=task, by=office.editor)
    tasks.deliver(task=part, by=office.helper_account, note="教育表")
    # The lead unit judges the parts of others.
    tasks.accept(task=part, by=office.unit_account)
    tasks.accept(task=task, by=office.editor)
    tasks.close(task=task, by=office.editor)
    assert again(part).state == State.CLOSED


def test_a_unit_takes_part_once(office: Office) -> None:
    with pytest.raises(ValidationError):
        issue(office, cooperations=[Cooperation(office.bureau, "x")])


@pytest.mark.parametrize("day", [datetime.date(2026, 3, 18), datetime.date(2026, 3, 1)])
def test_the_last_day_lies_ahead(office: Office, day: datetime.date) -> None:
    with pytest.raises(ValidationError):
        issue(office, due_on=day)
    assert not UnitTask.objects.exists()


@pytest.mark.parametrize("hour", [1, 8, 12, 15])
def test_the_deadline_is_the_day_that_was_chosen(office: Office, hour: int) -> None:
    """Also where the task is issued after office hours (20:00 and 23:00 in China)."""
    for days in range(1, 9):
        with time_machine.travel(NOW.replace(hour=hour), tick=False):
            wanted = timezone.localdate() + datetime.timedelta(days=days)
            task = issue(office, due_on=wanted)
        assert task.clock is not None
        due = timezone.localdate(task.clock.due_at)
        # On days off the site may have set that it moves on; it never ends before.
        assert due >= wanted
        if wanted.weekday() < 5:
            assert due == wanted


def test_the_deadline_is_the_day_that_was_chosen_over_long_holidays(office: Office) -> None:
    """The eve of the National Day, in the evening, for the second working day after it."""
    with time_machine.travel(datetime.datetime(2026, 9, 30, 13, tzinfo=datetime.UTC), tick=False):
        task = issue(office, due_on=datetime.date(2026, 10, 9))
    assert task.clock is not None
    assert timezone.localdate(task.clock.due_at) == datetime.date(2026, 10, 9)


# --- required parts -------------------------------------------------------------------------------
@pytest.fixture
def kind(office: Office) -> DeliverableKind:
    row: DeliverableKind = DeliverableKind.objects.create(
        site=office.world.site,
        name="图文",
        form="800字以内",
        parts="正文\n图片\n\n图片",
        limit_days=2,
    )
    return row


def test_no_delivery_without_its_required_parts(office: Office, kind: DeliverableKind) -> None:
    task = issue(office, kind=kind)
    assert task.required_parts == ["正文", "图片"]
    assert task.clock is not None
    assert timezone.localdate(task.clock.due_at) == datetime.date(2026, 3, 20)
    with pytest.raises(ValidationError, match="图片"):
        tasks.deliver(task=task, by=office.unit_account, note="x", parts=["正文"])
    tasks.deliver(task=task, by=office.unit_account, note="x", parts=["正文", "图片", "别的"])
    assert again(task).delivered_parts == ["正文", "图片"]


def test_a_task_keeps_the_parts_that_held_when_it_was_issued(
    office: Office, kind: DeliverableKind
) -> None:
    task = issue(office, kind=kind)
    kind.parts = "视频"
    kind.save()
    tasks.deliver(task=task, by=office.unit_account, note="x", parts=["正文", "图片"])
    assert again(task).state == State.DELIVERED


def test_an_empty_delivery_is_none(office: Office) -> None:
    with pytest.raises(ValidationError):
        tasks.deliver(task=issue(office), by=office.unit_account, note=" ")


# --- files ----------------------------------------------------------------------------------------
def upload(name: str = "数据.xlsx", content: bytes = b"PK") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_files_go_to_who_sees_the_task_only(office: Office) -> None:
    task = tasks.deliver(task=issue(office), by=office.unit_account, files=[upload()])
    row = TaskFile.objects.get(task=task)
    url = reverse("editorial_file", args=[row.pk])
    for user in (office.helper_account, member("editor", office.world.hubin)):
        assert signed_in(user).get(url).status_code == 302
    answer = signed_in(office.editor).get(url)
    assert b"".join(answer.streaming_content) == b"PK"
    assert "attachment" in answer["Content-Disposition"]
    with pytest.raises(ValueError, match="no URL"):
        row.file.url  # noqa: B018


@pytest.mark.parametrize("name", ["page.html", "run.exe", "bild.svg", "nothing", "../../x.php"])
def test_files_that_a_browser_would_run_are_not_taken(office: Office, name: str) -> None:
    task = issue(office)
    with pytest.raises(ValidationError):
        tasks.deliver(task=task, by=office.unit_account, files=[upload(name)])
    assert not TaskFile.objects.exists()
    assert again(task).state == State.ISSUED


# --- deadlines ------------------------------------------------------------------------------------
def test_reminders_and_escalation_stand_in_the_history_once(office: Office) -> None:
    task = issue(office, due_on=datetime.date(2026, 3, 20))
    with time_machine.travel(NOW + datetime.timedelta(days=1), tick=False):
        alarms.run()
        alarms.run()
        found = TaskEntry.objects.filter(task=task, verb="reminded")
        reminded = found.count()
        assert reminded >= 2  # the receipt is overdue and escalated, the delivery comes near
        from portal.editorial.selectors.tasks import counts

        assert counts(UnitTask.objects.all()).no_receipt == 1
        assert counts(UnitTask.objects.all()).late == 0
    with time_machine.travel(NOW + datetime.timedelta(days=4), tick=False):
        alarms.run()
        assert found.count() > reminded
        assert counts(UnitTask.objects.all()).late == 1


# --- who ------------------------------------------------------------------------------------------
ROLES_THAT_DO_NOT_ISSUE = [
    "information_officer", "partner", "first_checker", "reviewer", "releaser", "secrecy_reviewer",
    "translator", "language_reviewer", "auditor",
]  # fmt: skip


@pytest.mark.parametrize("role", ROLES_THAT_DO_NOT_ISSUE)
def test_roles_that_do_not_issue(office: Office, role: str) -> None:
    user = member(role, office.world.site)
    with pytest.raises(PermissionDenied):
        issue(office, by=user)
    assert signed_in(user).get(reverse("editorial_issue")).status_code == 302
    assert signed_in(user).get(reverse("editorial_tasks")).status_code == 302


def test_nobody_issues_for_another_site(office: Office) -> None:
    with pytest.raises(PermissionDenied):
        issue(office, by=member("editor", office.world.hubin))


def test_only_the_unit_answers(office: Office) -> None:
    task = issue(office)
    for user in (
        office.helper_account,
        office.editor,
        office.admin,
        member("editor", office.world.site),
    ):
        with pytest.raises(PermissionDenied):
            tasks.confirm_receipt(task=task, by=user)
        with pytest.raises(PermissionDenied):
            tasks.deliver(task=task, by=user, note="x")


def test_only_the_issuing_office_judges(office: Office) -> None:
    task = delivered(office)
    for user in (
        office.unit_account,
        office.officer,
        office.helper_account,
        member("editor", office.world.site, organisation=office.helper),
        member("site_admin", office.world.hubin),
        member("releaser", office.world.site, organisation=office.office),
    ):
        for step in (
            lambda by: tasks.accept(task=task, by=by),
            lambda by: tasks.give_back(task=task, reason="x", by=by),
            lambda by: tasks.cancel(task=task, reason="x", by=by),
            lambda by: tasks.close(task=task, by=by),
        ):
            with pytest.raises(PermissionDenied):
                step(user)
    tasks.accept(task=task, by=office.colleague)


def test_nobody_accepts_what_he_delivered_himself(office: Office) -> None:
    """An office that asks itself: another colleague looks at it."""
    task = issue(office, unit=office.office)
    tasks.deliver(task=task, by=office.editor, note="x")
    with pytest.raises(PermissionDenied):
        tasks.accept(task=task, by=office.editor)
    tasks.accept(task=task, by=office.colleague)


def test_who_sees_a_task(office: Office) -> None:
    task = issue(office, cooperations=[Cooperation(office.helper, "钱二")])
    part = task.parts_of_it.get()
    whole, share = (reverse("editorial_task", args=[row.pk]) for row in (task, part))
    stranger = member("information_officer", office.world.site, organisation=office.office)
    for url in (whole, share):
        for user in (office.editor, office.unit_account, office.helper_account, office.admin):
            assert signed_in(user).get(url).status_code == 200
        for user in (stranger, member("site_admin", office.world.hubin)):
            assert signed_in(user).get(url).status_code == 302
    other = issue(office, cooperations=[Cooperation(office.office, "孙三")]).parts_of_it.get()
    url = reverse("editorial_task", args=[other.pk])
    assert signed_in(office.helper_account).get(url).status_code == 302


# --- screens --------------------------------------------------------------------------------------
def form(office: Office, **changes: Any) -> dict[str, Any]:
    values = {
        "site": office.world.site.pk, "title": "专题供稿", "wanted": "一篇综述", "unit": office.bureau.pk,
        "person": "周一", "column": office.world.column.pk, "due_on": "2026-03-27",
        "with-TOTAL_FORMS": "2", "with-INITIAL_FORMS": "0",
        "with-0-unit": office.helper.pk, "with-0-person": "钱二",
    }  # fmt: skip
    return values | changes


def test_a_task_is_issued_received_and_delivered_on_the_screens(
    office: Office, draft: Callable[..., ArticlePage]
) -> None:
    editor, unit = signed_in(office.editor), signed_in(office.unit_account)
    made = editor.post(reverse("editorial_issue"), form(office, material=[upload("要求.docx")]))
    task = UnitTask.objects.get(parent=None)
    url = reverse("editorial_task", args=[task.pk])
    assert made.headers["Location"] == url
    assert task.parts_of_it.get().unit == office.helper
    assert task.files.get().name == "要求.docx"
    home = unit.get(reverse("wagtailadmin_home")).content.decode()
    assert "专题供稿" in home
    assert "专题供稿" in unit.get(reverse("editorial_unit_tasks")).content.decode()
    assert "专题供稿" in editor.get(reverse("editorial_tasks")).content.decode()
    unit.post(url, {"action": "receive"})
    page = draft(owner=office.unit_account)
    unit.post(url, {"action": "deliver", "page": page.pk, "material": [upload()], "note": "请审"})
    found = again(task)
    assert (found.state, found.page.pk, found.note) == (State.DELIVERED, page.pk, "请审")
    editor.post(url, {"action": "return", "reason": "缺图"})
    assert "缺图" in unit.get(url).content.decode()
    unit.post(url, {"action": "deliver", "note": "已补图"})
    editor.post(
        reverse("editorial_task", args=[task.parts_of_it.get().pk]),
        {"action": "cancel", "reason": "不用了"},
    )
    editor.post(url, {"action": "accept"})
    editor.post(url, {"action": "close"})
    assert again(task).state == State.CLOSED


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"person": ""}, {"due_on": "2026-03-01"}, {"with-0-person": ""},
     {"with-0-unit": "", "with-0-person": "钱二"}, {"unit": "999999"}],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    office: Office, changes: dict[str, str]
) -> None:
    answer = signed_in(office.editor).post(reverse("editorial_issue"), form(office, **changes))
    assert answer.status_code == 422
    assert "一篇综述" in answer.content.decode()
    assert not UnitTask.objects.exists()


def test_a_forged_site_column_or_kind_is_refused(office: Office) -> None:
    client = signed_in(office.editor)
    foreign = DeliverableKind.objects.create(site=office.world.hubin, name="图文")
    for changes in (
        {"site": office.world.hubin.pk},
        {"column": office.world.hubin_column.pk},
        {"kind": foreign.pk},
    ):
        assert client.post(reverse("editorial_issue"), form(office, **changes)).status_code == 422
    assert not UnitTask.objects.exists()


def test_a_draft_of_others_is_not_delivered(
    office: Office, draft: Callable[..., ArticlePage]
) -> None:
    task, secret = issue(office), draft(owner=office.helper_account, title="别人的草稿")
    answer = signed_in(office.unit_account).post(
        reverse("editorial_task", args=[task.pk]), {"action": "deliver", "page": secret.pk}
    )
    assert answer.status_code == 422
    assert "别人的草稿" not in answer.content.decode()
    assert again(task).page is None


@pytest.mark.parametrize(
    "action", ["accept", "return", "cancel", "close", "receive", "deliver", "amend", "x"]
)
def test_forged_actions_of_strangers_change_nothing(office: Office, action: str) -> None:
    task = issue(office)
    data = {"action": action, "reason": "x", "note": "x", "person": "x"}
    signed_in(office.helper_account).post(reverse("editorial_task", args=[task.pk]), data)
    assert again(task).state == State.ISSUED


def test_an_overdue_column_proposes_its_task(office: Office) -> None:
    overdue = ColumnFactory(
        parent=office.world.home, title="统计数据", owner_unit=office.bureau, update_period_days=30,
        responsible_person="周一",
    )  # fmt: skip
    fresh = ColumnFactory(parent=office.world.home, title="今日要闻", update_period_days=30)
    ArticleFactory(parent=fresh, date=timezone.now())
    ArticleFactory(parent=overdue, date=timezone.now() - datetime.timedelta(days=40))
    client = signed_in(office.editor)
    content = client.get(reverse("editorial_tasks")).content.decode()
    proposal = f"{reverse('editorial_issue')}?column={overdue.pk}"
    assert proposal in content
    assert f"?column={fresh.pk}" not in content
    issued = client.get(proposal).content.decode()
    assert "统计数据" in issued
    assert f'value="{office.bureau.pk}" selected' in issued
    stranger = signed_in(member("editor", office.world.hubin))
    assert stranger.get(proposal).status_code == 302


def test_the_lists_filter_and_export(office: Office) -> None:
    issue(office, title="晚了的", due_on=datetime.date(2026, 3, 19))
    issue(office, title="还早的", due_on=datetime.date(2026, 4, 30))
    with time_machine.travel(NOW + datetime.timedelta(days=5), tick=False):
        client = signed_in(office.editor)
        content = client.get(reverse("editorial_tasks"), {"attention": "late"}).content.decode()
        assert "晚了的" in content
        assert "还早的" not in content
        answer = client.get(reverse("editorial_tasks"), {"export": "csv"})
        rows = answer.content.decode("utf-8-sig").splitlines()
        assert len(rows) == 3
        assert client.get(reverse("editorial_tasks"), {"export": "xlsx"}).status_code == 200


def test_screens_stay_within_their_queries(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        task = issue(office, title=f"任务{number}", cooperations=[Cooperation(office.helper, "钱")])
    urls = [reverse("editorial_task", args=[task.pk]), reverse("editorial_issue")]
    urls += [reverse("editorial_tasks")]
    for user, addresses in (
        (office.editor, urls),
        (office.unit_account, [reverse("editorial_unit_tasks")]),
    ):
        client: Any = signed_in(user)
        for url in addresses:
            client.get(url)
            with django_assert_max_num_queries(45):
                client.get(url)
