"""The words of the service lists, once; later changes belong to the administrators."""

from pathlib import Path

import yaml
from django.db import migrations

FILE = Path(__file__).parent.parent / "terms.yaml"
# Levels of online handling are counted from nought: the place in the list is the level.
LEVELS = "online_level"


def load(apps, schema_editor):
    term = apps.get_model("services", "ServiceTerm")
    with FILE.open(encoding="utf-8") as stream:
        lists = yaml.safe_load(stream)
    for dimension, rows in lists.items():
        for place, (key, label, english, icon, *explanation) in enumerate(rows):
            term.objects.get_or_create(
                dimension=dimension,
                key=key,
                defaults={
                    "label": label,
                    "english_label": english,
                    "icon": icon,
                    "explanation": "".join(explanation),
                    "rank": place if dimension == LEVELS else (place + 1) * 10,
                },
            )


class Migration(migrations.Migration):
    dependencies = [("services", "0003_guides_complete")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
