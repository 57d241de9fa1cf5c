"""Two releasers at the same moment, and a process that is killed."""

import os
import signal

import pytest
from django.db import connection, connections

from portal.bundles.models import Bundle
from portal.bundles.release import ReleaseRefused, release
from portal.core import outbox
from portal.core.models import OutboxEvent, Publication
from tests.core.test_concurrency import at_once
from tests.factories import ArticleFactory, World, make_world, member, publish

from .factories import Staff, live_of, make_staff, ready_bundle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(transactional_db: None) -> tuple[World, Staff, Bundle]:
    world = make_world(provisioned=True)
    staff = make_staff(world.site)
    return world, staff, ready_bundle(world, staff, 6)


def test_two_releasers_at_once(committed: tuple[World, Staff, Bundle]) -> None:
    world, staff, bundle = committed
    second = member("releaser", world.site)
    before = OutboxEvent.objects.count()
    errors = at_once(
        lambda: release(bundle=bundle, user=staff.releaser),
        lambda: release(bundle=bundle, user=second),
    )
    assert errors == []
    assert live_of(bundle) == {True}
    assert OutboxEvent.objects.count() == before + 6
    pages = bundle.items.values("page")
    assert Publication.objects.filter(page__in=pages, closed=False).count() == 6
    bundle.refresh_from_db()
    assert bundle.released_by in (staff.releaser, second)


def test_a_releaser_and_somebody_who_publishes_something_else(
    committed: tuple[World, Staff, Bundle],
) -> None:
    world, staff, bundle = committed
    article = ArticleFactory(parent=world.column, draft=True)

    def other() -> None:
        from portal.core.models import Basis
        from portal.core.reviews.grounds import releasing_as

        with releasing_as(Basis.OPERATOR, "x"):
            publish(article)

    assert at_once(lambda: release(bundle=bundle, user=staff.releaser), other) == []
    assert live_of(bundle) == {True}


@pytest.mark.parametrize("at", [0, 3, 5])
def test_a_killed_process_leaves_none_public(
    committed: tuple[World, Staff, Bundle], at: int
) -> None:
    _world, staff, bundle = committed
    connections.close_all()  # the child must not share it
    child = os.fork()
    if not child:
        original, calls = outbox.append, 0

        def deadly(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if calls == at + 1:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **kwargs)  # type: ignore[arg-type]

        outbox.append = deadly  # type: ignore[assignment]
        try:
            release(bundle=bundle, user=staff.releaser)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert live_of(bundle) == {False}
    assert not Publication.objects.filter(page__in=bundle.items.values("page")).exists()
    release(bundle=bundle, user=staff.releaser)
    assert live_of(bundle) == {True}


def test_a_refusal_is_kept_though_all_else_is_undone(
    committed: tuple[World, Staff, Bundle],
) -> None:
    from .test_release import failing_call

    _world, staff, bundle = committed
    with failing_call(outbox, "append", 2), pytest.raises(ReleaseRefused):
        release(bundle=bundle, user=staff.releaser)
    assert not connection.in_atomic_block
    bundle.refresh_from_db()
    assert bundle.problem.startswith("第2篇")
    assert live_of(bundle) == {False}
