"""Loads the demo city from ``demo/`` (its schema is in ``demo/README.md``).

Idempotent: what is there by its address or code is left as it is, so that a second run repairs
an interrupted first one and never undoes what somebody changed.
"""

import datetime
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.core.files import File
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import Collection, Locale, Page

from portal.core import extension_points, outbox, provisioning, roles
from portal.core.models import (
    Organisation,
    PortalDocument,
    PortalImage,
    PortalMedia,
    ResponsiblePerson,
    SiteRecord,
    SiteRoleGroup,
    User,
)
from portal.core.uploads.containers import inspect

from .demo_reviews import REVIEWERS, hand_in_and_sign, load_reviews
from .markup import MarkupError, to_blocks
from .models import (
    ArticlePage,
    ColumnPage,
    ExternalLinkPage,
    LeaderPage,
    LeaderSpeech,
    OrganisationPage,
    PortalHomePage,
    StandardPage,
    SubSitePage,
    TopicPage,
)
from .section_data import SectionReader

DEMO_DIR = Path(__file__).parent / "demo"
Say = Callable[[str], None]
# So many events at once: a page that several of them concern is looked at once.
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account as it is told to the person who installed; ``password`` "" means kept."""

    username: str
    password: str
    role: str
    site: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One text of the demo: in which column, what, and the plugin's content that makes it."""

    column: str
    values: dict[str, Any]
    owner: extension_points.DemoPages | None = None


@dataclass
class DemoLoader:
    """One run. ``say`` is told what is being done."""

    say: Say = lambda _line: None
    directory: Path = DEMO_DIR
    pages: dict[str, Page] = field(default_factory=dict)
    records: dict[str, SiteRecord] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)

    # --- the order of things ---------------------------------------------------------------------
    def run(self) -> list[Account]:
        with _no_mail():
            self._load()
        return self.accounts

    def _load(self) -> None:
        provisioning.provision_platform()
        self._organisations()
        self._media()
        trees = [self._read(f"pages/{site['code']}.yaml") for site in self.sites]
        for site, tree in zip(self.sites, trees, strict=True):
            self._site(site, tree["home"])
        for tree in trees:
            self.say(f"{tree['site']}: columns and pages")
            self._children(self.pages[tree["home"]["key"]], tree["pages"], tree["site"])
        self._articles()
        for tree in trees:
            self._second_pass(tree)
        self._accounts()
        load_reviews(self, self._read("reviews.yaml"))
        for entry in extension_points.demo_content.entries():
            after_all = getattr(entry.item, "after_all", None)
            if after_all is not None:
                after_all(self)
        self.say("list pictures")
        self.catch_up()

    def catch_up(self) -> None:
        """Let everybody who reads the outbox see what was loaded so far."""
        consumers = [entry.item for entry in extension_points.outbox_consumers.entries()]
        outbox.run_consumers(consumers, batch=_MANY)

    def _read(self, name: str) -> Any:
        return self.read_yaml(self.directory / name)

    def read_yaml(self, path: Path) -> Any:
        with path.open(encoding="utf-8") as stream:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, as safe
            return yaml.load(stream, Loader=loader)  # noqa: S506

    @cached_property
    def sites(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._read("sites.yaml")
        return found

    @cached_property
    def locale(self) -> Locale:
        return Locale.get_default()

    # --- units and media -------------------------------------------------------------------------
    @transaction.atomic
    def _organisations(self) -> None:
        self.say("organisations")
        for number, row in enumerate(self._read("organisations.yaml")):
            parent = Organisation.objects.filter(code=row["parent"]).first()
            unit, created = Organisation.objects.get_or_create(
                code=row["code"],
                defaults={
                    "full_name": row["full_name"],
                    "short_name": row["short_name"],
                    "english_name": row["english_name"],
                    "kind": row["kind"],
                    "parent": parent,
                    "address": row.get("address") or "",
                    "phone": row.get("phone") or "",
                    "email": row.get("email") or "",
                    "office_hours": row.get("office_hours") or "",
                    "duties": "\n".join(row.get("duties") or ()),
                    "sort_order": (number + 1) * 10,
                },
            )
            if created:
                for order, person in enumerate(row.get("persons") or ()):
                    ResponsiblePerson.objects.create(
                        organisation=unit,
                        role=person["role"],
                        phone=person.get("phone") or "",
                        sort_order=order,
                    )

    def unit(self, code: str | None) -> Organisation | None:
        return Organisation.objects.filter(code=code).first() if code else None

    def unit_named(self, name: str) -> Organisation | None:
        return Organisation.objects.filter(full_name=name).first()

    def _media(self) -> None:
        self.say("images and attachments")
        collection = Collection.objects.filter(name="云湖市").first()
        collection = collection or Collection.get_first_root_node()
        self.images: dict[str, PortalImage] = {}
        for row in self._read("images.yaml"):
            image = PortalImage.objects.filter(title=row["title"]).first()
            if image is None:
                with (self.directory / "images" / row["file"]).open("rb") as stream:
                    image = PortalImage.objects.create(
                        title=row["title"],
                        description=row["alt"],
                        credit=row.get("credit") or "",
                        file=File(stream, name=Path(row["file"]).name),
                        collection=collection,
                    )
            self.images[row["key"]] = image
        self.documents: dict[str, PortalDocument] = {}
        for row in self._read("attachments.yaml"):
            document = PortalDocument.objects.filter(title=row["title"]).first()
            if document is None:
                with (self.directory / "attachments" / row["file"]).open("rb") as stream:
                    document = PortalDocument.objects.create(
                        title=row["title"],
                        file=File(stream, name=Path(row["file"]).name),
                        collection=collection,
                    )
                document.get_file_size()  # reads it once and keeps it
            self.documents[row["key"]] = document
        self._recordings(collection)

    def _recordings(self, collection: Collection) -> None:
        self.media: dict[str, PortalMedia] = {}
        for row in self._read("media.yaml"):
            media = PortalMedia.objects.filter(title=row["title"]).first()
            if media is None:
                media = self._recording(row, collection)
            self.media[row["key"]] = media

    def _recording(self, row: dict[str, Any], collection: Collection) -> PortalMedia:
        """As an editor would upload it: what the file holds is read from the file."""
        folder = self.directory / "media"
        new = PortalMedia(
            title=row["title"],
            type=row["kind"],
            transcript=row.get("transcript") or "",
            speechless_reason=row.get("speechless_reason") or "",
            collection=collection,
        )
        with (folder / row["file"]).open("rb") as stream:
            facts = inspect(stream, row["file"], want_video=row["kind"] == "video")
            new.duration, new.width, new.height = facts.duration, facts.width, facts.height
            new.file.save(row["file"], File(stream), save=False)
        for name, file in (("captions", new.captions), ("poster", new.thumbnail)):
            if row.get(name):
                with (folder / row[name]).open("rb") as stream:
                    file.save(row[name], File(stream), save=False)
        new.full_clean()
        new.save()
        return new

    # --- sites and pages -------------------------------------------------------------------------
    def _site(self, row: dict[str, Any], home: dict[str, Any]) -> None:
        self.say(f"{row['code']}: {row['name']}")
        parent_record = self.records.get(row["parent"] or "")
        record = SiteRecord.objects.filter(code=row["code"]).first()
        if record is not None:
            page = record.root_page.specific
        elif parent_record is None:
            page = self._portal_home(home)
        else:
            slug = row["path"] or row["code"]
            page = self.add(parent_record.root_page, SubSitePage, slug, home["title"], {})
        self.pages[home["key"]] = page
        if record is None:
            record = provisioning.create_site(
                root_page=page,
                code=row["code"],
                kind=row["kind"],
                parent=parent_record,
                hostname=row["host"] or ("" if parent_record else "localhost"),
                is_default=parent_record is None,
                owner=self.unit(row["owner"]),
                operator=str(self.unit(row["operator"]) or ""),
                **{
                    name: row[name]
                    for name in [
                        "name",
                        "short_name",
                        "supervisor",
                        "domain",
                        "chinese_domain",
                        "site_id_code",
                        "icp_number",
                        "police_number",
                        "party_mark_number",
                        "party_mark_url",
                        "error_report_url",
                        "contact_phone",
                        "contact_email",
                        "contact_address",
                        "office_hours",
                        "theme",
                        "show_emblem",
                        "footer_note",
                        "state",
                        "opened_on",
                    ]
                },
            )
        self.records[row["code"]] = record

    def _portal_home(self, home: dict[str, Any]) -> Page:
        tree = Page.get_first_root_node()
        existing = tree.get_children().filter(slug="yunhu").first()
        if existing is not None:
            return existing.specific
        provisioning.remove_welcome_page()
        return self.add(tree, PortalHomePage, "yunhu", home["title"], {})

    def add(
        self,
        parent: Page,
        model: type[Page],
        slug: str,
        title: str,
        fields: dict[str, Any],
        *,
        publish: bool = True,
        date: datetime.datetime | None = None,
    ) -> Page:
        """The child of ``parent`` with this slug, made and published when it is not there."""
        existing = Page.objects.child_of(parent).filter(slug=slug).first()
        if existing is not None:
            return existing.specific
        page = model(
            title=title,
            slug=slug,
            live=False,
            locale=self.locale,
            first_published_at=date,
            **fields,
        )
        parent = Page.objects.get(pk=parent.pk)
        with transaction.atomic():
            parent.add_child(instance=page)
            if publish:
                page.save_revision().publish()
        return page

    def _children(self, parent: Page, nodes: list[dict[str, Any]], site: str) -> None:
        for node in nodes:
            page = getattr(self, f"_{node['type']}")(parent, node)
            self.pages[node["key"]] = page
            self._children(page, node.get("children") or [], site)

    def _described(self, node: dict[str, Any]) -> dict[str, Any]:
        return {
            "search_description": node.get("description") or "",
            "keywords": ",".join(map(str, node.get("keywords") or ())),
            "show_in_menus": bool(node.get("in_menu", True)),
        }

    def _column(self, parent: Page, node: dict[str, Any]) -> Page:
        publication = node["publication"]
        fields = self._described(node) | {
            "column_type": ",".join(node["column_type"]),
            "display": node["display"],
            "intro": node.get("intro") or "",
            "owner_unit": self.unit(node["owner"]),
            "hosted_for": self.unit(node.get("hosted_for")),
            "responsible_person": node["responsible"],
            "publication_class": publication["class"],
            "update_period_days": publication.get("period_days"),
        }
        return self.add(parent, ColumnPage, node["slug"], node["title"], fields)

    def _leader(self, parent: Page, node: dict[str, Any]) -> Page:
        fields = {
            "photo": self.images.get(node.get("portrait") or ""),
            "resume": node["resume"],
            "duties": "\n".join(node["duties"]),
            "search_description": "；".join(node["duties"])[:200],
        }
        return self.add(parent, LeaderPage, node["slug"], node["title"], fields)

    def _organisation(self, parent: Page, node: dict[str, Any]) -> Page:
        unit = self.unit(node["organisation"])
        title = unit.short_name if unit else node["slug"]
        fields = {"organisation": unit}
        return self.add(parent, OrganisationPage, node["slug"], title, fields)

    def _topic(self, parent: Page, node: dict[str, Any]) -> Page:
        archived = node["state"] == "archived"
        fields = self._described(node) | {
            "show_in_menus": bool(node.get("in_menu", False)),
            "intro": node.get("intro") or "",
            "state": "closed" if archived else node["state"],
            "starts_on": node.get("starts_on"),
            "ends_on": node.get("ends_on"),
            "owner_unit": self.unit(node["owner"]),
            "hero_image": self.images.get(node.get("image") or ""),
        }
        return self.add(parent, TopicPage, node["slug"], node["title"], fields)

    def _standard(self, parent: Page, node: dict[str, Any]) -> Page:
        fields = self._described(node) | {"body": []}
        return self.add(parent, StandardPage, node["slug"], node["title"], fields)

    def _external(self, parent: Page, node: dict[str, Any]) -> Page:
        fields = self._described(node) | {
            "target_url": node["target_url"],
            "target_name": node["target_name"],
        }
        return self.add(parent, ExternalLinkPage, node["slug"], node["title"], fields)

    # --- articles --------------------------------------------------------------------------------
    def _article_rows(self) -> Iterator[_Row]:
        for path in sorted(self.directory.glob("articles/*/*.yaml")):
            for row in self._read(str(path.relative_to(self.directory))):
                yield _Row(path.stem, row)
        for entry in extension_points.demo_content.entries():
            if not isinstance(entry.item, extension_points.DemoPages):
                continue
            for path in sorted(entry.item.directory.glob("articles/*/*.yaml")):
                for row in self.read_yaml(path):
                    yield _Row(path.stem, row, entry.item)

    def _articles(self) -> None:
        rows = sorted(self._article_rows(), key=lambda item: str(item.values["date"]))
        for number, item in enumerate(rows, start=1):
            # Drafts first: a text may link to one that comes later.
            column = self.pages[item.column]
            self.pages[item.values["key"]] = (
                item.owner.draft(item.values, column, self)
                if item.owner
                else self._article(column, item.values)
            )
            if number % 20 == 0 or number == len(rows):
                self.say(f"articles {number}/{len(rows)}")
        for item in rows:
            page = self.pages[item.values["key"]]
            if page.live:
                continue
            if item.owner:
                item.owner.complete(item.values, page, self)
            else:
                page.body = self._body(page, item.values)
                page.save_revision().publish()
        for entry in extension_points.demo_content.entries():
            entry.item.finish(self)

    def _article(self, column: Page, row: dict[str, Any]) -> Page:
        date = moment(row["date"])
        fields = {
            "subtitle": row.get("subtitle") or "",
            "date": date,
            "source": row["source"],
            "author": row.get("author") or "",
            "summary": row["summary"],
            "search_description": row["summary"],
            "keywords": ",".join(map(str, row.get("keywords") or ())),
            "cover": self.images.get(row.get("image") or ""),
            "pinned": bool(row.get("pinned")),
            "show_in_menus": False,
        }
        slug = row.get("slug") or row["key"]
        return self.add(column, ArticlePage, slug, row["title"], fields, publish=False, date=date)

    def _body(self, page: Page, row: dict[str, Any]) -> Any:
        blocks = self.blocks(row["body"])
        chosen = [self.documents[key] for key in row.get("attachments") or ()]
        if chosen:
            blocks.append(("attachments", {"title": "", "documents": chosen}))
        return page.specific_class.body.field.stream_block.normalize(blocks)

    def blocks(self, text: str) -> list[Any]:
        return to_blocks(
            text or "",
            image=self.images.get,
            media=self.media.get,
            page=lambda key: self.pages[key].pk if key in self.pages else None,
        )

    # --- what refers to other pages --------------------------------------------------------------
    def _second_pass(self, tree: dict[str, Any]) -> None:
        """Sections, bodies and speeches, once every page that they name is there."""
        self.say(f"{tree['site']}: sections")
        for node in self._walk([tree["home"] | {"type": "home"}, *tree["pages"]]):
            page = self.pages[node["key"]].specific
            changed = False
            sections = node.get("sections")
            if sections and not page.sections:
                page.sections = self._sections.read(sections)
                changed = True
            if node.get("body") and not page.body:
                stream = type(page).body.field.stream_block
                page.body = stream.normalize(self.blocks(node["body"]))
                changed = True
            if node["type"] == "home" and not page.search_description:
                page.search_description = node.get("description") or ""
                page.keywords = ",".join(map(str, node.get("keywords") or ()))
                page.hero_title = node.get("headline") or ""
                page.hero_text = node.get("intro") or ""
                page.hero_image = self.images.get(node.get("image") or "")
                changed = True
            if node.get("speeches") and not page.speeches.exists():
                page.speeches = [
                    LeaderSpeech(speech=self.pages[key], sort_order=order)
                    for order, key in enumerate(node["speeches"])
                ]
                changed = True
            if changed:
                page.save_revision().publish()
            if node["type"] == "topic" and node["state"] == "archived":
                page.archive(at=moment(node["archived_at"]))

    def _walk(self, nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for node in nodes:
            yield node
            yield from self._walk(node.get("children") or [])

    @cached_property
    def _sections(self) -> SectionReader:
        return SectionReader(
            page=lambda key: self.pages[key].pk,
            image=lambda key: self.images[key].pk,
            document=lambda key: self.documents[key].pk,
            media=lambda key: self.media[key].pk,
        )

    # --- accounts --------------------------------------------------------------------------------
    def _accounts(self) -> None:
        self.account("admin", "superuser", None, "")
        self.account("portal-editor", ("editor", "releaser"), "yunhu", "yunhu-gov")
        for code in ("hubin", "rsj", "gaoxin"):
            self.account(f"{code}-editor", ("editor", "releaser"), code, "")
            self.account(f"{code}-admin", ("site_admin",), code, "")
        self.account("hubin-writer", ("editor",), "hubin", "hubin-gov")
        for username, role in REVIEWERS.values():
            self.account(username, (role,), None, "yunhu-gov")

    def hand_in(self, page: Page, author: User, *, signed: int = 0) -> None:
        """For plugins, in ``after_all``: a draft goes into review; its first steps are signed."""
        hand_in_and_sign(page, author, signed)

    def account(
        self, username: str, held: tuple[str, ...] | str, code: str | None, unit: str
    ) -> None:
        """An account with its roles at one site, or (without a code) at every site."""
        role_names = (
            "超级管理员"
            if held == "superuser"
            else " + ".join(str(roles.ROLES[key].label) for key in held)
        )
        site = self.records[code].short_name if code else ""
        if User.objects.filter(username=username).exists():
            self.accounts.append(Account(username, "", role_names, site))
            return
        password = secrets.token_urlsafe(9)
        user = User.objects.create(
            username=username,
            email=f"{username}@example.gov.cn",
            password=_quickly_hashed(password),
            organisation=self.unit(unit),
        )
        if held == "superuser":
            user.is_staff = user.is_superuser = True
            user.save()
        else:
            groups = SiteRoleGroup.objects.filter(role__in=held)
            groups = groups.filter(site=self.records[code]) if code else groups
            user.groups.add(*(row.group for row in groups))
        self.accounts.append(Account(username, password, role_names, site))


@contextmanager
def _no_mail() -> Iterator[None]:
    """The people of the demo do not exist: nobody is written to of what is handed in."""
    nowhere = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    with override_settings(MAILERS=nowhere):
        yield


def _quickly_hashed(password: str) -> str:
    """72 random bits cannot be guessed, however quickly each guess is tried. The first sign-in
    stores the usual slow hash."""
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=1)
    return make_password(password)


def moment(value: Any) -> datetime.datetime:
    """A time as YAML gives it: quoted text or a timestamp."""
    found = value if isinstance(value, datetime.datetime) else parse_datetime(value)
    if found is None:
        raise MarkupError(f"{value!r} is no time")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
