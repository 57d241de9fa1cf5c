"""The themes of the State Council's library, once; later changes belong to the administrators."""

from pathlib import Path

import yaml
from django.db import migrations

FILE = Path(__file__).parent.parent / "themes.yaml"


def load(apps, schema_editor):
    theme = apps.get_model("policy_interpretation", "PolicyTheme")
    with FILE.open(encoding="utf-8") as stream:
        classes = yaml.safe_load(stream)
    for row in classes:
        theme.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})
        for child in row.get("children", ()):
            theme.objects.get_or_create(
                code=child["code"], defaults={"name": child["name"], "parent_id": row["code"]}
            )


class Migration(migrations.Migration):
    dependencies = [("policy_interpretation", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
