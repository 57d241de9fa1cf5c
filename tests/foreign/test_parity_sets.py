"""The pairs and their mutations are what they claim to be; the gate's own test measures with them."""

import pytest

from tests.foreign.parity_sets.mutations import LANGUAGES, PER_LANGUAGE, mutations, pairs


@pytest.mark.parametrize("language", LANGUAGES)
def test_pairs_have_the_same_parts_in_both_languages(language: str) -> None:
    found = pairs(language)
    assert len({pair.id for pair in found}) == len(found) >= 40
    for pair in found:
        assert [kind for kind, _ in pair.source] == [kind for kind, _ in pair.target], pair.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_mutations_are_always_the_same_and_each_another(language: str) -> None:
    first, again = mutations(language), mutations(language)
    assert first == again
    assert len({(one.pair.id, one.target) for one in first}) == len(first) == PER_LANGUAGE
    assert all(one.target != one.pair.target for one in first)
