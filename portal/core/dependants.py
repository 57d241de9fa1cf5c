"""What the portal itself knows to rest on a page: links, references, translations, aliases."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page, ReferenceIndex

from . import extension_points, structure
from .extension_points import Dependant, DependantAction

_LINKED = (DependantAction.REPOINT, DependantAction.UPDATE, DependantAction.MARK)
_COPY = (DependantAction.UPDATE, DependantAction.WITHDRAW)


def page_of_item(item: str) -> int | None:
    """The primary key in ``page:17``; None for items that are no pages."""
    kind, _colon, number = item.partition(":")
    return int(number) if kind == "page" and number.isdigit() else None


def page_dependant(
    page: Page,
    *,
    kind: str,
    place: str = "",
    actions: Iterable[DependantAction] = (DependantAction.UPDATE, DependantAction.WITHDRAW),
) -> Dependant:
    """A page as a dependant, with addresses, site and unit in charge."""
    found = structure.current()
    owner = getattr(page, "owner_unit", None)
    return Dependant(
        key=f"page:{page.pk}",
        label=page.title,
        kind=kind,
        url=found.url(page.url_path) if page.live else "",
        edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        site=found.site_pk_for(page.path),
        unit=str(owner) if owner else "",
        place=place,
        page=page.pk,
        actions=tuple(actions),
    )


class References:
    """Pages, banners, redirects and whatever else Wagtail's reference index knows.

    Tables that nobody can edit (publications, records) are no dependants.
    """

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        pk = page_of_item(item)
        if pk is None:
            return
        page_type = ContentType.objects.get_for_model(Page)
        rows: dict[tuple[int, str], list[ReferenceIndex]] = {}
        for row in ReferenceIndex.objects.filter(
            to_content_type=page_type, to_object_id=str(pk)
        ).order_by("base_content_type", "object_id", "pk"):
            rows.setdefault((row.base_content_type_id, row.object_id), []).append(row)
        pages = Page.objects.filter(
            pk__in=[object_id for type_pk, object_id in rows if type_pk == page_type.pk],
            live=True,
            alias_of=None,
        ).exclude(pk=pk)
        for page in pages.specific():
            place = _places(rows[page_type.pk, str(page.pk)])
            kind = _("link in: %(type)s") % {"type": page.page_type_display_name}
            yield page_dependant(page, kind=kind, place=place, actions=_LINKED)
        for (type_pk, object_id), found in rows.items():
            if type_pk != page_type.pk:
                yield from _other(type_pk, object_id, found)


def _places(rows: list[ReferenceIndex]) -> str:
    return "、".join(dict.fromkeys(str(row.describe_source_field()) for row in rows))[:300]


def _other(type_pk: int, object_id: str, rows: list[ReferenceIndex]) -> Iterator[Dependant]:
    model = ContentType.objects.get_for_id(type_pk).model_class()
    thing: models.Model | None = (
        model._default_manager.filter(pk=object_id).first() if model else None
    )
    edit_url = AdminURLFinder().get_edit_url(thing) if thing is not None else None
    if thing is None or not edit_url:
        return
    site = getattr(thing, "site_id", None)
    yield Dependant(
        key=f"{thing._meta.label_lower}:{thing.pk}",
        label=str(thing)[:255],
        kind=str(thing._meta.verbose_name),
        edit_url=edit_url,
        site=site if _is_portal_site(thing) else None,
        place=_places(rows),
    )


def _is_portal_site(thing: models.Model) -> bool:
    field: Any = next((f for f in thing._meta.fields if f.name == "site"), None)
    return field is not None and field.related_model._meta.label_lower == "core.siterecord"


class Translations:
    """The same page in other languages, as far as it is public."""

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        for page in _others_of(item, "translation_key", alias_of=None):
            language = page.locale.get_display_name()
            kind = _("translation: %(language)s") % {"language": language}
            yield page_dependant(page, kind=kind, actions=_COPY)


class Aliases:
    """Other columns and sites that show the page by reference: lists that feature it."""

    def dependants(self, *, item: str) -> Iterator[Dependant]:
        pk = page_of_item(item)
        for page in Page.objects.filter(alias_of=pk, live=True).specific() if pk else ():
            node = structure.current().nearest(page.path[: -structure.STEPLEN])
            yield page_dependant(
                page,
                kind=_("shown by reference"),
                place=node.title if node else "",
                actions=(DependantAction.WITHDRAW,),
            )


def _others_of(item: str, field: str, **conditions: Any) -> Iterable[Page]:
    pk = page_of_item(item)
    if pk is None:
        return []
    same = Page.objects.filter(pk=pk).values(field)
    pages = Page.objects.filter(**{f"{field}__in": same}, live=True, **conditions)
    return pages.exclude(pk=pk).specific()


extension_points.dependants.register("references", References())
extension_points.dependants.register("translations", Translations())
extension_points.dependants.register("aliases", Aliases())
