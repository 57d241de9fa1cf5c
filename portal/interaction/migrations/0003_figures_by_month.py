from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interaction", "0002_drafts_figures_steps")]

    operations = [
        migrations.RemoveConstraint("letterfigure", "interaction_figure_once"),
        migrations.RemoveConstraint("letterfigure", "interaction_figure_no_unit"),
        migrations.RenameField("letterfigure", "day", "month"),
        migrations.AddConstraint(
            "letterfigure",
            models.UniqueConstraint(
                fields=("site", "month", "measure", "kind", "unit", "theme", "bucket"),
                name="interaction_figure_once",
            ),
        ),
        migrations.AddConstraint(
            "letterfigure",
            models.UniqueConstraint(
                fields=("site", "month", "measure", "kind", "theme", "bucket"),
                condition=models.Q(unit__isnull=True),
                name="interaction_figure_no_unit",
            ),
        ),
    ]
