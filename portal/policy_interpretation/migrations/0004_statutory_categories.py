"""Data: what the regulation wants published, once; later changes belong to the administrators."""

from pathlib import Path

import yaml
from django.db import migrations

FILE = Path(__file__).parent.parent / "statutory.yaml"


def load(apps, schema_editor):
    category = apps.get_model("policy_interpretation", "StatutoryCategory")
    with FILE.open(encoding="utf-8") as stream:
        rows = yaml.safe_load(stream)
    for order, row in enumerate(rows, start=1):
        category.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "requirement": row["requirement"],
                "basis": row["basis"],
                "update_months": row.get("months"),
                "sort_order": order * 10,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("policy_interpretation", "0003_obligation_rules")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
