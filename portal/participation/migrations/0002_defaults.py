"""The numbers of the working standards: six a year for portals, three for other sites."""

from django.db import migrations


def make(apps, schema_editor):
    numbers = apps.get_model("participation", "YearlyNumber")
    for counted in ("interview", "asking"):
        for site_class, number in (("portal", 6), ("sub_site", 3)):
            numbers.objects.get_or_create(
                site_class=site_class, counted=counted, defaults={"number": number}
            )


class Migration(migrations.Migration):
    dependencies = [("participation", "0001_initial")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
