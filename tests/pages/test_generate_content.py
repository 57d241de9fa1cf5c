"""`portal generate_content`: what it writes is what publishing one by one would have written."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError
from django.test import Client
from django.utils import translation
from modelsearch.conf import get_app_config
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from portal.core import structure
from portal.core.media import CARD_FILTER
from portal.core.models import (
    ListingCount,
    ListingRow,
    OutboxEvent,
    Publication,
    SiteRecord,
)
from portal.pages.bulk import BulkRefused, Plan, Writer, article_columns, generate
from portal.pages.management.commands.generate_content import Progress
from portal.pages.models import ArticlePage
from tests.factories import (
    ColumnFactory,
    DocumentFactory,
    ImageFactory,
    TopicFactory,
    UserFactory,
    World,
    make_world,
    publish,
)

pytestmark = pytest.mark.django_db

# What two pages never share, and when they were made.
KEYS = {"id", "page_ptr_id", "path", "slug", "url_path", "translation_key"} | {
    "latest_revision_id",
    "live_revision_id",
    "first_published_at",
    "last_published_at",
    "latest_revision_created_at",
}


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture(autouse=True)
def english_messages(forgetful_process: None) -> Iterator[None]:
    """What the command says is compared; the texts of articles are Chinese in any language."""
    with translation.override("en"):
        yield


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("generate_content", *arguments, "--processes", "1", stdout=out)
    return out.getvalue()


def synthetic() -> list[ArticlePage]:
    return list(ArticlePage.objects.filter(slug__startswith="synthetic-").order_by("pk"))


# --- the same as published ------------------------------------------------------------------------
def republished(page: ArticlePage) -> ArticlePage:
    """The same article, made in the same column the way editors make it."""
    twin = ArticlePage(
        **{
            name: getattr(page, name)
            for name in ("title", "keywords", "subtitle", "summary", "source", "cover", "body")
        },
        slug=f"{page.slug}-twin",
        live=False,
        locale=page.locale,
    )
    page.get_parent().add_child(instance=twin)
    return publish(twin, first_published_at=page.first_published_at)


def traces(page: ArticlePage) -> dict[str, Any]:
    """Everything that tables hold of a page, with its keys left out and its own keys named."""
    own = str(page.pk)
    entry = get_app_config().get_model("IndexEntry").objects
    [revision] = Revision.objects.filter(object_id=own).values()
    content = revision.pop("content")
    content_type = ContentType.objects.get_for_model(ArticlePage)
    row = ArticlePage.objects.filter(pk=page.pk).values().get()
    return {
        "page": {name: value for name, value in row.items() if name not in KEYS},
        "revision": {
            name: value
            for name, value in revision.items()
            if name not in ("id", "object_id", "created_at")
        },
        "content": {
            "fields": sorted(content),
            "body": json.loads(content["body"]),
            "cover": content["cover"],
        },
        "history": list(
            PageLogEntry.objects.filter(page=page, action="wagtail.publish").values_list(
                "label", "content_type", "data", "content_changed", "deleted", "user"
            )
        ),
        "references": sorted(
            ReferenceIndex.objects.filter(object_id=own).values_list(
                "content_type",
                "base_content_type",
                "to_content_type",
                "to_object_id",
                "model_path",
                "content_path",
                "content_path_hash",
            )
        ),
        "search": list(
            entry.filter(object_id=own, content_type=content_type).values(
                "title", "body", "autocomplete"
            )
        ),
        "rows": list(
            ListingRow.objects.filter(page=page)
            .order_by("container")
            .values_list(
                "container", "is_own", "is_pinned", "date", "title", "summary", "source", "kind",
                "image", "image_alt",
            )
        ),
        "publications": list(
            Publication.objects.filter(page=page).values_list(
                "title", "site", "language", "until", "closed", "valid_from",
                "valid_until", "published_by",
            )
        ),
        "events": [
            (event.kind, {**event.payload, "page": 0, "version": 0, "url_path": ""})
            for event in OutboxEvent.objects.filter(key=f"page:{own}")
        ],
    }  # fmt: skip


def test_a_generated_article_is_like_a_published_one(world: World) -> None:
    ImageFactory()
    DocumentFactory()
    run("--articles", "40")
    pages = synthetic()
    plain = next(page for page in pages if page.cover is None and len(page.body) == 5)
    rich = next(page for page in pages if page.cover and len(page.body) > 5)
    attached = next(
        page for page in pages if any(block.block_type == "attachments" for block in page.body)
    )
    for page in (plain, rich, attached):
        assert traces(page) == traces(republished(page))
    assert traces(rich)["references"]


def test_keys_in_revision_publication_and_event_are_the_pages_own(world: World) -> None:
    run("--articles", "3")
    for page in synthetic():
        revision = page.live_revision
        assert revision.object_id == str(page.pk)
        assert revision == page.latest_revision
        assert revision.content["pk"] == page.pk
        assert revision.content["path"] == page.path
        assert revision.as_object().body == page.body
        # As Wagtail would have written it (JSON knows no times and keys of its own kind).
        stored = json.dumps(page.serializable_data(), cls=DjangoJSONEncoder)
        assert {**revision.content, "body": ""} == {**json.loads(stored), "body": ""}
        publication = Publication.objects.get(item=f"page:{page.pk}")
        assert publication.version == revision.pk
        assert publication.page_id == page.pk
        event = OutboxEvent.objects.get(key=f"page:{page.pk}")
        assert event.payload["version"] == revision.pk
        assert event.payload["url_path"] == page.url_path
        assert page.url_path == f"{page.get_parent().url_path}{page.slug}/"


def test_tree_and_counts_hold_together(world: World) -> None:
    existing = ListingCount.objects.count()
    run("--articles", "50")
    assert not any(Page.find_problems())
    assert ListingCount.objects.count() >= existing
    for count in ListingCount.objects.all():
        rows = ListingRow.objects.filter(container=count.container).order_by("-date")
        assert count.count == rows.count()
        assert count.latest == rows[0].date
    assert ListingRow.objects.filter(is_own=True).count() == 50


def test_children_can_be_added_afterwards(world: World) -> None:
    run("--articles", "5")
    column = synthetic()[0].get_parent()
    page = republished(synthetic()[0])
    assert page.path == max(child.path for child in column.get_children())
    assert not any(Page.find_problems())


def test_visitors_and_editors_find_them(world: World, client: Client) -> None:
    run("--articles", "12")
    page = next(p for p in synthetic() if p.get_parent().pk == world.column.pk)
    assert client.get(page.url).status_code == 200
    assert page.title in client.get(world.column.url).content.decode()
    client.force_login(UserFactory(superuser=True))
    found = client.get("/admin/pages/search/", {"q": page.title})
    assert f"/admin/pages/{page.pk}/edit/" in found.content.decode()
    assert client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200


def test_list_pictures_are_there_at_once(world: World) -> None:
    image = ImageFactory()
    run("--articles", "20")
    rows = ListingRow.objects.filter(image=image)
    assert rows
    rendition = image.get_rendition(CARD_FILTER)
    assert {(row.image_url, row.image_width) for row in rows} == {(rendition.url, rendition.width)}


# --- repeating, continuing, enlarging -------------------------------------------------------------
def test_the_number_is_what_there_shall_be(world: World) -> None:
    run("--articles", "6")
    first = {page.pk: page.title for page in synthetic()}
    assert "0 new articles" in run("--articles", "6")
    run("--articles", "10")
    assert len(synthetic()) == 10
    assert first.items() <= {page.pk: page.title for page in synthetic()}.items()
    run("--articles", "4")
    assert len(synthetic()) == 10


def test_another_seed_stands_beside(world: World) -> None:
    run("--articles", "4")
    run("--articles", "4", "--seed", "2")
    slugs = [page.slug for page in synthetic()]
    assert len(slugs) == 8
    assert sum(slug.startswith("synthetic-2-") for slug in slugs) == 4


def test_an_interrupted_run_leaves_whole_batches_and_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    original = Writer._list

    def fails_in_the_second_batch(self: Writer, drafts: Any) -> None:
        original(self, drafts)
        written.append(len(drafts))
        if len(written) == 2:
            raise IntegrityError("the disk is full")

    monkeypatch.setattr(Writer, "_list", fails_in_the_second_batch)
    plan = Plan(article_columns(), seed=1)
    with pytest.raises(IntegrityError):
        generate(15, plan, batch=5)
    assert len(synthetic()) == 5
    assert Publication.objects.filter(item__in=[f"page:{p.pk}" for p in synthetic()]).count() == 5
    monkeypatch.undo()
    assert generate(15, plan, batch=5) == 10
    assert len(synthetic()) == 15
    assert not any(Page.find_problems())


@pytest.mark.django_db(transaction=True)
def test_two_processes_write_side_by_side() -> None:
    make_world()
    reported: list[tuple[int, int]] = []
    plan = Plan(article_columns(), seed=1)
    done = generate(40, plan, processes=2, batch=5, report=lambda *seen: reported.append(seen))
    assert done == len(synthetic()) == 40
    assert [seen[0] for seen in reported] == list(range(5, 45, 5))
    assert not any(Page.find_problems())
    for count in ListingCount.objects.all():
        assert count.count == ListingRow.objects.filter(container=count.container).count()
    assert len(set(Revision.objects.values_list("pk", flat=True))) == 40


@pytest.mark.django_db(transaction=True)
def test_a_failing_process_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    make_world()

    def fails(self: Writer, drafts: Any) -> None:
        raise BulkRefused("gone")

    monkeypatch.setattr(Writer, "_place", fails)
    with pytest.raises(BulkRefused, match="gone"):
        generate(20, Plan(article_columns(), seed=1), processes=2, batch=5)
    assert not synthetic()


def test_the_same_seed_gives_the_same_articles(world: World) -> None:
    run("--articles", "8")
    before = [(p.slug, p.title, p.first_published_at, p.get_parent().pk) for p in synthetic()]
    for page in synthetic():
        page.delete()
    run("--articles", "8")
    after = [(p.slug, p.title, p.first_published_at, p.get_parent().pk) for p in synthetic()]
    assert before == after


# --- where ----------------------------------------------------------------------------------------
def test_only_public_lists_of_living_sections_are_filled(world: World) -> None:
    archived = ColumnFactory(parent=TopicFactory(parent=world.home, archived=True))
    leaders = ColumnFactory(parent=world.home, display="leaders")
    hidden = ColumnFactory(parent=world.home, draft=True)
    below_hidden = ColumnFactory(parent=hidden)
    living = ColumnFactory(parent=TopicFactory(parent=world.home))
    found = {node.pk for node in article_columns()}
    assert not found & {archived.pk, leaders.pk, hidden.pk, below_hidden.pk}
    assert found >= {world.column.pk, world.hubin_column.pk, world.gaoxin_column.pk, living.pk}
    hubin = structure.current().nodes[world.hubin_home.pk]
    assert [node.pk for node in article_columns(hubin)] == [world.hubin_column.pk]


def test_without_a_column_nothing_happens(db: None) -> None:
    with pytest.raises(CommandError, match="no public column"):
        run("--articles", "5")
    with pytest.raises(CommandError, match="no portal yet"):
        run("--articles", "5", "--sites", "1")


def test_a_column_that_vanishes_is_named(world: World) -> None:
    columns = article_columns()
    doomed = Page.objects.get(pk=columns[0].pk)
    doomed.delete()
    with pytest.raises(BulkRefused, match=str(doomed.title)):
        generate(5, Plan(columns, seed=1))
    assert not synthetic()


def test_sub_sites_are_made_once_and_hold_all_articles(client: Client) -> None:
    world = make_world(provisioned=True)
    run("--articles", "9", "--sites", "2")
    run("--articles", "12", "--sites", "2")
    records = list(SiteRecord.objects.filter(code__startswith="synthetic-site-").order_by("code"))
    assert [record.code for record in records] == ["synthetic-site-1-1", "synthetic-site-1-2"]
    assert all(record.parent == world.site and record.role_groups.exists() for record in records)
    pages = synthetic()
    assert len(pages) == 12
    homes = tuple(record.root_page.path for record in records)
    assert all(page.path.startswith(homes) for page in pages)
    assert not any(Page.find_problems())
    for record in records:
        assert client.get(record.root_page.specific.url).status_code == 200


# --- usage ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "arguments",
    [
        ("--articles", "-1"),
        ("--articles", "5000001"),
        ("--articles", "1", "--sites", "-1"),
        ("--articles", "1", "--sites", "501"),
        ("--articles", "1", "--seed", "-1"),
    ],
)
def test_bad_numbers_are_bad_usage(world: World, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="must be from") as refused:
        run(*arguments)
    assert refused.value.returncode == 2
    assert not synthetic()


def test_production_demands_operators_and_a_reason(world: World, settings: LazySettings) -> None:
    settings.PORTAL_OPERATOR_STRICT = True
    with pytest.raises(CommandError, match="--reviewed-by") as refused:
        run("--articles", "1")
    assert refused.value.returncode == 2
    assert not synthetic()
    first, *_others = [UserFactory(username=name) for name in ("a", "b", "c")]
    run("--articles", "1", "--reviewed-by", "a,b,c", "--reason", "load test")
    [page] = synthetic()
    assert page.owner == first
    assert Publication.objects.get(item=f"page:{page.pk}").published_by == first
    assert set(PageLogEntry.objects.filter(page=page).values_list("user", flat=True)) == {first.pk}


def test_progress_tells_rate_and_rest_but_not_too_often() -> None:
    said: list[str] = []
    times = iter([0.0, 1.0, 4.0, 5.0, 8.0])
    progress = Progress(said.append, clock=lambda: next(times))
    for done in (1000, 2000, 3000, 4000):
        progress(done, 4000)
    assert [line.split()[0] for line in said] == ["2,000", "4,000"]
    assert "4" in said[0]
    assert "500" in said[0]
