"""The files under ``deploy/`` start and send what the portal itself starts and sends."""

import configparser
import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.csp import build_policy

from assistant.rasa_host.places import places
from assistant.rasa_host.process import TOKENS
from assistant.rasa_host.process import spec as rasa_row
from portal.supervisor.page_store import SPEC as PAGES
from portal.supervisor.processes import PROCESSES, ProcessSpec

PROJECT = Path(__file__).resolve().parents[2]
SYSTEMD = PROJECT / "deploy" / "systemd"
RASA = "portal-rasa.service"
ROWS = (*PROCESSES, PAGES)
NGINX = PROJECT / "deploy" / "nginx"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((SYSTEMD / name).read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("spec", ROWS, ids=lambda spec: spec.name)
def test_a_unit_starts_what_serve_starts(spec: ProcessSpec) -> None:
    service = unit(f"portal-{spec.name}.service")["Service"]
    python, *arguments = shlex.split(service["ExecStart"])
    assert python.endswith("/.venv/bin/python")
    assert arguments == ["-m", spec.module, *spec.arguments]
    assert int(service["Nice"]) == spec.nice
    assert int(service["TimeoutStopSec"]) >= spec.stop_seconds
    assert service["Restart"] == "always"


def test_the_target_holds_every_process_and_no_other() -> None:
    wanted = {f"portal-{spec.name}.service" for spec in ROWS} | {RASA}
    assert set(unit("portal.target")["Unit"]["Wants"].split()) == wanted
    assert {path.name for path in SYSTEMD.glob("*.service")} == wanted


@pytest.mark.parametrize("spec", ROWS, ids=lambda spec: spec.name)
def test_a_unit_may_not_do_more_than_it_needs(spec: ProcessSpec) -> None:
    service = unit(f"portal-{spec.name}.service")["Service"]
    assert service["User"] != "root"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/var/lib/portal"


def test_rasas_unit_starts_what_serve_starts() -> None:
    row = rasa_row(places({}), {}, "http://127.0.0.1:1", "2", {})
    service = unit(RASA)["Service"]
    python, *arguments = shlex.split(service["ExecStart"])
    assert python.endswith("/.venv-rasa/bin/python")
    assert arguments == ["-m", row.module, *row.arguments]
    assert int(service["Nice"]) == row.nice
    assert int(service["TimeoutStopSec"]) >= row.stop_seconds
    assert service["Restart"] == "always"


def test_rasas_unit_is_told_all_that_it_needs_and_nothing_of_the_portal() -> None:
    row = rasa_row(places({}), {}, "http://127.0.0.1:1", "2", dict.fromkeys(TOKENS, "t"))
    sample = (PROJECT / "deploy" / "rasa.sample").read_text(encoding="utf-8")
    named = set(re.findall(r"^(\w+)=", sample, re.MULTILINE))
    service = unit(RASA)["Service"]
    inline = {word.partition("=")[0] for word in service["Environment"].split()}
    optional = {"RASA_HOST", "RASA_KEEP_HOURS"}  # the defaults are the right ones
    assert named | inline == set(row.environment) - optional
    assert service["EnvironmentFile"] == "/etc/portal/rasa"


def test_rasas_unit_reaches_this_machine_only_and_none_of_the_portals_files() -> None:
    service = unit(RASA)["Service"]
    assert service["User"] not in {"root", "portal"}
    assert (service["IPAddressDeny"], service["IPAddressAllow"]) == ("any", "localhost")
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["ReadWritePaths"] == "/var/lib/portal-rasa/state"
    assert "-/var/lib/portal" in service["InaccessiblePaths"].split()
    assert {"MemoryMax", "TasksMax", "CPUQuota"} <= set(service)


def nginx_headers() -> dict[str, str]:
    text = (NGINX / "portal-headers.conf").read_text(encoding="utf-8")
    return dict(re.findall(r'^add_header ([\w-]+) "([^"]*)" always;$', text, re.MULTILINE))


@pytest.mark.django_db
def test_nginx_sends_the_headers_that_the_portal_sends(client: Client) -> None:
    sent = client.get("/robots.txt").headers
    headers = nginx_headers()
    assert headers.pop("Strict-Transport-Security").startswith("max-age=31536000")
    assert headers == {name: sent.get(name) for name in headers}
    assert headers["Content-Security-Policy"] == build_policy(settings.SECURE_CSP)


def test_nginx_names_the_headers_wherever_it_answers_itself() -> None:
    # An add_header in a location drops those of the levels above: each has to include them.
    text = (NGINX / "portal.conf").read_text(encoding="utf-8")
    for location in re.findall(r"location /\w+/ \{(?:[^{}]*)\}", text):
        if "alias" in location:
            assert "include snippets/portal-headers.conf;" in location


def test_the_sample_environment_names_only_known_variables() -> None:
    text = (PROJECT / "deploy" / "environment.sample").read_text(encoding="utf-8")
    documented = (PROJECT / "docs" / "administrators" / "environment.md").read_text("utf-8")
    for name in re.findall(r"^(\w+)=", text, re.MULTILINE):
        assert f"`{name}`" in documented
