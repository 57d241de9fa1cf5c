"""How many letters of a theme there are: counted when they are taken on, as it is not known before."""

from collections import Counter
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import migrations

_FIELDS = ("site_id", "month", "kind", "theme", "unit_id", "measure", "bucket")


def count_sorted(apps, schema_editor):
    steps = apps.get_model("interaction", "LetterStep").objects
    figures = apps.get_model("interaction", "LetterFigure").objects
    zone, sums = ZoneInfo(settings.TIME_ZONE), Counter()
    taken_on = steps.filter(verb="accept", from_state="received")
    for site, at, data, unit in taken_on.values_list(
        "letter__site_id", "at", "data", "unit_id"
    ).iterator(chunk_size=2000):
        month = at.astimezone(zone).date().replace(day=1)
        year = month.replace(month=1)
        kind, theme = data.get("kind", ""), data.get("theme", "")
        parts = [(month, "", "", None), (year, kind, "", None)]
        if theme:
            parts.append((year, "", theme, None))
        if unit is not None:
            parts.append((year, "", "", unit))
        sums.update((site, *part, "sorted", 0) for part in parts)
    figures.bulk_create(
        (
            figures.model(**dict(zip(_FIELDS, key, strict=True)), count=count)
            for key, count in sums.items()
        ),
        batch_size=1000,
    )


def forget(apps, schema_editor):
    apps.get_model("interaction", "LetterFigure").objects.filter(measure="sorted").delete()


class Migration(migrations.Migration):
    dependencies = [("interaction", "0014_indexes_of_lists")]

    operations = [migrations.RunPython(count_sorted, forget)]
