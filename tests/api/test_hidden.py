"""What the API must never give: by list, by number, by name, in a count of names."""

import json
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from portal.core import structure
from portal.core.models import Organisation, Publication, SiteRecord

from .conftest import Api, City

HIDDEN_ARTICLES = (
    "Draft",
    "Secret article",
    "Over",
    "In withdrawn column",
    "In secret column",
    "Article preparing",
    "Article closed",
    "English draft",
)
HIDDEN_COLUMNS = ("Withdrawn column", "Secret column", "Column preparing", "Column closed")
HIDDEN_SITES = ("preparing", "closed")
LISTS = (
    "sites",
    "columns",
    "organisations",
    "pages",
    "pages?site=yunhu",
    "pages?site=hubin",
    "pages?language=zh-hans",
    "pages?language=en",
    "pages?from=2026-03-01",
)


def not_found(api: Api, address: str) -> bool:
    response = api.get(address)
    return bool(response.status_code == 404 and response.json()["status"] == 404)


def everything(value: Any) -> set[str]:
    """All texts and numbers in an answer."""
    if isinstance(value, dict):
        return set().union(*map(everything, value.values()))
    if isinstance(value, list):
        return set().union(*map(everything, value))
    return {str(value)}


@pytest.mark.parametrize("title", HIDDEN_ARTICLES)
def test_hidden_articles_by_number(api: Api, city: City, title: str) -> None:
    assert not_found(api, f"pages/{city.pk(title)}")


@pytest.mark.parametrize("title", HIDDEN_COLUMNS)
def test_hidden_columns_by_number(api: Api, city: City, title: str) -> None:
    assert not_found(api, f"columns/{city.pk(title)}")
    assert not_found(api, f"pages?column={city.pk(title)}")


@pytest.mark.parametrize("code", HIDDEN_SITES)
def test_hidden_sites_by_code(api: Api, code: str) -> None:
    for address in ("sites/{}", "columns?site={}", "pages?site={}", "organisations?site={}"):
        assert not_found(api, address.format(code))
    assert not_found(api, f"organisations/{code}-office")


@pytest.mark.parametrize("address", LISTS)
def test_lists_hold_nothing_hidden(api: Api, city: City, address: str) -> None:
    glue = "&" if "?" in address else "?"
    texts = everything(api.json(f"{address}{glue}page_size=100"))
    hidden = {*HIDDEN_ARTICLES, *HIDDEN_COLUMNS, *HIDDEN_SITES}
    hidden |= {f"{code}-office" for code in HIDDEN_SITES}
    hidden |= {city.pages[title].full_url for title in (*HIDDEN_ARTICLES, *HIDDEN_COLUMNS)}
    assert not hidden & texts


def test_details_name_nothing_hidden(api: Api, city: City) -> None:
    assert api.json(f"pages/{city.pk('News 1')}")["translations"] == []  # its English is a draft
    hall = api.json("organisations/city-hall")
    assert not [child for child in hall["children"] if child["code"].endswith("ng-office")]
    assert "preparing" not in json.dumps(api.json("sites/yunhu"))


@pytest.mark.parametrize("title", ["News", "Festival", "English city"])
def test_columns_and_homes_are_no_pages(api: Api, city: City, title: str) -> None:
    assert not_found(api, f"pages/{city.pk(title)}")


def test_articles_are_no_columns(api: Api, city: City) -> None:
    assert not_found(api, f"columns/{city.pk('News 0')}")
    assert not_found(api, f"pages?column={city.pk('News 0')}")


def test_the_root_of_all_trees_is_nothing(api: Api) -> None:
    root = Page.get_first_root_node()
    assert not_found(api, f"pages/{root.pk}")
    assert not_found(api, f"columns/{root.pk}")


def test_site_without_content_in_a_language(api: Api) -> None:
    assert not_found(api, "sites/hubin?language=en")


# --- what changes takes effect at once ------------------------------------------------------------
def test_withdrawn_article(api: Api, city: City) -> None:
    page = city.pages["News 2"].specific
    page.unpublish()
    assert not_found(api, f"pages/{page.pk}")
    assert "News 2" not in everything(api.json(f"pages?column={city.pk('News')}"))


def test_restriction_on_a_column_hides_what_is_below(api: Api, city: City) -> None:
    PageViewRestriction.objects.create(page=city.pages["News"], restriction_type="login")
    for address in (f"pages/{city.pk('Local')}", f"columns/{city.pk('Local news')}"):
        assert not_found(api, address)
    assert not {"News", "Local", "News 0"} & everything(api.json("pages"))
    assert "Local news" not in everything(api.json("columns"))


def test_closed_portal_takes_everything_with_it(api: Api, city: City) -> None:
    record = SiteRecord.objects.get(code="yunhu")
    record.state = SiteRecord.State.CLOSED
    record.save()
    assert api.json("sites")["total"] == 0
    assert api.json("pages")["total"] == 0
    assert not_found(api, f"pages/{city.pk('Hubin article')}")


def test_publication_no_longer_in_force(api: Api, city: City) -> None:
    Publication.objects.filter(page=city.pages["News 1"]).update(valid_until=timezone.now())
    """It stays findable as what it is; a caller that asks for what holds can tell."""
    [listed] = [item for item in api.items("pages") if item["id"] == city.pk("News 1")]
    shown = api.json(f"pages/{city.pk('News 1')}")
    for item in (listed, shown):
        assert (item["in_force"], item["validity"]) == (False, "expired")
        assert item["valid_until"] is not None
    others = [item for item in api.items("pages") if item["id"] != city.pk("News 1")]
    assert all(item["in_force"] and item["validity"] == "in_force" for item in others)


def test_column_that_is_over_before_the_clock_came_by(api: Api, city: City) -> None:
    Publication.objects.filter(page=city.pages["Local news"]).update(until=timezone.now())
    assert not_found(api, f"columns/{city.pk('Local news')}")
    assert city.pk("Local news") not in [item["id"] for item in api.items("columns")]


def test_organisation_moves_to_a_hidden_site(api: Api) -> None:
    hidden = SiteRecord.objects.get(code="preparing")
    Organisation.objects.filter(code="city-hall").update(site=hidden)
    structure.touch()
    assert not_found(api, "organisations/city-hall")
    assert api.json("organisations/hubin-office")["parent"] is None


def test_signed_in_editors_see_no_more(api: Api, city: City, admin_client: Any) -> None:
    for title in HIDDEN_ARTICLES:
        assert admin_client.get(f"/api/v1/pages/{city.pk(title)}").status_code == 404
