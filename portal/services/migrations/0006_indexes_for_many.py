from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0005_guide_imports")]

    operations = [
        migrations.RemoveIndex(model_name="guiderecord", name="services_record_score"),
        migrations.AddIndex(
            model_name="guiderecord",
            index=models.Index(fields=["site", "score", "page"], name="services_record_score"),
        ),
        migrations.AddIndex(
            model_name="guiderecord",
            index=models.Index(fields=["score", "page"], name="services_record_worst"),
        ),
    ]
