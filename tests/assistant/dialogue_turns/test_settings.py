"""What is wrong with the settings of the dialogue stops the start with one line."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.settings import environment

GOOD = {
    "RASA_URL": "http://127.0.0.1:5005",
    "RASA_TOKEN": "portal-to-rasa-0123456789abcdefgh",
    "RASA_CALLBACK_TOKEN": "rasa-to-portal-0123456789abcdefgh",
}
VARIABLES = (
    *GOOD,
    "RASA_CALLBACK_BIND",
    "RASA_MAX_IN_FLIGHT",
    "RASA_BUDGET_MS",
    "PORTAL_WEB_THREADS",
)


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("PORTAL_RAISE_SETTINGS_ERRORS", "1")
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)

    def put(**values: str) -> None:
        for variable, value in values.items():
            monkeypatch.setenv(variable, value)

    return put


def test_none_without_an_address(put: Any) -> None:
    put(RASA_TOKEN="x")
    assert environment.dialogue() == {}
    environment.refuse_weak_tokens()


def test_half_of_the_threads_by_itself(put: Any) -> None:
    put(**GOOD)
    found = environment.dialogue()
    assert (found["in_flight"], found["threads"], found["budget"]) == (2, 4, 4.0)
    assert found["callback_bind"] == ("127.0.0.1", 5056)
    put(PORTAL_WEB_THREADS="1", RASA_CALLBACK_BIND="[::1]:99", RASA_BUDGET_MS="2500")
    found = environment.dialogue()
    assert (found["in_flight"], found["callback_bind"], found["budget"]) == (1, ("::1", 99), 2.5)
    environment.refuse_weak_tokens()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RASA_URL", "127.0.0.1:5005"), ("RASA_TOKEN", ""), ("RASA_CALLBACK_TOKEN", ""),
        ("RASA_CALLBACK_TOKEN", GOOD["RASA_TOKEN"]), ("RASA_CALLBACK_BIND", "5056"), ("RASA_CALLBACK_BIND", "127.0.0.1:0"),
        ("RASA_CALLBACK_BIND", "127.0.0.1:x"), ("RASA_MAX_IN_FLIGHT", "0"), ("RASA_MAX_IN_FLIGHT", "5"), ("RASA_BUDGET_MS", "soon"),
    ],
)  # fmt: skip
def test_what_is_refused(put: Any, variable: str, value: str) -> None:
    put(**GOOD | {variable: value})
    with pytest.raises(ImproperlyConfigured, match=variable):
        environment.dialogue()


@pytest.mark.parametrize("variable", ["RASA_TOKEN", "RASA_CALLBACK_TOKEN"])
@pytest.mark.parametrize("value", ["", "short", "a" * 60])
def test_production_refuses_weak_tokens(put: Any, variable: str, value: str) -> None:
    put(**GOOD | {variable: value})
    with pytest.raises(ImproperlyConfigured, match=variable):
        environment.refuse_weak_tokens()
