"""Which products fulfil which obligations: as many as can be, the earliest products first."""

from collections.abc import Sequence


def assign(
    demands: Sequence[Sequence[Sequence[str]]], products: Sequence[tuple[str, str]]
) -> list[int | None]:
    """For each demand the position of the product that fulfils it, or None.

    Each product fulfils one demand at most, and no other choice would fulfil more of them.

    Args:
        demands: for each, the accepted [form, author kind] pairs; "" accepts any.
        products: (form, author kind), in the order of their publication.
    """
    taken: list[int | None] = [None] * len(demands)

    def place(product: int, seen: set[int]) -> bool:
        for number, accepted in enumerate(demands):
            if number in seen or not accepts(accepted, *products[product]):
                continue
            seen.add(number)
            holder = taken[number]
            if holder is None or place(holder, seen):
                taken[number] = product
                return True
        return False

    for product in range(len(products)):
        place(product, set())
    return taken


def accepts(accepted: Sequence[Sequence[str]], form: str, author_kind: str) -> bool:
    """Whether a product is one of those that a demand accepts; no alternatives accept all."""
    return not accepted or any(
        wanted in ("", form) and author in ("", author_kind) for wanted, author in accepted
    )
