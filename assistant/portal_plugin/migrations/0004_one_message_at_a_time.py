"""Which message of a conversation is being answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistant", "0003_dialogue")]

    operations = [
        migrations.AddField(
            "conversation",
            "open_answer",
            models.CharField(blank=True, default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField("conversation", "open_until", models.DateTimeField(null=True)),
    ]
