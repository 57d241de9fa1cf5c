"""Putting a page's row right from its live version, where that is what the log says."""

from django.db import transaction
from wagtail.models import Page, Revision

from portal.evidence.leaves import digest_of
from portal.evidence.sources.pages import PageRows, Versions
from portal.plugin_api import touch_content, touch_structure

from .sealing import differing, short, states_of


def _is_intact(revision_pk: int) -> bool:
    state = states_of("revision", [revision_pk]).get(revision_pk)
    items = list(Versions().present([revision_pk]))
    return bool(state and items) and digest_of(items[0].fields) == state.digest  # type: ignore[union-attr]


@transaction.atomic
def repair_page(pk: int) -> bool:
    """Write back the columns that differ; whether the page is as the log says now.

    Nothing is written where that would not make it right: the version may have been changed too.
    """
    state = states_of("page", [pk]).get(pk)
    item = next(iter(PageRows().present([pk])), None)
    if state is None or item is None or not state.fields:
        return False
    if digest_of(item.fields) == state.digest:
        return True
    page = Page.objects.filter(pk=pk).first()
    if page is None or page.live_revision_id is None or not _is_intact(page.live_revision_id):
        return False
    version = Revision.objects.get(pk=page.live_revision_id).as_object()
    columns = {field.attname for field in version._meta.concrete_fields}
    wanted = differing(state.fields, short(dict(item.fields))) & columns
    if not wanted:
        return False
    with transaction.atomic():
        rows = type(version)._base_manager.filter(pk=pk)
        rows.update(**{name: getattr(version, name) for name in wanted})
        again = next(iter(PageRows().present([pk])), None)
        is_right = again is not None and digest_of(again.fields) == state.digest
        if not is_right:
            transaction.set_rollback(True)
    if is_right:
        touch_content()
        touch_structure()
    return is_right
