"""All steps so far, whatever they are; gives way to one first migration."""

from pathlib import Path

from django.db import migrations

_HERE = Path(__file__)


class Migration(migrations.Migration):
    dependencies = [
        ("foreign", path.stem) for path in sorted(_HERE.parent.glob("0*.py")) if path != _HERE
    ]
    operations = []
