import pytest

from tests.languages import in_english

speak_english = pytest.fixture(autouse=True)(in_english)
