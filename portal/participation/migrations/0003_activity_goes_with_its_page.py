"""What people sent in protects a page; the row that is kept of it does not."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("participation", "0002_defaults")]

    operations = [
        migrations.AlterField(
            model_name="activity",
            name="page",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="+",
                serialize=False,
                to="wagtailcore.page",
            ),
        ),
    ]
