
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0015_previews_of_sets'),
        ('policy_interpretation', '0006_figures_of_which_no_clause_speaks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='channelpush',
            name='site',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.siterecord', verbose_name='site'),
        ),
    ]
