"""What editors find filled in, and what half-filled blocks may do."""

import pytest

from portal.core.models import User
from portal.pages.blocks import BodyBlock, SectionsBlock
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, UserFactory, World


def initial(user: User, world: World) -> tuple[str, str]:
    form_class = ArticlePage.get_edit_handler().get_form_class()
    form = form_class(instance=ArticlePage(), parent_page=world.column, for_user=user)
    return form.initial["source"], form.initial.get("author", "")


@pytest.mark.django_db
def test_source_and_author_are_those_of_the_last_time(world: World) -> None:
    user = UserFactory()
    ArticleFactory(parent=world.column, owner=user, source="云湖日报", author="旧")
    ArticleFactory(parent=world.column, owner=user, source="市水务局", author="新")
    ArticleFactory(parent=world.hubin_column, owner=user, source="别的栏目", author="别人")
    ArticleFactory(parent=world.column, owner=UserFactory(), source="别的账号", author="别人")
    assert initial(user, world) == ("市水务局", "新")


@pytest.mark.django_db
def test_the_first_time_the_unit_is_the_source(world: World) -> None:
    assert initial(UserFactory(), world) == ("云湖市人民政府办公室", "")


@pytest.mark.django_db
@pytest.mark.parametrize("stream", [BodyBlock, SectionsBlock])
def test_a_block_just_added_never_stops_a_draft_or_its_preview(stream: type) -> None:
    block = stream()
    for name, child in block.child_blocks.items():
        value = block.normalize([(name, child.get_default())])
        block.clean_deferred(value)  # raises where a block refuses to be half-filled
