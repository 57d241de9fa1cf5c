"""A vanished page, a number that is none: the admin says "not found", and never breaks."""

from collections.abc import Callable, Iterator

import pytest

from .actors import Actor
from .places import City, article_form
from .test_reading import PARAMETER, admin_patterns, fill, values_for

pytestmark = pytest.mark.one_database

STRANGE = ("999999999", "9" * 30)
GONE = (404, 409)  # not found, or what was typed given back
IN_QUERY = ("abc", "9" * 30, "²")


def strange_addresses(city: City) -> Iterator[str]:
    place = city.places["hubin"]
    for address in admin_patterns():
        bare = address.replace("^", "")
        if not PARAMETER.search(bare):
            continue
        values = values_for(address, place)
        for number in STRANGE:
            yield fill(bare, {k: number if str(v).isdigit() else v for k, v in values.items()})
    for number in IN_QUERY:
        yield f"/admin/bulk/wagtailcore/page/delete/?id={number}"
        yield f"/admin/bulk/wagtailcore/page/delete/?id=all&childOf={number}"
        yield f"/admin/bulk/wagtailimages/image/delete/?id={number}"
        yield f"/admin/bulk/core/portalimage/delete/?id={number}"
        yield f"/admin/choose-page/chosen-multiple/?id={number}"
        yield f"/admin/images/chooser/chosen-multiple/?id={number}"
        yield f"/admin/documents/chooser/chosen/{number or 'x'}/"
        yield f"/admin/images/?collection_id={number}&p={number}"
        yield f"/admin/pages/{place.column.pk}/?p={number}&ordering={number}&owner={number}"
        yield f"/admin/reports/workflow/?workflow={number}&requested_by={number}"
        yield f"/admin/reports/site-history/?user={number}&object_type={number}"
        yield f"/admin/organisations/?site={number}&kind={number}"


def test_no_address_breaks(city: City, act_as: Callable[..., Actor]) -> None:
    client = act_as("site_admin").client
    client.raise_request_exception = False
    urls = strange_addresses(city)
    assert [url for url in urls if client.get(url).status_code >= 500] == []


def test_writing_below_a_parent_that_vanished(city: City, act_as: Callable[..., Actor]) -> None:
    actor, place = act_as("site_admin"), city.places["hubin"]
    args = ("pages", "articlepage", place.second_column.pk)
    assert actor.get("wagtailadmin_pages:add", *args).status_code == 200
    place.second_column.delete()
    response = actor.post("wagtailadmin_pages:add", *args, data=article_form("无处可去"))
    assert response.status_code in GONE


def test_saving_a_page_that_vanished(city: City, act_as: Callable[..., Actor]) -> None:
    actor, place = act_as("site_admin"), city.places["hubin"]
    pk = place.draft.pk
    type(place.draft).objects.get(pk=pk).delete()
    response = actor.post("wagtailadmin_pages:edit", pk, data=article_form("没了"))
    assert response.status_code in GONE
