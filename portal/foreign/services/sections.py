"""Making, opening and closing the section of a site in a language."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale, Page

from portal.foreign.models import ForeignColumn, ForeignSection, Need
from portal.foreign.permissions import may_manage
from portal.foreign.selectors.gate import Lack, lacks_of
from portal.foreign.selectors.sections import root_of, section_for
from portal.foreign.selectors.starting_columns import StartingColumn, starting_columns
from portal.plugin_api import ColumnPage, provision_site, take_turn, touch_structure

from .columns import publish_again, publish_column, wrote
from .review import provision_section_workflow

LOG_OPENED = "foreign.opened"
LOG_CLOSED = "foreign.closed"


class NotReady(ValidationError):
    """The gate said no; ``lacks`` says why, each with what to do."""

    def __init__(self, lacks: list[Lack]) -> None:
        self.lacks = lacks
        super().__init__([lack.message for lack in lacks])


@transaction.atomic
def create_section(
    *,
    site: Any,
    locale: Locale,
    title: str,
    user: Any = None,
    needs: Collection[str] | None = None,
    minimum_coverage: int = 80,
) -> ForeignSection:
    """The section of a site (its record) in a language: home page, columns and rights.

    Nothing is public before ``open_section``. ``title`` is the site's name in the language, on top
    of every page; ``needs`` chooses among the starting columns (None: all).

    Raises:
        ValidationError: the source language, one that is there, or a sub-site's language that the
            site above it does not have.
    """
    language = locale.language_code
    if language == settings.LANGUAGE_CODE:
        raise ValidationError(_("Chinese is the language that everything is translated from."))
    if section_for(site.pk, language) is not None:
        raise ValidationError(_("The site has a section in this language already."))
    take_turn()
    section = ForeignSection.objects.create(
        site=site, locale=locale, minimum_coverage=minimum_coverage
    )
    root = root_of(section)
    if root is None:
        root = _make_root(section, title, user)
        touch_structure()
        provision_site(site)
    ForeignColumn.objects.get_or_create(page_id=root.pk, defaults={"section": section})
    for column in starting_columns(needs):
        _make_column(section, root, column)
    touch_structure()
    provision_section_workflow(section)
    return section


def _make_root(section: ForeignSection, title: str, user: Any) -> Page:
    """The home's twin: same type and key, nothing of its Chinese text."""
    source = section.site.root_page.specific
    parent = source.get_parent()
    slug = source.slug
    if parent.is_root():
        slug = f"{slug}-{section.locale.language_code}"
    else:
        parent = _root_above(section)
    root = type(source)(
        title=title,
        slug=slug,
        locale=section.locale,
        translation_key=source.translation_key,
        live=False,
        show_in_menus=source.show_in_menus,
        owner=user,
    )
    Page.objects.get(pk=parent.pk).specific.add_child(instance=root)
    root.save_revision(user=user)
    return root


def _root_above(section: ForeignSection) -> Page:
    above = section.site.parent
    found = section_for(above.pk, section.locale.language_code) if above is not None else None
    root = root_of(found) if found is not None else None
    if root is None:
        raise ValidationError(
            _("The site above has no section in this language yet: make that one first.")
        )
    return root


def _make_column(section: ForeignSection, root: Page, wanted: StartingColumn) -> None:
    """A draft: it becomes public with the section."""
    slug = wanted.slug
    if Page.objects.child_of(root).filter(slug=slug).exists():
        return
    page = ColumnPage(
        title=wanted.name(section.locale.language_code),
        slug=slug,
        locale=section.locale,
        live=False,
        show_in_menus=True,
        owner_unit=section.site.owner,
    )
    Page.objects.get(pk=root.pk).specific.add_child(instance=page)
    page.save_revision()
    ForeignColumn.objects.create(section=section, page_id=page.pk, need=Need(wanted.need))


@transaction.atomic
def open_section(*, section: ForeignSection, user: Any = None) -> ForeignSection:
    """Make a section public: its home and those columns that are still drafts.

    Without an account it is an operator's action (a command, the demo). The record keeps who and
    when.

    Raises:
        PermissionDenied: the account does not run the site.
        NotReady: what the gate misses.
    """
    if user is not None and not may_manage(user, section):
        raise PermissionDenied
    take_turn()
    section = ForeignSection.objects.select_for_update().get(pk=section.pk)
    if section.state == ForeignSection.State.OPEN:
        return section
    lacks = lacks_of(section)
    root = root_of(section)
    drafts = [] if root is None else [root, *_drafts_of_columns(section, root)]
    own = [page.draft_title for page in drafts if not page.live and wrote(user, page)]
    if own:
        words = _("In your own words: %(pages)s. Another person who runs the site opens it.")
        lacks = [*lacks, Lack("own_words", words % {"pages": "、".join(own)})]
    if lacks:
        raise NotReady(lacks)
    section.state = ForeignSection.State.OPEN
    section.opened_at, section.opened_by = timezone.now(), user
    section.closed_at, section.closing_reason = None, ""
    section.save()
    assert root is not None, "the gate has asked for it"
    for page in drafts:
        if not publish_again(page, section, user):
            publish_column(page, section, user)
    root.refresh_from_db()
    _log(root, LOG_OPENED, user)
    touch_structure()
    return section


def _drafts_of_columns(section: ForeignSection, root: Page) -> list[Page]:
    rows = section.columns.select_related("page").order_by("page__path")
    return [row.page for row in rows if row.page_id != root.pk and not row.page.live]


@transaction.atomic
def close_section(
    *, section: ForeignSection, reason: str, user: Any = None, notice: str | None = None
) -> ForeignSection:
    """Take a section from the public: all its addresses answer with a notice from now on.

    Its pages and translations stay as they are, so that it can open again.

    Raises:
        PermissionDenied: the account does not run the site.
        ValidationError: no reason was given.
    """
    if user is not None and not may_manage(user, section):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the section closes: it goes on record.")})
    take_turn()
    section = ForeignSection.objects.select_for_update().get(pk=section.pk)
    section.state = ForeignSection.State.CLOSED
    section.closed_at, section.closing_reason = timezone.now(), reason.strip()[:300]
    if notice is not None:
        section.closing_notice = notice
    section.save()
    root = root_of(section)
    if root is not None:
        if root.live:
            root.specific.unpublish(user=user)
        _log(root, LOG_CLOSED, user, reason=section.closing_reason)
    touch_structure()
    return section


def _log(root: Page, action: str, user: Any, **data: Any) -> None:
    log(instance=root.specific, action=action, user=user, data=data or None)
