"""Data: the platform's rules, once; later changes belong to the administrators.

They begin with the day of this migration: what was published before owes nothing by them.
"""

from pathlib import Path

import yaml
from django.db import migrations
from django.utils import timezone

FILE = Path(__file__).parent.parent / "rules.yaml"


def load(apps, schema_editor):
    rule_model = apps.get_model("policy_interpretation", "ObligationRule")
    accepted_model = apps.get_model("policy_interpretation", "AcceptedProduct")
    theme_model = apps.get_model("policy_interpretation", "PolicyTheme")
    # Set directly: the field of the model itself waits for a save that old models do not know.
    themes = rule_model._meta.get_field("themes").remote_field.through
    if rule_model.objects.exists():
        return
    with FILE.open(encoding="utf-8") as stream:
        rows = yaml.safe_load(stream)
    for row in rows:
        rule = rule_model.objects.create(
            name=row["name"],
            applies_from=timezone.localdate(),
            only_major=row.get("only_major", False),
            genres=",".join(row.get("genres", [])),
            levels=",".join(row.get("levels", [])),
            timing=row["timing"],
        )
        for theme in theme_model.objects.filter(pk__in=row.get("themes", [])):
            themes.objects.create(obligationrule_id=rule.pk, policytheme_id=theme.pk)
        for order, accepted in enumerate(row["accepted"]):
            accepted_model.objects.create(rule=rule, sort_order=order, **accepted)


class Migration(migrations.Migration):
    dependencies = [("policy_interpretation", "0002_themes")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop, elidable=True)]
