"""Guides as pages: what they demand before they are public, and what they tell others."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.core.gate import PublishRefused
from portal.services.completeness import GROUPS, WHOLE, completeness_of
from portal.services.models import GuideBasis, GuideMaterial, GuidePage, GuidePlace, GuideRecord
from portal.services.publishing import code_problems, warnings_of
from tests.factories import DocumentFactory, UserFactory, World

from .factories import make_guide, term

pytestmark = pytest.mark.django_db


# --- completeness ---------------------------------------------------------------------------------
def test_the_weights_are_a_hundred_and_eight_groups_are_key() -> None:
    assert sum(group.weight for group in GROUPS) == WHOLE
    assert len([group for group in GROUPS if group.is_key]) == 8


def test_what_is_missing_costs_its_weight(column: Page) -> None:
    guide = make_guide(column, supervision="0999-10012345", is_charged=True)
    found = completeness_of(guide)
    missing = {group.key: group.weight for group in found.missing}
    assert found.score == WHOLE - sum(missing.values())
    assert "supervision" not in missing
    assert "fee" in missing, "a fee without a standard says nothing"
    assert found.key_missing == ()


def test_a_guide_that_is_wholly_online_needs_no_counter(column: Page) -> None:
    online = {"online_level": term("online_level", "quancheng"), "online_url": "https://a.example"}
    there = completeness_of(make_guide(column, places=[], **online))
    assert not {"place", "hours"} & {group.key for group in there.missing}
    nowhere = completeness_of(make_guide(column, title="另一项", places=[]))
    assert {"place", "hours"} <= {group.key for group in nowhere.missing}


def test_four_missing_key_parts_stop_publication_and_three_only_warn(column: Page) -> None:
    three = make_guide(column, places=[], steps=[])
    assert three.live
    assert [problem.blocking for problem in warnings_of(three)] == [False]
    with pytest.raises(PublishRefused) as refused:
        make_guide(column, title="缺得太多", places=[], steps=[], basis=[])
    assert any(problem.blocking for problem in refused.value.problems)
    assert not GuidePage.objects.get(title="缺得太多").live


def test_a_guide_names_its_office(column: Page) -> None:
    with pytest.raises(PublishRefused) as refused:
        make_guide(column, owner_unit=None)
    assert [problem.field for problem in refused.value.problems] == ["owner_unit"]


# --- records --------------------------------------------------------------------------------------
def test_a_public_guide_has_a_record_and_a_withdrawn_one_none(column: Page) -> None:
    draft = make_guide(column, title="草稿", live=False)
    guide = make_guide(column)
    assert not GuideRecord.objects.filter(page=draft).exists()
    record = GuideRecord.objects.get(page=guide)
    assert record.score == completeness_of(guide).score
    guide.unpublish()
    assert not GuideRecord.objects.filter(page=guide).exists()


def test_the_digest_follows_what_the_public_reads(column: Page) -> None:
    guide = make_guide(column)
    before = guide.guide_record
    guide.keywords = "居住"
    guide.save_revision().publish()
    same = GuideRecord.objects.get(page=guide)
    assert (same.digest, same.changed_at) == (before.digest, before.changed_at)
    guide.materials.add(GuideMaterial(name="照片"))
    guide.save_revision().publish()
    after = GuideRecord.objects.get(page=guide)
    assert after.digest != before.digest
    assert after.changed_at > before.changed_at


def test_a_record_follows_its_guide_to_another_site(world: World) -> None:
    guide = make_guide(world.column)
    guide.move(world.hubin_column, pos="last-child")
    assert GuideRecord.objects.get(page=guide).site == world.hubin


# --- codes ----------------------------------------------------------------------------------------
def test_codes_stay_as_they_were_given(column: Page) -> None:
    guide = make_guide(column, implementation_code=" 11-a／0 ", base_code="00012")
    assert (guide.implementation_code, guide.base_code) == (" 11-a／0 ", "00012")


def test_an_implementation_code_belongs_to_one_guide(world: World) -> None:
    make_guide(world.column, implementation_code="X1", base_code="B")
    twin = make_guide(
        world.hubin_column, live=False, title="同码", implementation_code="X1", base_code="B"
    )
    assert [field for field, _text in code_problems(twin)] == ["implementation_code"]
    with pytest.raises(PublishRefused):
        twin.save_revision().publish()


def test_a_base_code_is_shared_by_offices_but_once_at_a_site(world: World) -> None:
    make_guide(world.column, base_code="B")
    elsewhere = make_guide(world.hubin_column, base_code="B")
    assert code_problems(elsewhere) == []
    here = make_guide(world.column, title="又一个", live=False, base_code="B")
    assert [field for field, _text in code_problems(here)] == ["base_code"]
    with_own = make_guide(world.column, title="有实施编码", base_code="B", implementation_code="X2")
    assert code_problems(with_own) == []


# --- told to others -------------------------------------------------------------------------------
def test_search_knows_a_guide_by_its_everyday_names(column: Page) -> None:
    guide = make_guide(column, terms=[term("life_event", "luohu")])
    GuidePage.prepare_for_search([guide])
    values = guide.search_values()
    assert values["kind"] == "service"
    assert "暂住证" in values["aliases"]
    assert "居民身份证" in values["text"]
    assert "户籍迁移" in values["text"]
    assert values["extra"]["limit"] == "5个工作日"
    assert values["agencies"] == [guide.owner_unit_id]


def test_many_guides_are_prepared_for_search_with_few_queries(
    column: Page, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        make_guide(column, title=f"事项{number}")
    pages = list(GuidePage.objects.all())
    with django_assert_max_num_queries(6):
        GuidePage.prepare_for_search(pages)
        assert all(page.search_values()["text"] for page in pages)


def test_a_guide_is_a_service_in_lists_and_in_the_library(column: Page) -> None:
    guide = make_guide(column)
    assert guide.listing_values()["kind"] == "service"
    assert guide.library_values()["record_type"] == "service"


# --- editing --------------------------------------------------------------------------------------
@pytest.fixture
def chief(client: Client) -> Any:
    user = UserFactory(superuser=True)
    client.force_login(user)
    return user


def test_the_editor_screen_keeps_to_its_budget(
    column: Page, client: Client, chief: Any, django_assert_max_num_queries: Any
) -> None:
    rows = [GuideMaterial(name=f"材料{number}") for number in range(6)]
    guide = make_guide(column, materials=rows, terms=[term("life_event", "luohu")])
    path = reverse("wagtailadmin_pages:edit", args=[guide.pk])
    assert client.get(path).status_code == 200
    with django_assert_max_num_queries(45):
        html = client.get(path).content.decode()
    assert "户籍迁移" in html
    assert 'name="places-0-hours-0-from"' in html


def test_the_form_of_a_new_guide_opens(column: Page, client: Client, chief: Any) -> None:
    path = reverse("wagtailadmin_pages:add", args=["services", "guidepage", column.pk])
    assert client.get(path).status_code == 200


def form_data(guide: GuidePage, **changes: Any) -> dict[str, Any]:
    """What the browser sends for a guide without parts."""
    data: dict[str, Any] = {
        "title": guide.title,
        "slug": guide.slug,
        "summary": guide.summary,
        "level": "municipal",
        "owner_unit": guide.owner_unit_id,
        "conditions": "null",
        "notes": "null",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    for name in ("materials", "steps", "places", "basis"):
        data |= {f"{name}-TOTAL_FORMS": 0, f"{name}-INITIAL_FORMS": 0}
    return data | changes


def test_a_taken_code_is_an_error_of_the_form(column: Page, client: Client, chief: Any) -> None:
    make_guide(column, implementation_code="X1")
    guide = make_guide(column, title="后来的", live=False)
    path = reverse("wagtailadmin_pages:edit", args=[guide.pk])
    answer = client.post(path, form_data(guide, implementation_code="X1"))
    form = answer.context["form"]
    assert list(form.errors) == ["implementation_code"]
    assert form["implementation_code"].value() == "X1"


def test_wrong_opening_hours_come_back_as_typed(column: Page, client: Client, chief: Any) -> None:
    guide = make_guide(column, live=False, places=[])
    place = {
        "places-TOTAL_FORMS": 1,
        "places-0-name": "市民中心",
        "places-0-address": "云水路1号",
        "places-0-ORDER": 1,
        "places-0-hours-0-days": ["1", "2"],
        "places-0-hours-0-from": "17:00",
        "places-0-hours-0-until": "09:00",
    }
    path = reverse("wagtailadmin_pages:edit", args=[guide.pk])
    answer = client.post(path, form_data(guide, **place))
    errors = answer.context["form"].formsets["places"].errors
    assert list(errors[0]) == ["hours"]
    assert 'value="17:00"' in answer.content.decode()
    good = place | {"places-0-hours-0-from": "08:30", "places-0-hours-0-until": "17:00"}
    assert client.post(path, form_data(guide, **good)).status_code == 302
    stored = guide.get_latest_revision_as_object().places.first()
    assert stored.hours == [{"days": [1, 2], "from": "08:30", "until": "17:00"}]


def test_a_point_needs_both_numbers_and_a_basis_a_name(column: Page) -> None:
    with pytest.raises(ValidationError):
        GuidePlace(name="甲", address="乙", latitude="30.1").clean()
    with pytest.raises(ValidationError):
        GuideBasis().clean()
    GuideBasis(label="《条例》").clean()


# --- copies and other languages -------------------------------------------------------------------
def test_copies_and_aliases_have_parts_of_their_own(world: World) -> None:
    guide = make_guide(world.column, implementation_code="X1")
    alias = guide.create_alias(parent=world.hubin_column)
    assert [row.name for row in alias.specific.materials.all()] == ["居民身份证"]
    guide.materials.add(GuideMaterial(name="照片", blank_form=DocumentFactory()))
    guide.save_revision().publish()
    alias.refresh_from_db()
    assert [row.name for row in alias.specific.materials.all()] == ["居民身份证", "照片"]
    assert not GuideRecord.objects.filter(page=alias.pk).exists()
    guide = GuidePage.objects.get(pk=guide.pk)
    copy = guide.copy(to=world.column, update_attrs={"slug": "kopie"}, keep_live=False)
    keys = {row.translation_key for row in guide.materials.all()}
    assert not keys & {row.translation_key for row in copy.specific.materials.all()}
