"""The API keeps what its OpenAPI document says, whatever it is asked."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.schemas import OpenApiSchema

from portal.wsgi import application

from .conftest import City


@pytest.fixture
def document(city: City, db: None) -> OpenApiSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


schema = schemathesis.pytest.from_fixture("document")


@schema.parametrize()
@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_fit_the_document(case: Case, city: City) -> None:
    case.call_and_validate()


@pytest.mark.parametrize(
    ("path", "name", "title"),
    [("pages/{page_id}", "page_id", "News 0"), ("columns/{column_id}", "column_id", "News")],
)
def test_good_answers_fit_too(document: Any, city: City, path: str, name: str, title: str) -> None:
    """Chance hardly ever hits a number that is there."""
    operation = document[f"/api/v1/{path}"]["GET"]
    response = operation.Case(path_parameters={name: city.pk(title)}).call_and_validate()
    assert response.status_code == 200
