"""The API keeps what its OpenAPI document says, whatever it is asked."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case

from portal.testing import enable_plugin
from portal.wsgi import application
from tests.policy_interpretation.factories import clause, make_policy

from .conftest import City

# Asks no database, so it may be read while tests are collected.
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(autouse=True)
def kept_connection(city: City, db: None) -> Iterator[None]:
    """A test's open transaction looks like a forgotten one; Django's own client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with enable_plugin("dummy"):
        yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_fit_the_document(case: Case) -> None:
    case.call_and_validate()


@pytest.mark.parametrize(
    ("path", "name", "title"),
    [("pages/{page_id}", "page_id", "News 0"), ("columns/{column_id}", "column_id", "News")],
)
def test_good_answers_fit_too(city: City, path: str, name: str, title: str) -> None:
    """Chance hardly ever hits a number that is there."""
    operation = schema[f"/api/v1/{path}"]["GET"]
    response = operation.Case(path_parameters={name: city.pk(title)}).call_and_validate()
    assert response.status_code == 200


def test_a_plugins_good_answers_fit_too(city: City) -> None:
    page = make_policy(city.world.column, body=[clause("第一条", "旧"), clause("第二条", "新")])
    listed = schema["/api/v1/policies"]["GET"].Case(query={"q": page.title}).call_and_validate()
    assert listed.json()["total"] == 1
    operation = schema["/api/v1/policies/{policy_id}"]["GET"]
    response = operation.Case(path_parameters={"policy_id": page.pk}).call_and_validate()
    assert [row["number"] for row in response.json()["clauses"]] == ["第一条", "第二条"]
