"""Who may do what with records: by the site of the record and the roles at that site.

Reading: whoever works on pages of any site, and those who read its records. Writing: whoever may
change pages of the record's site. Deciding on requests, rules for all: administrators.
"""

from typing import Any

from django.db.models import Q, QuerySet

from portal.plugin_api import Action, may, public_pages, public_urls, sites_allowing

from .models import LibraryRecord, Sharing, State


def may_look(user: Any) -> bool:
    """Whether the account sees the library at all."""
    return any(
        (sites := sites_allowing(user, action)) is None or bool(sites)
        for action in (Action.PAGE_CHANGE, Action.PUBLICATION_RECORD)
    )


def visible(user: Any) -> "QuerySet[LibraryRecord]":
    """All of the own sites; of others the public pages, which can be shown by reference.

    Files of other sites are left out: nobody knows whether a public page shows them yet.
    """
    found = LibraryRecord.objects.all()
    own: set[int] = set()
    for action in (Action.PAGE_CHANGE, Action.PUBLICATION_RECORD):
        sites = sites_allowing(user, action)
        if sites is None:
            return found
        own |= sites
    public = Q(state=State.PUBLIC, page__live=True) & public_pages("page__path")
    return found.filter(public | Q(site__in=own))


def may_see(user: Any, record: LibraryRecord) -> bool:
    if is_public(record) and may_look(user):
        return True
    return any(
        may(user, action, record.site_id)
        for action in (Action.PAGE_CHANGE, Action.PUBLICATION_RECORD)
    )


def is_public(record: LibraryRecord) -> bool:
    """A page that everybody can read."""
    page = record.page
    if record.state != State.PUBLIC or page is None:
        return False
    return page.live and bool(public_urls([(page.pk, page.path, page.url_path)]))


def may_write(user: Any, record: LibraryRecord) -> bool:
    return may(user, Action.PAGE_CHANGE, record.site_id)


def writable(user: Any, records: "QuerySet[LibraryRecord]") -> "QuerySet[LibraryRecord]":
    sites = sites_allowing(user, Action.PAGE_CHANGE)
    return records if sites is None else records.filter(site__in=sites)


def may_decide(user: Any, record: LibraryRecord) -> bool:
    """On requests to show a record elsewhere: who administers the provider's site."""
    return may(user, Action.SITE_SETTINGS, record.site_id)


def may_rule(user: Any) -> bool:
    """Tables, rules and numbers hold for all sites."""
    return may(user, Action.SITE_SETTINGS, None)


def is_offered(record: LibraryRecord) -> bool:
    """Whether other sites can bring it in, at once or after asking."""
    return (
        record.state == State.PUBLIC
        and record.page_id is not None
        and record.sharing != Sharing.NONE
    )
