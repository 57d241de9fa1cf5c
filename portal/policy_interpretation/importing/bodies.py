"""Names of issuing bodies and the units of the registry."""

from django.apps import apps


def known_units() -> dict[str, int]:
    """The primary key for each full name; for each short name where no full name is the same."""
    rows = apps.get_model("core", "Organisation").objects.order_by("pk")
    found: dict[str, int] = {}
    full: dict[str, int] = {}
    for pk, full_name, short_name in rows.values_list("pk", "full_name", "short_name"):
        full.setdefault(full_name, pk)
        if short_name:
            found.setdefault(short_name, pk)
    return found | full
