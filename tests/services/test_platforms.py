"""Connections with platforms: a real HTTP sandbox, the guards of the network, one progress page."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from portal.core.outside import OutsideError, PrivateAddress, ask_outside, is_public_place
from portal.plugin_api import PlatformConnection, PlatformItem, service_adaptors
from portal.services import platforms
from portal.services.adaptors import JsonPlatform, case_of, sandbox
from portal.services.admin.platforms import PlatformForm
from portal.services.models import ServicePlatform
from tests.factories import World

pytestmark = pytest.mark.django_db


class _Sandbox(BaseHTTPRequestHandler):
    """Serves sandbox.json as the adaptor expects it; keeps what was sent to it."""

    sent: list[tuple[str, Any, str]] = []

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        answers: dict[str, Any] = {
            "/health": {"state": "ok"},
            "/items": {"items": sandbox()["items"]},
            "/big": "x" * 3_000_000,
        }
        self._answer(answers.get(path))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.sent.append((self.path, body, self.headers.get("Authorization", "")))
        if self.path == "/cases":
            self._answer(case_of(sandbox()["cases"], body["number"], body["code"]))
        elif self.path == "/items":
            self._answer({"refused": {"X2": "unknown code"}})
        else:
            self._answer(None)

    def _answer(self, value: Any) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(200 if value is not None else 404)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Sandbox)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    _Sandbox.sent = []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def connection(address: str) -> PlatformConnection:
    return PlatformConnection("sandbox", address, secret="k1", allow_private=True)


def make_platform(world: World, **fields: Any) -> ServicePlatform:
    values = {"site": world.site, "name": "政务服务网", "adaptor": "services.json"} | fields
    return ServicePlatform.objects.create(**values)


# --- the sample adaptor ---------------------------------------------------------------------------
def test_the_sample_is_registered() -> None:
    assert "services.json" in [entry.key for entry in service_adaptors.entries()]


def test_it_speaks_with_a_server(connection: PlatformConnection) -> None:
    sample = JsonPlatform()
    assert sample.health(connection).is_well
    items = list(sample.items(connection, since=None))
    assert [item.implementation_code for item in items] == [
        row["implementation_code"] for row in sandbox()["items"]
    ]
    newer = list(sample.items(connection, since=items[0].changed_at))
    assert [item.title for item in newer] == [items[1].title]
    pushed = [PlatformItem("B", "X2", "事项", items[0].changed_at)]
    assert sample.push(connection, pushed) == {"X2": "unknown code"}
    assert _Sandbox.sent[-1][2] == "Bearer k1"


def test_a_case_needs_number_and_code_as_given(connection: PlatformConnection) -> None:
    sample = JsonPlatform()
    case = sample.progress(connection, number="GJJ/202611/000827", code="KQ-58")
    assert case is not None
    assert case.is_done
    assert _Sandbox.sent[-1][1] == {"number": "GJJ/202611/000827", "code": "KQ-58"}
    assert sample.progress(connection, number="GJJ/202611/000827", code="kq-58") is None
    assert sample.progress(connection, number="none", code="") is None


# --- guards ---------------------------------------------------------------------------------------
def test_private_networks_and_plain_http_are_not_asked(address: str) -> None:
    with pytest.raises(OutsideError):
        ask_outside("GET", address)
    with pytest.raises(PrivateAddress):
        ask_outside("GET", "https://127.0.0.1/")
    with pytest.raises(PrivateAddress):
        ask_outside(
            "GET", "https://inside.example/",
            resolve=lambda *a, **k: [(0, 0, 0, "", ("10.0.0.7", 443))],
        )  # fmt: skip
    assert not is_public_place("::ffff:192.168.1.1")


def test_long_answers_and_silence_are_errors(address: str) -> None:
    with pytest.raises(OutsideError, match="longer"):
        ask_outside("GET", f"{address}/big", allow_private=True)
    with pytest.raises(OutsideError):
        ask_outside("GET", "http://127.0.0.1:9/", allow_private=True, seconds=2)


def test_a_key_comes_only_from_variables_made_for_it(world: World) -> None:
    form = PlatformForm.__new__(PlatformForm)
    form.cleaned_data = {"secret_name": "PORTAL_SECRET_KEY"}
    with pytest.raises(Exception, match="PORTAL_SERVICES_KEY_"):
        form.clean_secret_name()


# --- health ---------------------------------------------------------------------------------------
def test_health_is_kept(world: World, address: str, settings: Any) -> None:
    row = make_platform(world, address=address)
    assert platforms.check_site(world.site.pk) == 1  # not allowed: http in a private network
    row.refresh_from_db()
    assert row.is_well is False
    assert row.health_note
    settings.PORTAL_SERVICES_ALLOW_PRIVATE = True
    assert platforms.check_site(world.site.pk) == 0
    row.refresh_from_db()
    assert row.is_well is True
    gone = make_platform(world, adaptor="nobody.knows")
    assert not platforms.check(gone).is_well


# --- the progress page ----------------------------------------------------------------------------
def test_without_an_adaptor_there_is_no_progress_page(client: Client, world: World) -> None:
    assert client.get("/services/progress/").status_code == 404
    make_platform(world, adaptor="nobody.knows")
    assert client.get("/services/progress/").status_code == 404
    make_platform(world, site=world.hubin)
    assert client.get("/services/progress/").status_code == 404


def test_one_page_for_cases_of_two_systems(client: Client, world: World) -> None:
    make_platform(world, options={"system": "zwfw"})
    make_platform(world, name="公积金", options={"system": "gjj"})
    assert client.get("/services/progress/").status_code == 200

    def ask(number: str, code: str) -> str:
        answer = client.post("/services/progress/", {"number": number, "code": code})
        assert answer.status_code == 200
        return answer.content.decode()

    assert "居住证申领" in ask("YHZW-2026-1104-0031", "630417")
    assert "租房提取住房公积金" in ask("GJJ/202611/000827", "KQ-58")
    wrong = ask("GJJ/202611/000827", "630417")
    assert "租房提取" not in wrong
    assert "GJJ/202611/000827" in wrong  # nothing typed is lost


def test_a_platform_that_fails_is_named(client: Client, world: World, settings: Any) -> None:
    settings.PORTAL_SERVICES_ALLOW_PRIVATE = True
    make_platform(world, name="坏掉的平台", address="http://127.0.0.1:9")
    make_platform(world, name="好的平台")
    answer = client.post("/services/progress/", {"number": "1", "code": "2"}).content.decode()
    assert answer.count("坏掉的平台") == 2  # in the head, and among those that could not be asked
    found = platforms.progress(site_pk=world.site.pk, number="YHZW-2026-1104-0031", code="630417")
    assert found.case is not None


def test_guessing_is_bounded_and_other_websites_are_refused(client: Client, world: World) -> None:
    make_platform(world)
    values = {"number": "x", "code": "y"}
    elsewhere = client.post(
        "/services/progress/", values, headers={"origin": "https://evil.example"}
    )
    assert elsewhere.status_code == 403
    statuses = [client.post("/services/progress/", values).status_code for _n in range(14)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_a_certificate_is_looked_up(world: World) -> None:
    make_platform(world)
    found = platforms.certificate(site_pk=world.site.pk, kind="居住证", number="YH-JZZ-0000123")
    assert found is not None
    assert found.is_valid
    assert platforms.certificate(site_pk=world.site.pk, kind="居住证", number="0") is None
