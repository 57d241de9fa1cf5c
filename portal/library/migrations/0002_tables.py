"""The first version of the tables of themes and genres; later ones belong to the administrators."""

from pathlib import Path

import yaml
from django.db import migrations
from django.utils import timezone

FOLDER = Path(__file__).parent.parent
VERSION = "1"


def load(apps, schema_editor):
    classification = apps.get_model("library", "Classification")
    term = apps.get_model("library", "Term")
    for scheme, name in (("theme", "themes.yaml"), ("genre", "genres.yaml")):
        with (FOLDER / name).open(encoding="utf-8") as stream:
            rows = yaml.safe_load(stream)
        version = classification.objects.create(
            scheme=scheme, version=VERSION, state="in_force", since=timezone.now()
        )
        terms = []
        for row in rows:
            terms.append(term(classification=version, code=row["code"], name=row["name"]))
            for child in row.get("children", ()):
                terms.append(
                    term(
                        classification=version,
                        code=child["code"],
                        name=child["name"],
                        parent=row["code"],
                    )
                )
        term.objects.bulk_create(terms)


class Migration(migrations.Migration):
    dependencies = [("library", "0001_records")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
