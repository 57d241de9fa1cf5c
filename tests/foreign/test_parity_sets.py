"""The gate on pairs and mutations that were written before it, by somebody else."""

from collections import Counter

from portal.text.parity import Mismatch, Part, compare_parts
from tests.foreign.parity_sets.mutations import LANGUAGES, Pair, mutations, pairs


def found(pair: Pair, target: tuple[tuple[str, str], ...]) -> list[Mismatch]:
    return compare_parts(
        [Part(*part) for part in pair.source],
        [Part(*part) for part in target],
        source_language="zh-hans",
        target_language=pair.language,
    )


def test_the_gate_catches_mutations_and_lets_correct_pairs_through() -> None:
    correct = [pair for language in LANGUAGES for pair in pairs(language)]
    spoilt = [mutation for language in LANGUAGES for mutation in mutations(language)]
    alarms = {pair.id: found(pair, pair.target) for pair in correct}
    false = [name for name, mismatches in alarms.items() if mismatches]
    quiet = {(pair.language, pair.id) for pair in correct if not found(pair, pair.target)}
    # caught is only what is told because of the mutation
    missed = [
        mutation
        for mutation in spoilt
        if (mutation.pair.language, mutation.pair.id) not in quiet
        or not found(mutation.pair, mutation.target)
    ]
    caught = 1 - len(missed) / len(spoilt)
    wrong = sum(bool(found(pair, pair.target)) for pair in correct) / len(correct)
    kinds = dict(Counter(mutation.kind for mutation in missed))
    print(
        f"\nparity gate: {caught:.1%} of {len(spoilt)} mutations caught (missed: {kinds}), "
        f"{wrong:.1%} false alarms on {len(correct)} correct pairs {false}"
    )
    assert len(spoilt) == 1000
    assert caught >= 0.99
    assert wrong <= 0.01
