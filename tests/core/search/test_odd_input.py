"""Nothing that can be typed or stored makes a search fail."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modelsearch.backends import get_search_backend
from modelsearch.query import MATCH_ALL, Not, Or, PlainText
from modelsearch.utils import parse_query_string

from portal.core.models import Organisation
from portal.core.search import bulk_index

from .sample import make_units


@pytest.fixture
def a_few_units(db: None) -> None:
    bulk_index(Organisation.objects.bulk_create(make_units(10)))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.text(st.characters()),
        st.text(st.sampled_from("居住证不动产，的 \"'&|!:*()<>-\\%_a1\t"), max_size=300),
    )
)
def test_odd_input_never_raises(a_few_units: None, typed: str) -> None:
    _filters, query = parse_query_string(typed, operator="and", zero_terms=MATCH_ALL)
    backend = get_search_backend()
    for asked in (query, typed, Or([PlainText(typed), Not(PlainText(typed))])):
        list(backend.search(asked, Organisation)[:5])
        backend.autocomplete(asked, Organisation).count()


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=120))
def test_any_text_can_be_stored(db: None, name: str) -> None:
    unit = Organisation(pk=1, code="a", full_name=name, short_name=name, duties=name * 3)
    assert bulk_index([unit]) == 1
