

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from portal.core.new_tables import NewTables


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('core', '0013_provisioned_roles'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        NewTables([
        migrations.CreateModel(
            name='OperatorAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('command', models.CharField(max_length=60, verbose_name='command')),
                ('accounts', models.JSONField(default=list, verbose_name='accounts')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
            ],
            options={
                'verbose_name': 'action of the operator',
                'verbose_name_plural': 'actions of the operator',
                'ordering': ['-at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DutyShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='from')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duty_shifts', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duty_shifts', to='core.siterecord')),
            ],
            options={
                'verbose_name': 'duty shift',
                'verbose_name_plural': 'duty shifts',
                'ordering': ['-since'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='EmergencyWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=80)),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('account_name', models.CharField(max_length=150, verbose_name='account')),
                ('items', models.JSONField(default=list)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('page', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.WAGTAIL_PAGE_MODEL)),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.siterecord')),
            ],
            options={
                'verbose_name': 'emergency withdrawal',
                'verbose_name_plural': 'emergency withdrawals',
                'ordering': ['-at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReviewDelegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='from')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('absent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegations_given', to=settings.AUTH_USER_MODEL, verbose_name='who is away')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_delegations', to='core.siterecord')),
                ('stand_in', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delegations_taken', to=settings.AUTH_USER_MODEL, verbose_name='who signs instead')),
            ],
            options={
                'verbose_name': 'stand-in',
                'verbose_name_plural': 'stand-ins',
                'ordering': ['-since'],
                'permissions': [('settle_reviewers', 'Can settle who reviews at own sites')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReviewRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=80)),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('column_title', models.CharField(blank=True, max_length=255, verbose_name='column')),
                ('revision_id', models.BigIntegerField()),
                ('content_hash', models.CharField(max_length=64)),
                ('provider_name', models.CharField(max_length=150, verbose_name='provided by')),
                ('provider_unit_name', models.CharField(blank=True, max_length=200, verbose_name='providing unit')),
                ('writers', models.JSONField(default=list)),
                ('urgent', models.BooleanField(default=False, verbose_name='urgent')),
                ('urgent_reason', models.CharField(blank=True, max_length=200, verbose_name='why it is urgent')),
                ('correction', models.TextField(blank=True, help_text='Shown to readers below the text, with the date.', max_length=500, verbose_name='what was corrected')),
                ('date_reason', models.CharField(blank=True, max_length=200, verbose_name='why the publication time is an earlier one')),
                ('state', models.CharField(choices=[('running', 'in review'), ('returned', 'returned'), ('cancelled', 'taken back'), ('signed', 'signed, waits to go live'), ('released', 'released'), ('ended', 'no longer public')], default='running', max_length=12, verbose_name='state')),
                ('submitted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='submitted')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('released_at', models.DateTimeField(null=True, verbose_name='released')),
                ('page', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='review_rounds', to=settings.WAGTAIL_PAGE_MODEL)),
                ('provider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('provider_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.organisation')),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='review_rounds', to='core.siterecord')),
                ('workflow_state', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rounds', to='wagtailcore.workflowstate')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'ordering': ['-submitted_at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReviewOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='core.reviewround')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReviewSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('first_check', 'First check'), ('secrecy', 'Secrecy review'), ('review', 'Review'), ('release', 'Release')], max_length=20, verbose_name='step')),
                ('verdict', models.CharField(choices=[('signed', 'signed'), ('returned', 'returned')], max_length=12, verbose_name='decision')),
                ('account_name', models.CharField(max_length=150, verbose_name='account')),
                ('for_name', models.CharField(blank=True, max_length=150, verbose_name='in place of')),
                ('unit_name', models.CharField(blank=True, max_length=200, verbose_name='unit')),
                ('on_duty', models.BooleanField(default=False, verbose_name='as approver on duty')),
                ('opinion', models.TextField(blank=True, max_length=1000, verbose_name='opinion')),
                ('answers', models.JSONField(default=dict)),
                ('content_hash', models.CharField(max_length=64)),
                ('opened_at', models.DateTimeField(verbose_name='opened')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('address', models.GenericIPAddressField(null=True, verbose_name='address')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='core.reviewround')),
            ],
            options={
                'verbose_name': 'signature',
                'verbose_name_plural': 'signatures',
                'ordering': ['at', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReviewTask',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                ('step', models.CharField(choices=[('first_check', 'First check'), ('secrecy', 'Secrecy review'), ('review', 'Review'), ('release', 'Release')], max_length=20, verbose_name='step')),
                ('groups', models.ManyToManyField(blank=True, related_name='+', to='auth.group', verbose_name='roles')),
                ('reviewers', models.ManyToManyField(blank=True, related_name='review_tasks', to=settings.AUTH_USER_MODEL, verbose_name='reviewers by name')),
            ],
            options={
                'verbose_name': 'Step of the three reviews',
                'verbose_name_plural': 'Steps of the three reviews',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.AddIndex(
            model_name='reviewround',
            index=models.Index(fields=['item', '-submitted_at'], name='core_round_item'),
        ),
        migrations.AddIndex(
            model_name='reviewround',
            index=models.Index(fields=['state', 'site'], name='core_round_state'),
        ),
        migrations.AddConstraint(
            model_name='reviewround',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('item',), name='core_round_one_running'),
        ),
        migrations.AddConstraint(
            model_name='reviewopening',
            constraint=models.UniqueConstraint(fields=('round', 'account'), name='core_opening_once'),
        ),
        migrations.AddConstraint(
            model_name='reviewsignature',
            constraint=models.UniqueConstraint(fields=('round', 'step'), name='core_signature_once_each_step'),
        ),
        ]),
        migrations.AddField(
            model_name='publication',
            name='basis',
            field=models.CharField(blank=True, choices=[('reviewed', 'three reviews'), ('translation', "reviews of the translators' desk"), ('reference', 'use of something public elsewhere'), ('consequence', 'follows from a decision that was reviewed'), ('operator', 'action of the operator'), ('', 'not recorded')], default='', max_length=12, verbose_name='basis'),
        ),
        migrations.AddField(
            model_name='publication',
            name='basis_key',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
    ]
