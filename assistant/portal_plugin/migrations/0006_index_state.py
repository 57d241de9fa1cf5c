import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("assistant", "0005_wip"),
    ]

    operations = [
        migrations.AddField(
            model_name="indexedentry",
            name="embedded",
            field=models.CharField(blank=True, db_index=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="indexgeneration",
            name="epoch",
            field=models.UUIDField(default=uuid.uuid4),
        ),
    ]
