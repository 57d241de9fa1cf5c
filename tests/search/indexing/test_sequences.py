"""Whatever happens in whatever order: the index holds what is public, and nothing else."""

import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction

from portal.core import structure
from portal.search.indexing.folder import FolderStore
from portal.search.indexing.indexer import Indexer
from portal.search.indexing.replica import ReplicaEngine
from tests.factories import ArticleFactory, World, publish
from tests.search.scratch import keys

from .conftest import tell, until_idle

_PLACES = st.integers(0, 2)
_STEP = st.one_of(
    st.tuples(st.just("new"), _PLACES),
    st.tuples(st.sampled_from(["change", "withdraw", "publish", "delete"]), st.integers(0, 5)),
    st.tuples(st.just("refer"), st.integers(0, 5)),
    st.tuples(st.sampled_from(["hide", "show", "move", "close", "open"]), _PLACES),
    st.tuples(st.just("look"), st.just(0)),
)


@pytest.mark.django_db
@given(st.lists(_STEP, min_size=4, max_size=14))
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],  # shrinking would take longer than thinking
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_index_is_what_is_public(
    world: World, tmp_path: Path, steps: list[tuple[str, int]]
) -> None:
    folder = tmp_path / uuid.uuid4().hex
    columns = [world.column.pk, world.hubin_column.pk, world.gaoxin_column.pk]
    made: list[int] = []
    with closing(Indexer(FolderStore(folder, "test"))) as indexer:
        for name, number in steps:
            if name == "look":
                tell()
                until_idle(indexer)
            else:
                _do(name, number, columns, made)
        tell()
        until_idle(indexer)
        assert set(keys(ReplicaEngine(folder), count=200)) == _public()
    for pk in made:
        Page.objects.filter(pk=pk).delete()


def _do(name: str, number: int, columns: list[int], made: list[int]) -> None:
    if name == "new":
        page = ArticleFactory(parent=_page(columns[number]), slug=f"s{uuid.uuid4().hex[:12]}")
        made.append(page.pk)
        return
    if name in ("hide", "show", "move"):
        column = _page(columns[number])
        if name == "hide":
            PageViewRestriction.objects.get_or_create(
                page=column, restriction_type=PageViewRestriction.LOGIN
            )
        elif name == "show":
            for restriction in PageViewRestriction.objects.filter(page=column):
                restriction.delete()
        else:
            _move(column)
        return
    if name in ("close", "open"):
        if name == "close":
            _page(columns[number]).unpublish()
        else:
            publish(_page(columns[number]))
        return
    page = _page(made[number]) if number < len(made) else None
    if page is None or (page.alias_of_id is not None and name in ("change", "publish")):
        return  # a reference shows what its source says; it has no versions of its own
    if name == "change":
        publish(page, title=f"标题{uuid.uuid4().hex[:6]}")
    elif name == "withdraw":
        page.unpublish()
    elif name == "publish":
        publish(page)
    elif name == "delete":
        page.delete()
    elif name == "refer" and page.live and page.alias_of_id is None:
        made.append(page.create_alias(parent=_page(columns[2]), update_slug=_free()).pk)


def _free() -> str:
    return f"a{uuid.uuid4().hex[:12]}"


def _move(column: Any) -> None:
    parent = column.get_parent()
    others = Page.objects.filter(depth=parent.depth + 1).exclude(pk=parent.pk)
    target = others.filter(path__startswith=parent.path[:-4]).exclude(pk=column.pk).first()
    if target is not None and hasattr(target.specific, "sections"):
        column.slug = _free()
        column.save()
        _page(column.pk).move(target, pos="last-child")


def _page(pk: int) -> Any:
    found = Page.objects.filter(pk=pk).first()
    return found.specific if found is not None else None


def _public() -> set[str]:
    """By another way than the source: page by page, as a visitor's request would decide."""
    found = structure.current()
    public = set()
    for page in Page.objects.filter(live=True, depth__gt=1):
        nodes = found.nearest(page.path)
        above = [] if nodes is None else [nodes, *nodes.ancestors()]
        if found.root_for_url_path(page.url_path) is None:
            continue  # outside all sites
        if found.is_private(page.path) or not all(node.is_public for node in above):
            continue
        public.add(f"page:{page.alias_of_id or page.pk}")
    return public
