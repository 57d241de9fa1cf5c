"""Materials, steps and places get a language and a key that ties their translations together."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

PARTS = ("guidematerial", "guideplace", "guidestep")


def fill(apps, schema_editor):
    for name in PARTS:
        for part in apps.get_model("services", name).objects.select_related("page").iterator():
            part.translation_key = uuid.uuid4()
            part.locale_id = part.page.locale_id
            part.save(update_fields=["translation_key", "locale"])


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial"), ("wagtailcore", "0098_apitoken")]
    operations = [
        *(
            migrations.AddField(name, "translation_key", models.UUIDField(editable=False, null=True))
            for name in PARTS
        ),
        *(
            migrations.AddField(
                name,
                "locale",
                models.ForeignKey(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="wagtailcore.locale",
                    verbose_name="locale",
                ),
            )
            for name in PARTS
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
