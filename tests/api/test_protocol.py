"""Methods, errors and caching: the same for every address."""

import json
from typing import Any

import pytest
from django.test import override_settings

from portal.api import selectors
from portal.api.urls import mounted

from .conftest import Api, City

PROBLEM = "application/problem+json"


def problem(response: Any, status: int) -> dict[str, Any]:
    """The content of an answer that must be a problem detail."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == PROBLEM
    content: dict[str, Any] = json.loads(response.content)
    assert content["status"] == status
    assert content["type"] == "about:blank"
    assert content["title"]
    assert "no-store" in response.headers["Cache-Control"]
    return content


# --- errors ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "",
        "nothing",
        "nothing/",
        "pages/",
        "pages/abc",
        "pages/0x1",
        "sites/nowhere",
        "pages/9999999",
    ],
)
def test_unknown_addresses(api: Api, address: str) -> None:
    problem(api.get(address), 404)


@pytest.mark.parametrize("address", ["/api/", "/api/v2/pages", "/api/v1"])
def test_addresses_beside_the_api(api: Api, address: str) -> None:
    problem(api.client.get(address), 404)
    problem(api.client.post(address), 404)


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("pages?page=0", "page"),
        ("pages?page=x", "page"),
        ("pages?page_size=101", "page_size"),
        ("pages?language=xx", "language"),
        ("columns?language=zh-Hans", "language"),
        ("pages?from=2026-02-30", "from"),
        ("pages?to=20260301", "to"),
        ("pages?from=1", "from"),
        ("pages?kind=A%20B", "kind"),
        ("pages?site=%00", "site"),
        ("pages?column=99999999999999999999", "column"),
        ("organisations/%00", "code"),
        ("pages/99999999999999999999", "page_id"),
    ],
)
def test_wrong_parameters_are_named(api: Api, address: str, parameter: str) -> None:
    content = problem(api.get(address), 422)
    assert [error["parameter"] for error in content["errors"]] == [parameter]
    assert all(error["detail"] and error["code"] for error in content["errors"])


def test_all_wrong_parameters_at_once(api: Api) -> None:
    content = problem(api.get("pages?page=0&language=xx&from=now"), 422)
    assert len(content["errors"]) == 3


def test_problems_speak_the_language_asked_for(api: Api) -> None:
    response = api.get("sites/nowhere?language=en")
    assert response.headers["Content-Language"] == "en"
    assert problem(response, 404)["detail"] == "There is no such public site."
    assert api.get("sites/nowhere").headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("debug", [False, True])
def test_failures_show_nothing_of_the_inside(
    api: Api, monkeypatch: pytest.MonkeyPatch, debug: bool
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("password=swordfish")

    monkeypatch.setattr(selectors, "total", fail)
    with override_settings(DEBUG=debug):
        response = api.get("pages")
    problem(response, 500)
    for secret in (b"swordfish", b"RuntimeError", b"Traceback", b"selectors"):
        assert secret not in response.content


def test_failures_are_reported(api: Api, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    """As Django reports them: to monitoring by the signal, to the log with the traceback."""
    monkeypatch.setattr(selectors, "total", lambda *_args: 1 / 0)
    api.client.raise_request_exception = True  # what the signal is heard by in tests
    with pytest.raises(ZeroDivisionError):
        api.get("pages")
    (record,) = [entry for entry in caplog.records if entry.name == "django.request"]
    assert record.levelname == "ERROR"
    assert record.exc_info


# --- methods --------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", ["pages", "sites/yunhu", "openapi.json"])
def test_read_only(api: Api, method: str, address: str) -> None:
    api.client.handler.enforce_csrf_checks = True
    response = getattr(api.client, method)(f"/api/v1/{address}")
    problem(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_head_is_get_without_a_body(api: Api) -> None:
    got, head = api.get("pages"), api.client.head("/api/v1/pages")
    assert head.status_code == 200
    assert head.content == b""
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == got.headers[name]


def test_options(api: Api) -> None:
    response = api.client.options("/api/v1/pages")
    assert response.status_code == 204
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


# --- caching --------------------------------------------------------------------------------------
ADDRESSES = ("sites", "sites/yunhu", "columns", "pages", "organisations", "openapi.json")


@pytest.mark.parametrize("address", ADDRESSES)
def test_answers_may_be_kept_by_anybody_for_a_short_time(api: Api, address: str) -> None:
    response = api.get(address)
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert "Vary" not in response.headers
    assert not response.cookies


@pytest.mark.parametrize("address", ADDRESSES)
def test_not_modified(api: Api, address: str) -> None:
    etag = api.get(address).headers["ETag"]
    assert not etag.startswith("W/")
    # A cache that compressed the answer asks with the weakened validator.
    for asked in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        response = api.get(address, if_none_match=asked)
        assert response.status_code == 304
        assert response.content == b""
        assert response.headers["ETag"] == etag
        assert response.headers["Cache-Control"] == "public, max-age=60"
    assert api.get(address, if_none_match='"other"').status_code == 200


def test_a_change_gives_another_etag(api: Api, city: City) -> None:
    address = f"pages/{city.pk('News 1')}"
    etag = api.get(address).headers["ETag"]
    assert api.get(address).headers["ETag"] == etag
    page = city.pages["News 1"].specific
    page.title = "Other news"
    page.save_revision().publish()
    response = api.get(address, if_none_match=etag)
    assert response.status_code == 200
    assert response.headers["ETag"] != etag


def test_a_condition_that_does_not_hold(api: Api) -> None:
    problem(api.get("sites", if_match='"other"'), 412)


def test_chinese_is_not_escaped(api: Api) -> None:
    assert "云湖市" in api.get("sites").content.decode()


# --- the document ---------------------------------------------------------------------------------
def test_document(api: Api) -> None:
    paths = api.json("openapi.json")["paths"]
    words = {path: path.removeprefix("/api/v1/").partition("/")[0] for path in paths}
    own = {path: methods for path, methods in paths.items() if words[path] not in mounted}
    assert set(own) == {
        f"/api/v1/{path}"
        for path in (
            "sites", "sites/{code}", "columns", "columns/{column_id}", "pages", "pages/{page_id}",
            "organisations", "organisations/{code}",
        )
    }  # fmt: skip
    for methods in own.values():
        assert set(methods) == {"get"}
        assert {"200", "304", "404", "422", "500"} <= set(methods["get"]["responses"])
    assert set(mounted) <= set(words.values())


def test_there_is_no_page_that_loads_from_other_hosts(api: Api) -> None:
    problem(api.get("docs"), 404)
