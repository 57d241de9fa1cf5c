"""``PORTAL_INNER_HOSTS`` is checked when the portal starts."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings import environment


@pytest.fixture(autouse=True)
def raising(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_RAISE_SETTINGS_ERRORS", "1")


def test_hosts_with_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_INNER_HOSTS", "Feeds.Intranet:8080, 10.1.2.3:443")
    assert environment.places("PORTAL_INNER_HOSTS") == ["feeds.intranet:8080", "10.1.2.3:443"]
    monkeypatch.delenv("PORTAL_INNER_HOSTS")
    assert environment.places("PORTAL_INNER_HOSTS") == []


@pytest.mark.parametrize(
    "value", ["feeds.intranet", "*:80", "http://x:80", "x:0", "x:99999", ":80", "x:y"]
)
def test_anything_else_stops_the_start(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORTAL_INNER_HOSTS", value)
    with pytest.raises(ImproperlyConfigured, match="PORTAL_INNER_HOSTS"):
        environment.places("PORTAL_INNER_HOSTS")
