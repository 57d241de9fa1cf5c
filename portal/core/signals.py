"""Receivers for what other apps do to the page tree without saving our pages."""

from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Locale, Page, PageViewRestriction, Revision, Site, WorkflowState
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    pre_page_move,
    workflow_cancelled,
)

from . import addresses, gate, listing, outbox, provisioning, publications, roles, structure
from .models import (
    CalendarDay,
    CalendarYear,
    EditableMessage,
    EmergencyBanner,
    EmergencyText,
    GreyPeriod,
    Organisation,
    PortalDocument,
    PortalImage,
    PortalMedia,
    SiteRecord,
    User,
)
from .reviews import rounds
from .turns import take_turn


@receiver(page_unpublished)
def _unpublished(instance: Page, **_kwargs: Any) -> None:
    gate.withdraw(instance)


@receiver(workflow_cancelled)
def _taken_back(instance: WorkflowState, **_kwargs: Any) -> None:
    rounds.cancelled(instance)


@receiver(post_save, sender=Revision)
def _plan_taken_back(instance: Revision, update_fields: Any = None, **_kwargs: Any) -> None:
    """Somebody has cancelled a planned publication: what was signed for it waits no longer.

    Wagtail clears the times of all versions by other ways when one goes live.
    """
    if "approved_go_live_at" in (update_fields or ()) and instance.approved_go_live_at is None:
        rounds.plan_taken_back(instance)


@receiver(pre_delete, sender=Page)
def _deleted(instance: Page, **_kwargs: Any) -> None:
    take_turn()
    publications.close_publication(instance)
    rounds.page_deleted(instance)
    listing.forget([instance.pk])
    if instance.live:
        original = instance.alias_of_id
        outbox.append(
            "page.deleted",
            publications.item_key(instance),
            {"page": instance.pk, "alias_of": original},
        )


@receiver(post_delete, sender=Page)
def _gone(**_kwargs: Any) -> None:
    structure.touch()


@receiver(post_save)
def _root_translated(sender: type[Any], instance: Any, created: bool, **_kwargs: Any) -> None:
    """A site's home in one more language is another tree: the site's rights must follow it."""
    if not created or getattr(sender, "structure_kind", "") not in ("home", "sub_site"):
        return
    record = (
        SiteRecord.objects.filter(root_page__translation_key=instance.translation_key)
        .exclude(root_page_id=instance.pk)
        .first()
    )
    if record is not None:
        provisioning.provision_site(record)


@receiver(pre_page_move)
def _to_be_moved(
    instance: Page, parent_page_before: Page, parent_page_after: Page, **_kwargs: Any
) -> None:
    if parent_page_before.pk != parent_page_after.pk and addresses.is_taken(
        instance.slug, parent_page_after
    ):
        raise addresses.AddressTaken(instance)


@receiver(post_page_move)
def _moved(instance: Page, url_path_before: str, url_path_after: str, **_kwargs: Any) -> None:
    if url_path_before == url_path_after:  # only the order among siblings has changed
        structure.touch()
        return
    _relocated(instance)


@receiver(page_slug_changed)
def _renamed(instance: Page, **_kwargs: Any) -> None:
    _relocated(instance)


def _relocated(page: Page) -> None:
    with transaction.atomic():
        outbox.append("page.moved", publications.item_key(page), {"page": page.pk})
        structure.touch()
        path = Page.objects.values_list("path", flat=True).get(pk=page.pk)
        publications.follow_move(path, structure.current().site_pk_for)
        listing.resync_subtree(path)


@receiver([post_save, post_delete], sender=PageViewRestriction)
def _restriction_changed(instance: PageViewRestriction, **_kwargs: Any) -> None:
    structure.touch()
    _tell("page.access", f"page:{instance.page_id}", page=instance.page_id)
    # A page that became private must leave the lists at once, one that became public comes back;
    # and with it all that shows it elsewhere.
    path = instance.page.path
    listing.resync_subtree(path)
    for alias in Page.objects.filter(alias_of__path__startswith=path).specific():
        listing.sync(alias)


def _tell(kind: str, key: str, **payload: Any) -> None:
    """Tell the outbox of what may be saved outside a transaction."""
    with transaction.atomic():
        outbox.append(kind, key, payload)


@receiver([post_save, post_delete], sender=SiteRecord)
def _site_changed(instance: SiteRecord, **_kwargs: Any) -> None:
    _tell("site.changed", f"site:{instance.pk}", site=instance.pk)


@receiver([post_save, post_delete], sender=Organisation)
def _unit_changed(instance: Organisation, **_kwargs: Any) -> None:
    _tell("unit.changed", f"unit:{instance.pk}", unit=instance.pk)


@receiver([post_save, post_delete], sender=PortalDocument)
def _document_changed(instance: PortalDocument, **_kwargs: Any) -> None:
    _tell("file.changed", f"file:{instance.pk}", file=instance.pk)


@receiver([post_save, post_delete], sender=PortalImage)
def _image_changed(instance: PortalImage, **_kwargs: Any) -> None:
    _tell("image.changed", f"image:{instance.pk}", image=instance.pk)


@receiver([post_save, post_delete], sender=PortalMedia)
def _media_changed(instance: PortalMedia, **_kwargs: Any) -> None:
    _tell("media.changed", f"media:{instance.pk}", media=instance.pk)


@receiver([post_save, post_delete], sender=Site)
@receiver([post_save, post_delete], sender=Locale)
@receiver([post_save, post_delete], sender=SiteRecord)
@receiver([post_save, post_delete], sender=Organisation)
@receiver([post_save, post_delete], sender=EditableMessage)
@receiver([post_save, post_delete], sender=EmergencyBanner)
@receiver([post_save, post_delete], sender=EmergencyText)
@receiver([post_save, post_delete], sender=GreyPeriod)
@receiver([post_save, post_delete], sender=CalendarYear)
@receiver([post_save, post_delete], sender=CalendarDay)
def _surroundings_changed(**_kwargs: Any) -> None:
    structure.touch()


@receiver([post_save, post_delete], sender=PortalImage)
@receiver([post_save, post_delete], sender=PortalDocument)
@receiver([post_save, post_delete], sender=PortalMedia)
def _file_changed(**_kwargs: Any) -> None:
    """Descriptions, focal points, names and sizes of files stand in texts and lists."""
    structure.touch_content()


@receiver([page_published, page_unpublished])
def _banner_links(instance: Page, **_kwargs: Any) -> None:
    """A banner links to its page only as long as that is public."""
    if EmergencyBanner.objects.filter(page_id=instance.pk).exists():
        structure.touch()


@receiver(m2m_changed, sender=User.groups.through)
def _groups_changed(
    action: str, instance: Any, pk_set: set[int] | None, reverse: bool, **_kwargs: Any
) -> None:
    if not reverse:
        roles.forget_groups(instance)
    if action != "pre_add" or not pk_set:
        return
    if not reverse:
        roles.refuse_conflicting_roles(instance, pk_set)
        return
    for user in User.objects.filter(pk__in=pk_set):  # ``group.user_set.add(user)``
        roles.refuse_conflicting_roles(user, {instance.pk})
