"""A repealed document is repealed in every language, whoever repeals it."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from portal.core.extension_points import outbox_consumers
from portal.core.models import Publication, Standing
from portal.core.outbox import run_consumers
from portal.foreign.models import PageTranslation
from portal.policy_interpretation.models import EffectKind, PolicyPage, PolicyRelation
from portal.policy_interpretation.services import effects
from tests.factories import UserFactory, World
from tests.policy_interpretation.factories import make_policy, republish

from .factories import make_section
from .site_crawl import by_client, crawl
from .staleness import released

pytestmark = pytest.mark.one_database


@pytest.fixture
def version(world: World) -> PageTranslation:
    section = make_section(world)
    [row] = released(make_policy(section.source), section.row)
    return row


def source(version: PageTranslation) -> PolicyPage:
    found: PolicyPage = Page.objects.get(pk=version.source_id).specific
    return found


def by_screen(page: PolicyPage) -> None:
    effects.end_document(
        policy=page,
        user=UserFactory(superuser=True),
        kind=EffectKind.REPEALED,
        since=timezone.localdate(),
        basis="第9号令",
    )


def by_another_document(page: PolicyPage) -> None:
    new = make_policy(
        page.get_parent(), title="新办法", document_number="云政发〔2026〕99号", live=False
    )
    new.effective_on = timezone.localdate()
    new.relations = [PolicyRelation(kind="repeals", target=page)]
    republish(new)


def by_its_own_last_day(page: PolicyPage) -> None:
    page.valid_through = timezone.localdate() - datetime.timedelta(days=1)
    republish(page)


@pytest.mark.parametrize("repeal", [by_screen, by_another_document, by_its_own_last_day])
def test_the_version_says_it(
    version: PageTranslation,
    client: Client,
    repeal: Callable[[PolicyPage], None],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    address = Page.objects.get(pk=version.target_id).get_url_parts()[2]
    assert "policy-notice--over" not in client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        repeal(source(version))
    for _round in range(2):  # what a consumer says is heard by the next
        for report in run_consumers([entry.item for entry in outbox_consumers.entries()]):
            assert not report.error
    assert "policy-notice--over" in client.get(address).content.decode()
    row = Publication.objects.get(page=version.target_id, closed=False)
    assert row.standing in (Standing.REPEALED, Standing.EXPIRED)
    found = crawl(by_client(client), ["en"])
    assert address in found.pages
    assert found.problems == []
