from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from wagtail.models import Locale, Page

from portal.core import provisioning
from portal.core.models import Organisation, SiteRecord
from portal.core.operator import operator_action
from portal.pages.models import PortalHomePage


class Command(BaseCommand):
    help = (
        "Makes a city's portal without demo content: home page, registry entry, groups of all "
        "roles, collection and workflow. Columns and sub-sites are made in the admin."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="The portal's name, as in the header.")
        parser.add_argument("--short-name", default="", help="For groups and lists.")
        parser.add_argument("--code", required=True, help="A short code of letters and digits.")
        parser.add_argument("--host", required=True, help="The host name, such as www.x.gov.cn.")
        parser.add_argument("--owner", default="", help="The unit that owns it; empty: the name.")

    def handle(self, *args: Any, **options: Any) -> None:
        if SiteRecord.objects.filter(kind=SiteRecord.Kind.PORTAL).exists():
            raise CommandError("There is a portal already; sub-sites are made in the admin.")
        name = options["name"]
        try:
            with transaction.atomic():
                provisioning.provision_platform()
                provisioning.remove_welcome_page()
                owner, _created = Organisation.objects.get_or_create(
                    full_name=options["owner"] or name,
                    defaults={
                        "code": options["code"],
                        "short_name": (options["short_name"] or name)[:60],
                        "kind": Organisation.Kind.GOVERNMENT,
                    },
                )
                home = PortalHomePage(
                    title=name, slug=options["code"], locale=Locale.get_default(), live=False
                )
                Page.get_first_root_node().add_child(instance=home)
                with operator_action("create_portal", {"reason": name}, strict=False):
                    home.save_revision().publish()
                record = provisioning.create_site(
                    root_page=home,
                    code=options["code"],
                    kind=SiteRecord.Kind.PORTAL,
                    hostname=options["host"],
                    is_default=True,
                    name=name,
                    short_name=options["short_name"] or name[:60],
                    domain=options["host"],
                    owner=owner,
                    operator=str(owner),
                )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{record.name} stands at {options['host']}.")
        self.stdout.write("Next: portal createsuperuser")
