"""Where an entry of a file goes, and whom and what it names: sites, columns, units, topics."""

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from wagtail.models import Page

from assistant.portal_plugin.models import QuestionPage, Topic
from portal.plugin_api import Basis, is_enabled, releasing_as, site_of_path, take_turn

PLUGIN = "assistant"
COLUMN_SLUG = "wenda"


class PlaceRefused(ValueError):
    """There is no such place, or it takes no entries; the message says why."""


class Places:
    """The sites by their names, and the column of each for questions."""

    def __init__(self, allowed: Collection[int] | None = None) -> None:
        """``allowed``: primary keys of the sites that may be written to; None: all."""
        self.allowed = allowed
        self._columns: dict[int, Page | None] = {}

    @cached_property
    def records(self) -> list[Any]:
        model = apps.get_model("core", "SiteRecord")
        return list(model.objects.select_related("root_page", "wagtail_site", "owner"))

    def site(self, name: str) -> Any:
        """The record of a site by host name, code or name; "" is the portal's main one.

        Raises:
            PlaceRefused: there is none, the plugin is off there, or it is not among ``allowed``.
        """
        wanted = name.strip().lower()
        for record in self.records:
            if not wanted and record.kind == "portal":
                return self._open(record)
            host = record.wagtail_site.hostname if record.wagtail_site else ""
            names = {host.lower(), record.code.lower(), record.name.lower()}
            if wanted and wanted in names | {record.short_name.lower()}:
                return self._open(record)
        known = ", ".join(record.code for record in self.records)
        raise PlaceRefused(
            _("There is no site “%(name)s” (sites: %(known)s).")
            % {"name": name or "portal", "known": known or "–"}
        )

    def site_by_pk(self, pk: int) -> Any:
        return next(record for record in self.records if record.pk == pk)

    def _open(self, record: Any) -> Any:
        if not is_enabled(PLUGIN, record.pk):
            raise PlaceRefused(
                _("Questions and answers are switched off at %(site)s.") % {"site": record.code}
            )
        if self.allowed is not None and record.pk not in self.allowed:
            raise PlaceRefused(
                _("You may not publish questions at %(site)s.") % {"site": record.code}
            )
        return record

    def column_at(self, record: Any, address: str) -> Page:
        """The column of a site at an address such as ``/fuwu/wenda/``.

        Raises:
            PlaceRefused: there is none, or it takes no questions.
        """
        wanted = record.root_page.url_path + address.strip("/") + "/"
        found = Page.objects.filter(url_path=wanted).first()
        column = found.specific if found else None
        if column is None or site_of_path(column.path) != record.pk:
            raise PlaceRefused(
                _("%(site)s has no column %(address)s.") % {"site": record.code, "address": address}
            )
        if not QuestionPage.can_create_at(column):
            raise PlaceRefused(_("%(title)s takes no questions.") % {"title": column.title})
        self._columns[record.pk] = column
        return column

    def column(self, record: Any) -> Page | None:
        """Where a site has its questions; None where that has yet to be made."""
        if record.pk not in self._columns:
            self._columns[record.pk] = self._find(record)
        return self._columns[record.pk]

    def _find(self, record: Any) -> Page | None:
        model = apps.get_model("pages", "ColumnPage")
        columns = model.objects.descendant_of(record.root_page).filter(live=True)
        own = [page for page in columns.order_by("path") if site_of_path(page.path) == record.pk]
        counts: dict[str, int] = defaultdict(int)
        for path in QuestionPage.objects.values_list("path", flat=True):
            counts[path[: -Page.steplen]] += 1
        used = [column for column in own if counts[column.path]]
        if used:
            return max(used, key=lambda column: counts[column.path])
        titled = (c for c in own if c.slug == COLUMN_SLUG or c.title == "常见问题")
        return next(titled, None)

    def make_column(self, record: Any, *, responsible: str = "") -> Page:
        """The site's column for questions, made and published where it has none.

        Raises:
            PlaceRefused: neither the site nor the portal has an owner who could answer for it.
        """
        there = self.column(record)
        if there is not None:
            return there
        owner = record.owner or next((r.owner for r in self.records if r.kind == "portal"), None)
        if owner is None:
            raise PlaceRefused(
                _("%(site)s has no owner and no column for questions: make one and name it.")
                % {"site": record.code}
            )
        take_turn()
        model = apps.get_model("pages", "ColumnPage")
        column = model(
            title="常见问题",
            slug=COLUMN_SLUG,
            column_type="咨询投诉",
            owner_unit=owner,
            responsible_person=(responsible or owner.short_name)[:80],
            live=False,
            locale=record.root_page.locale,
        )
        Page.objects.get(pk=record.root_page_id).specific.add_child(instance=column)
        # Empty, and made by the portal: what comes into it goes through its own reviews.
        with releasing_as(Basis.CONSEQUENCE, f"site:{record.pk}"):
            column.save_revision(log_action="wagtail.create").publish()
        column.refresh_from_db()
        self._columns[record.pk] = column
        return column


class Names:
    """Units and topics by what people call them."""

    def __init__(self) -> None:
        self._units: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
        model = apps.get_model("core", "Organisation")
        for pk, site, *names in model.objects.order_by("sort_order", "pk").values_list(
            "pk", "site_id", "full_name", "short_name", "code", "english_name"
        ):
            for name in {name.strip().lower() for name in names if name.strip()}:
                self._units[name].append((pk, site))
        self._topics: dict[str, Topic] = {}
        for topic in Topic.objects.all():
            self._remember(topic)

    def unit(self, name: str, site_pk: int) -> int | None:
        """A unit's primary key; the site's own one goes before one of the same name elsewhere."""
        found = self._units.get(name.strip().lower(), [])
        own = [pk for pk, site in found if site == site_pk]
        return own[0] if own else found[0][0] if found else None

    def topic(self, name: str) -> Topic | None:
        return self._topics.get(name.strip().lower())

    def make_topic(self, name: str) -> Topic:
        """A new topic of that name, with an address made from it."""
        from portal.text import pinyin

        base = pinyin.slug(name, max_length=50) or "topic"
        slug, number = base, 1
        while Topic.objects.filter(slug=slug).exists():
            number += 1
            slug = f"{base}-{number}"
        topic = Topic.objects.create(slug=slug, name=name[:60])
        self._remember(topic)
        return topic

    def _remember(self, topic: Topic) -> None:
        for name in (topic.slug, topic.name, *(topic.names or {}).values()):
            if isinstance(name, str) and name.strip():
                self._topics.setdefault(name.strip().lower(), topic)
