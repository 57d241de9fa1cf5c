"""Figures of sites by month; of kinds, themes and units by year: one row for all of them together
was nearly one for each letter."""

from collections import Counter

from django.db import migrations, models

_FIELDS = ("site_id", "month", "kind", "theme", "unit_id", "measure", "bucket")


def take_apart(apps, schema_editor):
    figures = apps.get_model("interaction", "LetterFigure").objects
    sums = Counter()
    for site, month, kind, theme, unit, measure, bucket, count in figures.values_list(
        *_FIELDS, "count"
    ):
        year = month.replace(month=1)
        parts = [(month, "", "", None), (year, kind, "", None)]
        if theme:
            parts.append((year, "", theme, None))
        if unit is not None:
            parts.append((year, "", "", unit))
        for part in parts:
            sums[site, *part, measure, bucket] += count
    figures.all().delete()
    figures.bulk_create(
        (
            figures.model(**dict(zip(_FIELDS, key, strict=True)), count=count)
            for key, count in sums.items()
        ),
        batch_size=1000,
    )


def leave_whole(apps, schema_editor):
    """Back: what a month had of each kind is no longer known, its sums are."""
    figures = apps.get_model("interaction", "LetterFigure").objects
    figures.exclude(kind="", theme="", unit__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("interaction", "0012_indexes_for_many")]

    operations = [
        migrations.AlterField(
            model_name="letterfigure",
            name="kind",
            field=models.CharField(blank=True, max_length=14),
        ),
        migrations.RunPython(take_apart, leave_whole),
    ]
