"""What plugins add to the API: there where they are on, errors as everywhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from ninja import NinjaAPI, Router

from portal.api.plugin_routers import add_plugin_routers
from portal.core.extension_points import ApiRoutes, api_routers
from portal.testing import disable_plugin, enable_plugin, production_behaviour, raise_everywhere

from .conftest import Api, City

NOTES = "dummy-notes"


@pytest.fixture
def on(city: City, db: None) -> Iterator[None]:
    with enable_plugin("dummy"):
        yield


def post(text: Any) -> Any:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    return client.post(f"/api/v1/{NOTES}", {"text": text}, content_type="application/json")


def test_it_answers_as_the_portals_own(on: None, api: Api) -> None:
    made = post("hello")
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    content = api.json(NOTES)
    assert (content["total"], content["next"], content["items"][0]["text"]) == (1, None, "hello")
    first = api.get(f"{NOTES}/{made.json()['id']}")
    assert first.json()["text"] == "hello"
    again = api.get(NOTES, **{"if-none-match": api.get(NOTES).headers["ETag"]})
    assert again.status_code == 304


def test_errors_are_problem_details(on: None, api: Api) -> None:
    for response, status in (
        (api.get(f"{NOTES}/999?language=en"), 404),
        (api.get(f"{NOTES}?page=0"), 422),
        (post(""), 422),
        (api.get(f"{NOTES}/unknown"), 404),
    ):
        assert (response.status_code, response.headers["Content-Type"]) == (
            status, "application/problem+json",
        )  # fmt: skip
    assert api.get(f"{NOTES}/999?language=en").json()["detail"] == "There is no such note."


def test_a_problem_brings_its_headers(on: None, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal_dummy.api.MOST_NOTES", 0)
    response = post("hello")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_methods_are_those_of_the_address(on: None, api: Api) -> None:
    response = api.client.delete(f"/api/v1/{NOTES}")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    asked = api.client.options(f"/api/v1/{NOTES}/1")
    assert (asked.status_code, asked.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert api.client.head(f"/api/v1/{NOTES}").status_code == 200


def test_where_the_plugin_is_off_there_is_nothing(api: Api) -> None:
    with disable_plugin("dummy"):
        for response in (api.get(NOTES), api.get(f"{NOTES}/1"), post("hello")):
            assert response.status_code == 404
            assert response.headers["Content-Type"] == "application/problem+json"


def test_its_failure_is_its_own(on: None, api: Api) -> None:
    with raise_everywhere("dummy") as reached:
        response = api.get(NOTES)
        assert api.get("sites").status_code == 200
    assert (response.status_code, response.json()["status"]) == (500, 500)
    assert "view" in reached


def test_a_refusal_is_no_failure_of_the_plugin(on: None, api: Api) -> None:
    from portal.plugins.breaker import breaker

    with production_behaviour():
        for _time in range(20):
            api.get(f"{NOTES}/999")
        assert not breaker.is_open("dummy", "view")
        assert api.get(NOTES).status_code == 200


def test_the_document_names_it(api: Api) -> None:
    document = api.json("openapi.json")
    assert set(document["paths"][f"/api/v1/{NOTES}"]) == {"get", "post"}
    responses = document["paths"][f"/api/v1/{NOTES}"]["post"]["responses"]
    assert "304" not in responses
    assert "application/problem+json" in responses["422"]["content"]
    assert document["paths"]["/api/v1/policies/{policy_id}"]["get"]["tags"] == ["policies"]


@pytest.mark.parametrize("path", ["", "Policies", "a/b", "sites", "openapi", "a-"])
def test_a_path_is_a_free_word(path: str) -> None:
    with pytest.raises(ValueError, match="not a free word"):
        ApiRoutes(path, Router)


def test_who_cannot_be_mounted_is_left_out(db: None) -> None:
    """The portal starts; of two that want one path the first in the order has it."""

    def broken() -> Router:
        raise RuntimeError("broken")

    api = NinjaAPI(urls_namespace="api-try")
    with (
        production_behaviour(),
        api_routers.temporarily(ApiRoutes("broken", broken), plugin="dummy", name="x"),
        api_routers.temporarily(ApiRoutes("policies", Router), plugin="dummy", name="y"),
    ):
        found = add_plugin_routers(api)
    assert found["policies"].plugin == "policy_interpretation"
    assert found[NOTES].plugin == "dummy"
    assert "broken" not in found
