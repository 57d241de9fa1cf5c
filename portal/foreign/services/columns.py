"""The columns of a section: making them, what feeds them, and moving what stands elsewhere."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from portal.foreign.models import ColumnFeed, ForeignColumn, ForeignSection, PageTranslation
from portal.foreign.permissions import may_manage
from portal.foreign.selectors.columns import misplaced
from portal.foreign.selectors.sections import root_of
from portal.plugin_api import (
    Basis,
    ColumnPage,
    Publication,
    item_key,
    releasing_as,
    take_turn,
    touch_structure,
)


def _refuse_others(user: Any, section: ForeignSection) -> None:
    if user is not None and not may_manage(user, section):
        raise PermissionDenied


@transaction.atomic
def add_column(
    *, section: ForeignSection, title: str, slug: str, need: str, user: Any = None
) -> ForeignColumn:
    """A new column at the end of the section, as a draft: nobody publishes his own words alone.

    In an open section another person opens it (``open_column``); without an account it is an
    operator's action, and public at once.

    Raises:
        PermissionDenied: the account does not run the site.
        ValidationError: the address is taken, or the section has no home any more.
    """
    _refuse_others(user, section)
    take_turn()
    root = root_of(section)
    if root is None:
        raise ValidationError(_("The section's home page is gone. Make the section again."))
    if Page.objects.child_of(root).filter(slug=slug).exists():
        raise ValidationError({"slug": _("Another page of the section has this address.")})
    page = ColumnPage(
        title=title,
        slug=slug,
        locale=section.locale,
        live=False,
        show_in_menus=True,
        owner=user,
        owner_unit=section.site.owner,
    )
    root.specific.add_child(instance=page)
    page.save_revision(user=user)
    column = ForeignColumn.objects.create(section=section, page_id=page.pk, need=need)
    if section.state == ForeignSection.State.OPEN and user is None:
        publish_column(page, section, user)
    return column


def wrote(user: Any, page: Page) -> bool:
    """Whether an account wrote a version of a page that was never public."""
    if user is None or Publication.objects.filter(item=item_key(page)).exists():
        return False
    versions = Revision.page_revisions.filter(object_id=str(page.pk))
    return bool(versions.filter(user=user.pk).exists())


@transaction.atomic
def open_column(*, column: ForeignColumn, user: Any) -> None:
    """Make a column that was added to an open section public.

    Raises:
        PermissionDenied: the account does not run the site.
        ValidationError: the section is not open, the column is public, or the account wrote it.
    """
    section = column.section
    _refuse_others(user, section)
    take_turn()
    page = Page.objects.get(pk=column.page_id).specific
    if section.state != ForeignSection.State.OPEN:
        raise ValidationError(_("The section is not open: its columns become public with it."))
    if page.live:
        raise ValidationError(_("The column is public already."))
    if wrote(user, page):
        raise ValidationError(
            _("“%(column)s” is in your own words: another person who runs the site opens it.")
            % {"column": page.get_latest_revision_as_object().title}
        )
    if not publish_again(page, section, user):
        publish_column(page, section, user)
    touch_structure()


def publish_column(page: Page, section: ForeignSection, user: Any) -> None:
    """Publish a column; who answers for it is the head of the team where it names nobody."""
    latest = page.get_latest_revision_as_object() if page.latest_revision_id else page.specific
    if hasattr(latest, "responsible_person"):
        latest.owner_unit = latest.owner_unit or section.site.owner
        latest.responsible_person = latest.responsible_person.strip() or _name_of_lead(section)
    with releasing_as(Basis.TRANSLATION, f"section:{section.pk}"):
        latest.save_revision(user=user).publish(user=user, skip_permission_checks=True)


def publish_again(page: Page, section: ForeignSection, user: Any) -> bool:
    """Publish a page in the words in which it was public before; False where it never was.

    What was written since then stays a draft: it becomes public through its own reviews.
    """
    before = Publication.objects.filter(item=f"page:{page.pk}").order_by("-since", "-pk")
    version = before.values_list("version", flat=True).first()
    revision = Revision.objects.filter(pk=version).first() if version is not None else None
    if revision is None:
        return False
    with releasing_as(Basis.TRANSLATION, f"section:{section.pk}"):
        revision.publish(user=user, skip_permission_checks=True)
    return True


def _name_of_lead(section: ForeignSection) -> str:
    lead = section.team.filter(role="lead", active=True).select_related("user").first()
    if lead is None:
        return ""
    name: str = lead.user.get_full_name() or lead.user.get_username()
    return name


@transaction.atomic
def save_feeds(
    *, column: ForeignColumn, need: str, sources: Sequence[Page], user: Any = None
) -> None:
    """Which Chinese columns (or single pages) feed a column from now on.

    What is translated stays where it stands; ``selectors.columns.misplaced`` lists what the new
    feeds would put elsewhere, ``move_translations`` moves it.

    Raises:
        PermissionDenied: the account does not run the site.
        ValidationError: a page that is not of the site's Chinese tree, or that feeds another
            column of the section.
    """
    section = column.section
    _refuse_others(user, section)
    home = section.site.root_page
    for source in sources:
        _check_source(source, home, column)
    wanted = {source.pk for source in sources}
    column.feeds.exclude(source__in=wanted).delete()
    have = set(column.feeds.values_list("source_id", flat=True))
    ColumnFeed.objects.bulk_create(
        ColumnFeed(column=column, source_id=pk) for pk in sorted(wanted - have)
    )
    column.need = need
    column.save(update_fields=["need"])
    touch_structure()


def _check_source(source: Page, home: Page, column: ForeignColumn) -> None:
    if source.locale.language_code != settings.LANGUAGE_CODE or not source.path.startswith(
        home.path
    ):
        raise ValidationError(
            _("“%(page)s” is not a page of the site in Chinese.") % {"page": source.title}
        )
    other = (
        ColumnFeed.objects.filter(source=source.pk, column__section=column.section_id)
        .exclude(column=column)
        .select_related("column__page")
        .first()
    )
    if other is not None:
        raise ValidationError(
            _("“%(page)s” feeds “%(column)s” already: a page goes to one column only.")
            % {"page": source.title, "column": other.column.page.title}
        )


@transaction.atomic
def remove_column(*, column: ForeignColumn, user: Any = None) -> None:
    """Take an empty column away, page and all.

    Raises:
        PermissionDenied: the account does not run the site.
        ValidationError: the section's own home, or a column with pages in it.
    """
    _refuse_others(user, column.section)
    root = root_of(column.section)
    if root is not None and root.pk == column.page_id:
        raise ValidationError(_("The home of the section stays."))
    page = Page.objects.get(pk=column.page_id)
    if page.get_children().exists():
        raise ValidationError(
            _("“%(column)s” has pages in it. Move them first.") % {"column": page.title}
        )
    take_turn()
    page.specific.delete(user=user)
    touch_structure()


@transaction.atomic
def move_translations(
    *, section: ForeignSection, translations: Iterable[PageTranslation], user: Any = None
) -> int:
    """Put translations where the feeds say now; gives how many moved.

    Only what ``misplaced`` lists is touched; addresses change, the old ones lead to the new.
    """
    _refuse_others(user, section)
    take_turn()
    wanted = {row.pk for row in translations}
    moved = 0
    for found in misplaced(section):
        if found.translation.pk not in wanted:
            continue
        page = Page.objects.get(pk=found.page.pk).specific
        page.move(Page.objects.get(pk=found.belongs.page_id), pos="last-child", user=user)
        moved += 1
    if moved:
        touch_structure()
    return moved
