"""Fills the word lists with those that come along; from then on they are the editors'."""

from django.db import migrations

from portal.text.detectors import default_rows


def fill(apps, schema_editor):
    entries = apps.get_model("proofreading", "WordEntry").objects
    if entries.exists():
        return
    entries.bulk_create(
        entries.model(
            list_name=row.list,
            word=row.word,
            replacement=row.replacement,
            unless="\n".join(row.unless),
            weak=row.weak,
        )
        for row in default_rows()
    )
    apps.get_model("proofreading", "ListsVersion").objects.get_or_create(
        pk=1, defaults={"number": 1}
    )


class Migration(migrations.Migration):
    dependencies = [("proofreading", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
