from typing import Any

from django.core.management.base import BaseCommand

from portal.core import provisioning


class Command(BaseCommand):
    help = (
        "Gives the groups of all roles the rights that the table of roles names now, on the "
        "platform and on every site. `portal setup` does it when the table has changed. Groups "
        "made by hand stay as they are."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sites = provisioning.provision_everything()
        if options["verbosity"]:
            self.stdout.write(f"The rights of all roles are up to date: platform, {sites} sites.")
