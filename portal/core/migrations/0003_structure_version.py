from django.db import migrations


def create(apps, schema_editor):
    apps.get_model("core", "StructureVersion").objects.get_or_create(pk=1, defaults={"token": 1})


class Migration(migrations.Migration):
    """The one row that every request reads."""

    dependencies = [("core", "0002_spine")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
