"""Search by meaning: what is near in a vector space, whatever its words."""

from portal.search.engine.contract import EngineHit, Filters


def nearest(
    text: str, *, filters: Filters, count: int = 50, seconds: float = 0.05
) -> tuple[EngineHit, ...]:
    """What is near enough to a text, the nearest first; ``score`` is the cosine.

    Empty where there are no vectors, or the time has run out: words alone count then.
    """
    return ()
