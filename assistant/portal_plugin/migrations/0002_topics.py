"""The topics of a city's questions, once; later changes belong to the administrators."""

from pathlib import Path

import yaml
from django.db import migrations

FILE = Path(__file__).parent.parent / "topics.yaml"


def load(apps, schema_editor):
    topic = apps.get_model("assistant", "Topic")
    with FILE.open(encoding="utf-8") as stream:
        rows = yaml.safe_load(stream)
    for number, row in enumerate(rows, start=1):
        names = {code: row[code] for code in ("en", "ja", "ko")}
        topic.objects.get_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"],
                "names": names,
                "icon": row["icon"],
                "sort_order": number * 10,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("assistant", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
