"""The screens: what is there for whom, and what each refuses."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from portal.core.models import ListingRow
from portal.library.models import (
    BatchEdit,
    Classification,
    CompletenessRule,
    FacetCount,
    LibraryRecord,
    Sharing,
)
from portal.library.services import prints, quality, records
from tests.factories import (
    ArticleFactory,
    ImageFactory,
    OrganisationFactory,
    UserFactory,
    World,
    member,
    text,
)

from .conftest import record_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LONG = "云湖市将于下月举办全民健身日活动，市民可以在各区文化体育中心报名参加，名额先到先得。" * 3


@pytest.fixture
def page(provisioned_world: World):
    return ArticleFactory(parent=provisioned_world.column, title="全民健身日", body=text(LONG))


def login(client: Client, role: str, site) -> Client:
    client.force_login(member(role, site))
    return client


@pytest.fixture
def boss(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True))
    return client


def sent(form) -> dict[str, object]:
    """What a browser sends for a form that nobody has changed."""
    return {name: value for name in form.fields if (value := form.initial.get(name))}


SCREENS = ("library_records", "library_quality", "library_grants", "library_intakes",
           "library_tables")  # fmt: skip


def test_every_screen_answers_within_its_budget(
    provisioned_world: World, page, boss: Client, django_assert_max_num_queries
) -> None:
    quality.check_site(provisioned_world.site.pk)
    record = record_of(page)
    addresses = [reverse(name) for name in SCREENS]
    names = ("library_record", "library_record_edit", "library_place")
    addresses += [reverse(name, args=[record.pk]) for name in names]
    addresses.append(reverse("library_defaults", args=[provisioned_world.column.pk]))
    addresses.append(reverse("library_version", args=["theme"]))
    addresses += [f"{reverse('library_records')}?{query}" for query in (
        "q=全民健身", "record_type=article", "theme=22", "five_open=decision", "site=1x", "p=99",
        "check=no_keywords", "state=public&sharing=none", f"column={provisioned_world.column.pk}",
    )]  # fmt: skip
    for address in addresses:
        with django_assert_max_num_queries(45):
            assert boss.get(address).status_code == 200, address


def test_words_find_what_the_text_says(page, boss: Client) -> None:
    html = boss.get(reverse("library_records"), {"q": "文化体育中心"}).content.decode()
    assert "全民健身日" in html
    number = record_of(page).index_no
    assert number in boss.get(reverse("library_records"), {"q": number}).content.decode()
    assert number not in boss.get(reverse("library_records"), {"q": "没有的话"}).content.decode()


def test_where_too_many_have_the_words_the_screen_says_so(
    page, boss: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{reverse('library_records')}?q=全民健身日"
    answer = boss.get(address)
    assert len(answer.context["rows"]) == 1
    assert answer.context["most_found"] is None
    monkeypatch.setattr("portal.library.selectors.listing.MOST_FOUND", 1)
    newer = ArticleFactory(parent=page.get_parent(), title="又到全民健身日", body=text(LONG))
    answer = boss.get(address)
    assert [row.page_id for row, _own, _theme in answer.context["rows"]] == [newer.pk]
    assert answer.context["most_found"] == 1


def test_an_editor_writes_in_records_of_the_own_site_only(
    provisioned_world: World, page, client: Client
) -> None:
    address = reverse("library_record_edit", args=[record_of(page).pk])
    for role, site in (("editor", provisioned_world.hubin), ("auditor", provisioned_world.site),
                       ("translator", provisioned_world.site)):  # fmt: skip
        login(client, role, site)
        answer = client.post(address, {"summary": "别人写的"})
        assert answer.status_code in (302, 403)
        assert record_of(page).summary != "别人写的"
    login(client, "editor", provisioned_world.site)
    form = client.get(address).context["form"]
    values = sent(form) | {"five_open": ["decision"], "summary": "我写的"}
    assert client.post(address, values).status_code == 302
    record = record_of(page)
    assert (record.summary, record.five_open) == ("我写的", "decision")
    assert set(record.written) == {"summary", "five_open"}
    unit = OrganisationFactory(full_name="云湖市体育局")
    for written in ({"theme": "0204", "sharing": "conditional", "summary": None}, {"genre": ""}):
        records.write(record=record, values=written, user=None)
    LibraryRecord.objects.filter(pk=record.pk).update(provider=None)
    records.write(record=record, values={"provider_id": unit.pk}, user=None)
    address = reverse("library_record", args=[record.pk])
    told = [words for _change, values in client.get(address).context["changes"]
            for _label, words in values]  # fmt: skip
    assert {"我写的", "云湖市体育局", ""} < set(told)
    assert any(words.startswith("0204 ") and "?" not in words for words in told)
    assert not {"conditional", "decision", str(unit.pk)} & set(told)


def test_an_unknown_or_missing_value_is_refused_at_its_field(page, boss: Client) -> None:
    record = record_of(page)
    address = reverse("library_record_edit", args=[record.pk])
    form = boss.get(address).context["form"]
    values = sent(form)
    answer = boss.post(address, values | {"pub_kind": "repost", "source_url": ""})
    assert answer.status_code == 200
    assert "source_url" in answer.context["form"].errors, answer.context["form"].errors
    assert boss.post(address, values | {"theme": "9999"}).context["form"].errors["theme"]
    assert record_of(page).pub_kind == "exclusive"


def test_others_see_public_records_and_not_drafts(provisioned_world, page, client) -> None:
    draft = ArticleFactory(parent=provisioned_world.column, draft=True)
    kept = records.record_of_draft(page=draft)
    login(client, "editor", provisioned_world.hubin)
    seen = client.get(reverse("library_record", args=[record_of(page).pk]))
    assert seen.status_code == 200
    assert client.get(reverse("library_record", args=[kept.pk])).status_code in (302, 403)
    assert kept.index_no not in client.get(reverse("library_records")).content.decode()
    image = ImageFactory(title="别站的图", collection=provisioned_world.site.collection)
    file = LibraryRecord.objects.get(item=f"image:{image.pk}")
    assert file.index_no not in client.get(reverse("library_records")).content.decode()
    assert client.get(reverse("library_record", args=[file.pk])).status_code in (302, 403)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    number = record_of(page).index_no
    assert number not in client.get(reverse("library_records")).content.decode()
    assert client.get(reverse("library_record", args=[record_of(page).pk])).status_code != 200
    login(client, "information_officer", provisioned_world.site)
    assert client.get(reverse("library_records")).status_code in (302, 403)


def test_a_draft_gets_its_record_to_be_completed(provisioned_world, client) -> None:
    CompletenessRule.objects.create(record_type="article", field="five_open")
    draft = ArticleFactory(parent=provisioned_world.column, draft=True)
    login(client, "site_admin", provisioned_world.site)
    answer = client.get(reverse("library_of_page", args=[draft.pk]), follow=True)
    assert answer.context["lacks"]
    records.write(record=record_of(draft), values={"five_open": "result"}, user=None)
    draft.save_revision().publish()
    assert record_of(draft).state == "public"


def test_many_are_changed_after_a_look_and_put_back(provisioned_world, page, client) -> None:
    other = ArticleFactory(parent=provisioned_world.column)
    foreign = ArticleFactory(parent=provisioned_world.hubin_column)
    keys = [record_of(one).pk for one in (page, other, foreign)]
    login(client, "editor", provisioned_world.site)
    address = reverse("library_batch")
    seen = client.post(address, {"records": keys, "theme": "0204", "step": "preview"})
    assert len(seen.context["preview"]) == 2
    assert record_of(page).theme == "22"
    client.post(address, {"records": keys, "theme": "0204", "step": "apply"})
    assert {record_of(one).theme for one in (page, other)} == {"0204"}
    assert record_of(foreign).theme == "22"
    batch = BatchEdit.objects.get()
    records.write(record=record_of(other), values={"theme": "0205"}, user=None)
    client.post(reverse("library_batch_done", args=[batch.pk]))
    assert (record_of(page).theme, record_of(other).theme) == ("22", "0205")


def test_the_report_finds_what_is_weak(provisioned_world, page, boss: Client) -> None:
    twin = ArticleFactory(parent=provisioned_world.column, title="全民健身日", body=text(LONG))
    prints.follow_pages(page_pks=[page.pk, twin.pk])
    quality.check_site(provisioned_world.site.pk)
    found = set(record_of(page).findings.values_list("check_name", flat=True))
    assert {"no_keywords", "no_theme", "duplicates"} <= found
    page_of = boss.get(reverse("library_record", args=[record_of(page).pk]))
    assert [one.record.pk for one in page_of.context["similar"]] == [record_of(twin).pk]
    assert ListingRow.objects.exists()


def test_what_columns_say_is_what_their_records_begin_with(provisioned_world, client) -> None:
    address = reverse("library_defaults", args=[provisioned_world.column.pk])
    login(client, "editor", provisioned_world.hubin)
    assert client.post(address, {"theme": "0201"}).status_code in (302, 403)
    login(client, "editor", provisioned_world.site)
    client.post(address, {"theme": "0201", "five_open": "service", "sharing": "conditional"})
    record = record_of(ArticleFactory(parent=provisioned_world.column))
    assert (record.theme, record.five_open, record.sharing) == (
        "0201", "service", Sharing.CONDITIONAL,
    )  # fmt: skip


def test_a_new_version_of_a_table_takes_its_records_along(provisioned_world, page, client) -> None:
    records.write(record=record_of(page), values={"theme": "0204"}, user=None)
    address = reverse("library_version", args=["theme"])
    login(client, "site_admin", provisioned_world.site)
    assert client.get(address).status_code in (302, 403)
    client.force_login(member("platform_admin"))
    lines = client.get(address).context["form"].initial["terms"].splitlines()
    new = "\n".join(line for line in lines if not line.startswith("0204")) + "\n0299 数字政务"
    form = {"version": "2", "terms": new, "step": "force", "moves": ""}
    refused = client.post(address, form)
    assert "0204" in str(refused.context["form"].errors)
    assert client.post(address, form | {"moves": "0204 -> 0299"}).status_code == 302
    record = record_of(page)
    assert (record.theme, record.written["theme"]) == ("0299", "0299")
    old = Classification.objects.get(scheme="theme", version="1")
    assert old.terms.get(code="0204").replaced_by == "0299"
    assert LibraryRecord.objects.filter(theme="0204").count() == 0


def test_facets_are_counted_again_where_something_has_changed(provisioned_world, page) -> None:
    site = provisioned_world.site.pk
    with time_machine.travel(datetime.datetime(2026, 10, 1, 8, tzinfo=datetime.UTC), tick=False):
        quality.count_again(site)
    FacetCount.objects.filter(site=site).update(count=999)
    LibraryRecord.objects.filter(site=site).update(
        updated_at=datetime.datetime(2026, 9, 1, tzinfo=datetime.UTC)
    )
    quality.count_again(site)
    assert FacetCount.objects.filter(site=site, count=999).exists()
    records.write(record=record_of(page), values={"theme": "0204"}, user=None)
    quality.count_again(site)
    counts = FacetCount.objects.filter(site=site, facet="theme", value="02")
    assert counts.get().count == 1
