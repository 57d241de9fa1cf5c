"""The demo's part: a province's items in different states, a submission, a channel switched off."""

import pytest

from portal.core.models import Clock
from portal.reposting.demo_content import FILE, DemoReposting
from portal.reposting.models import (
    Channel,
    DistributionGroup,
    Submission,
    UpstreamItem,
    UpstreamSource,
)
from tests.factories import ArticleFactory, World

pytestmark = pytest.mark.django_db


class _Demo:
    def __init__(self, world: World) -> None:
        self.records = {"yunhu": world.site, "hubin": world.hubin}
        self.pages = {"shangji-wenjian": world.column}

    def read_yaml(self, path: object) -> object:
        import yaml

        assert path == FILE
        return yaml.safe_load(FILE.read_text("utf-8"))

    def say(self, _line: str) -> None: ...


def test_it_is_loaded_once_and_asks_nobody(world: World) -> None:
    ArticleFactory(parent=world.column)
    for _number in range(2):
        DemoReposting().finish(_Demo(world))
    source = UpstreamSource.objects.get()
    assert not source.is_active
    assert source.column == world.column
    states = set(UpstreamItem.objects.values_list("state", flat=True))
    assert states == {"new", "taken", "set_aside"}
    assert Clock.objects.filter(kind="reposting.repost").count() == 3
    assert Submission.objects.get().state == "submitted"
    channel = Channel.objects.get()
    assert not channel.is_active
    channel.full_clean()
    group = DistributionGroup.objects.get()  # none of the sites of the other is here
    assert list(group.sites.all()) == [world.hubin]
    source.full_clean()
