"""Nothing becomes public past the gate, whatever way it takes, and a refusal leaves no trace."""

import datetime
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page

from portal.core import gate
from portal.core.gate import PublishRefused
from portal.core.models import OutboxEvent, Publication, RefusedPublication
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, ColumnFactory, UserFactory, World, publish, text

from .conftest import Gatekeeper, snapshot

pytestmark = pytest.mark.django_db


def draft(world: World, **fields: object) -> ArticlePage:
    return ArticleFactory(parent=world.column, draft=True, **fields)


def review(page: ArticlePage) -> None:
    """Take a page through a workflow with one approval."""
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

    workflow = Workflow.objects.create(name="One review", active=True)
    task = GroupApprovalTask.objects.create(name="Review", active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(page=page.get_parent(), workflow=workflow)
    user = UserFactory(superuser=True)
    page.save_revision(user=user)
    state = workflow.start(page, user)
    state.current_task_state.approve(user=user)


def by_revision(page: ArticlePage) -> None:
    page.save_revision().publish()


def by_restored_revision(page: ArticlePage) -> None:
    older = page.save_revision()
    page.title = "newer"
    page.save_revision()
    older.publish(previous_revision=page.latest_revision)


def by_direct_save(page: ArticlePage) -> None:
    page.live = True
    page.save()


def by_save_of_named_fields(page: ArticlePage) -> None:
    page.live = True
    page.save(update_fields=["live"])


def by_plain_page(page: ArticlePage) -> None:
    """What Wagtail's own code does where it does not care for the type."""
    Page.objects.get(pk=page.pk).get_latest_revision_as_object().save_revision().publish()


WAYS: dict[str, Callable[[ArticlePage], None]] = {
    "revision": by_revision,
    "restored revision": by_restored_revision,
    "workflow": review,
    "direct save": by_direct_save,
    "save of named fields": by_save_of_named_fields,
    "plain page": by_plain_page,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_asks_the_plugins_with_page_and_site(
    world: World, gatekeeper: Gatekeeper, way: Callable[[ArticlePage], None]
) -> None:
    page = draft(world, title="进展")
    gatekeeper.asked.clear()
    way(page)
    assert gatekeeper.asked == [("进展", world.site.pk)]
    assert Page.objects.get(pk=page.pk).live


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_refusal_stops_every_way_and_changes_nothing_public(
    world: World, gatekeeper: Gatekeeper, way: Callable[[ArticlePage], None]
) -> None:
    page = draft(world)
    gatekeeper.refuse_all()
    before = snapshot()
    with pytest.raises(PublishRefused) as refused:
        way(page)
    assert [problem.message for problem in refused.value.problems] == ["Not like this."]
    assert snapshot() == before


def test_a_refused_change_leaves_the_public_version(world: World, gatekeeper: Gatekeeper) -> None:
    page = publish(ArticleFactory(parent=world.column, title="旧"))
    gatekeeper.refuse_all()
    before = snapshot()
    with pytest.raises(PublishRefused):
        publish(page, title="新")
    assert snapshot() == before
    assert Page.objects.get(pk=page.pk).title == "旧"


def test_a_refused_publication_keeps_the_schedule(world: World, gatekeeper: Gatekeeper) -> None:
    """Wagtail clears the planned revision before it saves the page."""
    page = ArticleFactory(parent=world.column)
    page.go_live_at = timezone.now() + datetime.timedelta(days=1)
    planned = page.save_revision()
    planned.publish()
    gatekeeper.refuse_all()
    page.go_live_at = None
    with pytest.raises(PublishRefused):
        page.save_revision().publish()
    planned.refresh_from_db()
    assert planned.approved_go_live_at is not None


def test_changing_a_public_page_directly_is_publishing(
    world: World, gatekeeper: Gatekeeper
) -> None:
    page = ArticleFactory(parent=world.column, title="旧")
    gatekeeper.asked.clear()
    page.title = "新"
    page.save()
    assert gatekeeper.titles == ["新"]
    assert OutboxEvent.objects.last().kind == "page.updated"
    gatekeeper.refuse_all()
    page.body = text("完全不同。")
    with pytest.raises(PublishRefused):
        page.save()


def test_saving_without_a_public_change_asks_nobody(world: World, gatekeeper: Gatekeeper) -> None:
    """Locks, drafts and metadata must work on pages that today's rules would refuse."""
    page = publish(ArticleFactory(parent=world.column))
    gatekeeper.asked.clear()
    gatekeeper.refuse_all()
    before = snapshot()
    page.locked = True
    page.save()
    page.title = "a draft of another title"
    page.save_revision()
    assert gatekeeper.asked == []
    assert snapshot() == before


def test_the_type_s_own_demands_come_first(world: World) -> None:
    page = draft(world, source="", body=[])
    with pytest.raises(PublishRefused) as refused:
        by_revision(page)
    assert [problem.field for problem in refused.value.problems] == ["source", "body"]


def test_a_mere_warning_does_not_stop(world: World, gatekeeper: Gatekeeper) -> None:
    page = draft(world)
    gatekeeper.refuse_all()
    gatekeeper.blocking = False
    by_revision(page)
    assert Page.objects.get(pk=page.pk).live


def test_a_refusal_is_a_validation_error_with_its_sentences(
    world: World, gatekeeper: Gatekeeper
) -> None:
    gatekeeper.refuse_all()
    with pytest.raises(ValidationError) as refused:
        by_revision(draft(world))
    assert refused.value.messages == ["Not like this."]


def test_a_page_that_is_made_public_at_once(world: World, gatekeeper: Gatekeeper) -> None:
    gatekeeper.refuse_all()
    before = snapshot()
    with pytest.raises(PublishRefused):
        ArticleFactory(parent=world.column, title="直接")
    assert snapshot() == before
    gatekeeper.refuses = lambda page: False
    gatekeeper.asked.clear()
    ArticleFactory(parent=world.hubin_column, title="直接")
    assert gatekeeper.asked == [("直接", world.hubin.pk)]


# --- copies, aliases, translations ----------------------------------------------------------------
def test_an_alias_is_asked_for_with_the_site_where_it_will_stand(
    world: World, gatekeeper: Gatekeeper
) -> None:
    page = publish(ArticleFactory(parent=world.column, title="转载"))
    gatekeeper.asked.clear()
    alias = page.create_alias(parent=world.hubin_column)
    assert gatekeeper.asked == [("转载", world.hubin.pk)]
    assert Publication.objects.filter(page=alias, site=world.hubin).current().count() == 1


def test_a_refused_alias_is_not_made(world: World, gatekeeper: Gatekeeper) -> None:
    page = publish(ArticleFactory(parent=world.column))
    gatekeeper.refuse_all()
    before = snapshot()
    with pytest.raises(PublishRefused):
        CreatePageAliasAction(page, parent=world.hubin_column).execute(skip_permission_checks=True)
    assert snapshot() == before


def test_a_new_version_reaches_the_alias_and_its_readers(
    world: World, gatekeeper: Gatekeeper
) -> None:
    page = publish(ArticleFactory(parent=world.column, title="旧"))
    alias = page.create_alias(parent=world.hubin_column)
    gatekeeper.asked.clear()
    read = OutboxEvent.objects.latest("pk").pk
    publish(page, title="新")
    assert gatekeeper.asked == [("新", world.site.pk), ("新", world.hubin.pk)]
    assert Page.objects.get(pk=alias.pk).title == "新"
    assert list(OutboxEvent.objects.filter(pk__gt=read).values_list("kind", "key")) == [
        ("page.updated", f"page:{page.pk}"),
        ("page.updated", f"page:{alias.pk}"),
    ]


def test_what_an_alias_may_not_show_its_source_does_not_publish_half(
    world: World, gatekeeper: Gatekeeper
) -> None:
    page = publish(ArticleFactory(parent=world.column, title="旧"))
    alias = page.create_alias(parent=world.hubin_column)
    gatekeeper.refuses = lambda asked: asked.pk == alias.pk
    before = snapshot()
    with pytest.raises(PublishRefused):
        publish(page, title="新")
    assert snapshot() == before


def test_copying_a_public_page_as_public(world: World, gatekeeper: Gatekeeper) -> None:
    page = publish(ArticleFactory(parent=world.column, title="副本"))
    gatekeeper.asked.clear()
    copy = page.copy(to=world.hubin_column, keep_live=True, update_attrs={"slug": "copy"})
    assert set(gatekeeper.asked) == {("副本", world.hubin.pk)}
    assert Publication.objects.filter(item=f"page:{copy.pk}", closed=False).count() == 1
    gatekeeper.refuse_all()
    before = snapshot()
    with pytest.raises(PublishRefused):
        CopyPageAction(
            page, to=world.gaoxin_column, keep_live=True, update_attrs={"slug": "copy"}
        ).execute(skip_permission_checks=True)
    assert snapshot() == before


def test_a_copy_that_is_a_draft_is_not_asked_for(world: World, gatekeeper: Gatekeeper) -> None:
    page = publish(ArticleFactory(parent=world.column))
    gatekeeper.asked.clear()
    gatekeeper.refuse_all()
    copy = page.copy(to=world.hubin_column, keep_live=False, update_attrs={"slug": "copy"})
    assert gatekeeper.asked == []
    assert not copy.live
    assert not Publication.objects.filter(item=f"page:{copy.pk}").exists()


class TestTranslation:
    """wagtail-localize publishes by itself: from its editor, and when it updates translations."""

    @pytest.fixture
    def translation(self, world: World) -> object:
        from wagtail.models import Locale
        from wagtail_localize.models import Translation, TranslationSource

        english = Locale.objects.create(language_code="en")
        world.home.copy_for_translation(english)
        column = world.column.copy_for_translation(english)
        page = publish(ArticleFactory(parent=world.column, title="开放日"))
        del column
        source, _created = TranslationSource.get_or_create_from_instance(page)
        source.update_from_db()
        return Translation.objects.create(source=source, target_locale=english)

    def test_translation_is_asked_for(
        self, translation: object, gatekeeper: Gatekeeper, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            translation.save_target(publish=True)
        assert gatekeeper.titles == ["开放日"]
        target = translation.get_target_instance()
        assert target.live
        row = Publication.objects.get(item=f"page:{target.pk}")
        assert row.language == "en"

    def test_refusal(
        self, translation: object, gatekeeper: Gatekeeper, django_capture_on_commit_callbacks: Any
    ) -> None:
        gatekeeper.refuse_all()
        with pytest.raises(PublishRefused), django_capture_on_commit_callbacks(execute=True):
            translation.save_target(publish=True)
        assert not ArticlePage.objects.filter(locale__language_code="en", live=True).exists()
        assert not Publication.objects.filter(language="en").exists()

    def test_a_translation_does_not_go_live_by_itself(self, translation: object) -> None:
        translation.save_target(publish=False)
        assert not translation.get_target_instance().live


# --- the schedule ---------------------------------------------------------------------------------
def schedule(page: ArticlePage, at: datetime.datetime) -> ArticlePage:
    page.go_live_at = at
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


@pytest.mark.own_world
class TestSchedule:
    AT = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)

    def run(self, minutes: int = 1) -> str:
        out = StringIO()
        with time_machine.travel(self.AT + datetime.timedelta(minutes=minutes), tick=True):
            call_command("publish_scheduled", stdout=out, stderr=out)
        return out.getvalue()

    @pytest.fixture(autouse=True)
    def the_day_before(self) -> object:
        with time_machine.travel(self.AT - datetime.timedelta(days=1), tick=True):
            yield

    def test_due_pages_appear_on_time(self, world: World) -> None:
        page = schedule(draft(world), self.AT)
        self.run(minutes=-1)
        assert not Page.objects.get(pk=page.pk).live
        self.run()
        assert Page.objects.get(pk=page.pk).live
        row = Publication.objects.get(page_id=page.pk)
        assert row.since >= self.AT

    def test_asks_the_gate_at_the_time_and_not_only_when_planned(
        self, world: World, gatekeeper: Gatekeeper
    ) -> None:
        page = schedule(draft(world), self.AT)
        gatekeeper.refuse_all()
        told = self.run()
        assert not Page.objects.get(pk=page.pk).live
        assert "Not like this." in told

    def test_a_refusal_is_recorded_and_the_others_are_published(
        self, world: World, gatekeeper: Gatekeeper
    ) -> None:
        refused, fine = (schedule(draft(world, title=title), self.AT) for title in ("不行", "可以"))
        gatekeeper.refuses = lambda page: page.title == "不行"
        self.run()
        assert not Page.objects.get(pk=refused.pk).live
        assert Page.objects.get(pk=fine.pk).live
        [note] = RefusedPublication.objects.all()
        assert (note.page_id, note.reason) == (refused.pk, "Not like this.")
        assert note.revision_id == refused.latest_revision_id

    def test_a_refused_page_is_not_tried_each_minute(
        self, world: World, gatekeeper: Gatekeeper
    ) -> None:
        schedule(draft(world), self.AT)
        gatekeeper.refuse_all()
        self.run()
        gatekeeper.asked.clear()
        self.run(minutes=2)
        assert gatekeeper.asked == []
        assert RefusedPublication.objects.count() == 1

    def test_what_became_invalid_is_told_once_too(self, world: World) -> None:
        """Not only the gate refuses: the page's own validation may, too."""
        column = ColumnFactory(parent=world.home, draft=True)
        column.publication_class = column.PublicationClass.PERIODIC
        column.go_live_at = self.AT
        revision = column.save_revision(clean=False)
        type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=self.AT)
        other = schedule(draft(world), self.AT)
        self.run()
        self.run(minutes=2)
        assert not Page.objects.get(pk=column.pk).live
        assert Page.objects.get(pk=other.pk).live
        assert [note.page_id for note in RefusedPublication.objects.all()] == [column.pk]

    def test_a_failing_page_does_not_hold_up_the_others(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken, fine = (schedule(draft(world, title=t), self.AT) for t in ("坏", "好"))
        original = ArticlePage.listing_values

        def listing_values(page: ArticlePage) -> dict[str, object]:
            if page.title == "坏":
                raise RuntimeError("a bug")
            return original(page)

        monkeypatch.setattr(ArticlePage, "listing_values", listing_values)
        before = Publication.objects.filter(page_id=broken.pk).count()
        self.run()
        assert not Page.objects.get(pk=broken.pk).live
        assert Publication.objects.filter(page_id=broken.pk).count() == before
        assert Page.objects.get(pk=fine.pk).live

    def test_expiry_withdraws(self, world: World) -> None:
        page = ArticleFactory(parent=world.column)
        publish(page, expire_at=self.AT)
        self.run(minutes=-1)
        assert Page.objects.get(pk=page.pk).live
        self.run()
        found = Page.objects.get(pk=page.pk)
        assert not found.live
        assert found.expired
        assert not Publication.objects.filter(page_id=page.pk, closed=False).exists()
        assert OutboxEvent.objects.last().kind == "page.withdrawn"

    def test_a_dry_run_changes_nothing(self, world: World) -> None:
        page = schedule(draft(world, title="预告"), self.AT)
        before = snapshot()
        with time_machine.travel(self.AT + datetime.timedelta(minutes=1)):
            out = StringIO()
            call_command("publish_scheduled", dryrun=True, stdout=out)
        assert snapshot() == before
        assert f"publish {page.pk} 预告" in out.getvalue()


# --- what the gate records ------------------------------------------------------------------------
def test_recording_twice_changes_nothing(world: World) -> None:
    page = publish(ArticleFactory(parent=world.column))
    before = snapshot()
    gate.record(page, gate.stored_state(page))
    assert snapshot() == before


def test_what_is_recorded_is_undone_with_the_transaction(world: World) -> None:
    from django.db import transaction

    before = snapshot()

    @transaction.atomic
    def work() -> None:
        ArticleFactory(parent=world.column)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        work()
    assert snapshot() == before


def test_a_failing_plugin_neither_stops_publishing_nor_its_transaction(
    world: World, settings: object
) -> None:
    from portal.core.extension_points import publish_checks
    from portal.plugins.registry import PORTAL

    settings.PORTAL_PLUGIN_ERRORS_RAISE = False

    def broken(problems: list[object], *, page: Page, site: int | None) -> list[object]:
        list(Page.objects.raw("SELECT * FROM a_table_that_is_missing"))
        return problems

    with publish_checks.temporarily(broken, plugin=PORTAL):
        page = ArticleFactory(parent=world.column)
    assert Publication.objects.filter(page_id=page.pk).exists()
