"""Changes of which an editor said that the meaning is the same."""

from wagtail.models import Page

from portal.foreign.models import MinorChange


def alike(source: Page) -> dict[str, str]:
    """For each hash that such a change names, one hash for all that mean the same.

    A change of a change counts on: what was called the same twice is the same as the first.
    """
    return alike_of(
        MinorChange.objects.filter(source_id=source.pk).values_list("old_hash", "new_hash")
    )


def alike_of(pairs: object) -> dict[str, str]:
    """The same from (old hash, new hash) pairs."""
    above: dict[str, str] = {}

    def root(key: str) -> str:
        while above.get(key, key) != key:
            key = above[key]
        return key

    for old, new in pairs:  # type: ignore[attr-defined]
        first, second = root(old), root(new)
        above.setdefault(first, first)
        above[second] = first
    return {key: root(key) for key in above}
