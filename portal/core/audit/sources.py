"""Which events are recorded. Connected once, when the core is ready."""

from typing import Any

from axes.signals import user_locked_out
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_migrate,
    post_save,
    pre_save,
)
from django.dispatch import receiver
from django.http import HttpRequest
from wagtail.models import (
    GroupCollectionPermission,
    GroupPagePermission,
    ModelLogEntry,
    Page,
    PageLogEntry,
)

from portal.core import structure
from portal.core.models import AuditEntry, SiteRecord, User

from . import asking, guards
from .recording import record

Kind, Result = AuditEntry.Kind, AuditEntry.Result
# What of an account is worth an entry; values only where they are no secret.
_TOLD = (
    "username", "is_active", "is_superuser", "email", "first_name", "last_name", "contractor",
    "ends_on",
)  # fmt: skip
_FORMER = "_audit_former"
_TAKEN = "_audit_taken"


# --- sign-in ------------------------------------------------------------------------------------
@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    with asking.within(request):
        record("access.signed_in", Kind.ACCESS, user=user)


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: Any, **_kwargs: Any) -> None:
    if user is not None:
        with asking.within(request):
            record("access.signed_out", Kind.ACCESS, user=user)


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_kw: Any) -> None:
    if request is None:
        return  # a program's own attempt
    name = str(credentials.get("username") or "")
    with asking.within(request):
        record("access.failed", Kind.ACCESS, result=Result.FAILED, user_name=name)


@receiver(user_locked_out)
def _locked_out(request: HttpRequest, username: str | None = None, **_kwargs: Any) -> None:
    with asking.within(request):
        record(
            "access.locked_out", Kind.ACCESS, result=Result.REFUSED, user_name=str(username or "")
        )


# --- accounts and rights ------------------------------------------------------------------------
@receiver(pre_save, sender=User)
def _remember_account(instance: User, update_fields: Any = None, **_kwargs: Any) -> None:
    told = {*_TOLD, "password"}
    if instance.pk is None or (update_fields is not None and not told & set(update_fields)):
        return
    former = User.objects.filter(pk=instance.pk).values(*told).first()
    setattr(instance, _FORMER, former)


@receiver(post_save, sender=User)
def _account_saved(instance: User, created: bool, **_kwargs: Any) -> None:
    if created:
        record("rights.account_made", Kind.RIGHTS, target=instance)
        return
    former = instance.__dict__.pop(_FORMER, None)
    if former is None:
        return
    if former["password"] != instance.password:
        record("rights.password_changed", Kind.RIGHTS, target=instance)
    changed = {
        name: [former[name], getattr(instance, name)]
        for name in _TOLD
        if former[name] != getattr(instance, name)
    }
    if changed:
        record("rights.account_changed", Kind.RIGHTS, target=instance, data={"changed": changed})


@receiver(post_delete, sender=User)
def _account_deleted(instance: User, **_kwargs: Any) -> None:
    record("rights.account_deleted", Kind.RIGHTS, target=instance)


@receiver(m2m_changed, sender=User.groups.through)
def _groups_changed(
    instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_kwargs: Any
) -> None:
    """Whoever is added to a group, or the group to an account: the same event."""
    if action == "pre_clear":
        held = instance.user_set if reverse else instance.groups
        setattr(instance, _TAKEN, set(held.values_list("pk", flat=True)))
        return
    codes = {
        "post_add": "rights.role_given",
        "post_remove": "rights.role_taken",
        "post_clear": "rights.role_taken",
    }
    if action not in codes:
        return
    pks = instance.__dict__.pop(_TAKEN, set()) if action == "post_clear" else pk_set or set()
    others: Any = (User if reverse else Group).objects.filter(pk__in=pks).order_by("pk")
    for other in others:
        user, group = (other, instance) if reverse else (instance, other)
        site = getattr(getattr(group, "site_role", None), "site_id", None)
        record(
            codes[action],
            Kind.RIGHTS,
            target=user,
            site_pk=site,
            data={"group": group.name},
        )


@receiver(m2m_changed, sender=Group.permissions.through)
def _permissions_changed(
    instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_kwargs: Any
) -> None:
    if reverse or action not in ("post_add", "post_remove", "post_clear"):
        return
    record(
        "rights.group_changed",
        Kind.RIGHTS,
        target=instance,
        data={"change": action.removeprefix("post_"), "permissions": sorted(pk_set or ())},
    )


@receiver(post_save, sender=GroupPagePermission)
@receiver(post_save, sender=GroupCollectionPermission)
@receiver(post_delete, sender=GroupPagePermission)
@receiver(post_delete, sender=GroupCollectionPermission)
def _place_permission_changed(
    sender: type[Model], instance: Any, created: bool | None = None, **_kwargs: Any
) -> None:
    """Removal has no ``created``."""
    record(
        "rights.group_changed",
        Kind.RIGHTS,
        target=instance.group,
        data={
            "change": "remove" if created is None else "add",
            "place": getattr(instance, "page_id", None) or getattr(instance, "collection_id", None),
            "of": sender._meta.label_lower,
            "permissions": [instance.permission_id],
        },
    )


# --- content and settings -----------------------------------------------------------------------
@receiver(post_save, sender=PageLogEntry)
def _page_logged(instance: PageLogEntry, created: bool, **_kwargs: Any) -> None:
    if not created or _is_told_already(instance):
        return
    page = Page.objects.filter(pk=instance.page_id).only("pk", "path").first()
    record(
        instance.action,
        Kind.CONTENT,
        user=instance.user,
        object_kind=_kind_of(instance),
        object_pk=instance.page_id,
        object_name=instance.label,
        site_pk=structure.current().site_pk_for(page.path) if page is not None else None,
        data=_facts(instance),
    )


@receiver(post_save, sender=ModelLogEntry)
def _model_logged(instance: ModelLogEntry, created: bool, **_kwargs: Any) -> None:
    if not created:
        return
    model = instance.content_type.model_class() if instance.content_type else None
    if model is User:
        return  # told by the account itself, wherever it was changed
    record(
        instance.action,
        Kind.SETTINGS,
        user=instance.user,
        object_kind=_kind_of(instance),
        object_pk=instance.object_id,
        object_name=instance.label,
        site_pk=_site_of(model, instance.object_id),
        data=_facts(instance),
    )


def _is_told_already(entry: PageLogEntry) -> bool:
    """Saving by itself writes one line a second; they are one piece of work and share a number."""
    return (
        entry.uuid is not None
        and entry.action == "wagtail.edit"
        and PageLogEntry.objects.filter(
            uuid=entry.uuid, action=entry.action, page_id=entry.page_id, pk__lt=entry.pk
        ).exists()
    )


def _kind_of(entry: PageLogEntry | ModelLogEntry) -> str:
    kind = entry.content_type
    return f"{kind.app_label}.{kind.model}" if kind is not None else ""


def _facts(entry: PageLogEntry | ModelLogEntry) -> dict[str, Any]:
    """Names of what changed, never what was written: letters and drafts stay where they are."""
    facts = {
        name: value
        for name, value in (entry.data or {}).items()
        if isinstance(value, (bool, int)) or (isinstance(value, str) and len(value) <= 200)
    }
    return {"log": entry.pk, **facts}


def _site_of(model: type[Model] | None, object_pk: str) -> int | None:
    if model is SiteRecord:
        return int(object_pk)
    if model is None:
        return None
    for field in model._meta.concrete_fields:
        if field.is_relation and field.related_model is SiteRecord:
            found = model._base_manager.filter(pk=object_pk).values_list(field.attname, flat=True)
            site: int | None = found.first()
            return site
    return None


# --- the guards -----------------------------------------------------------------------------------
@receiver(post_migrate, sender=apps.get_app_config("core"))
def _install_guards(using: str, **_kwargs: Any) -> None:
    if using != DEFAULT_DB_ALIAS or not settings.AUDIT_GUARDS:
        return
    # Not there after a migration back to before the log.
    if AuditEntry._meta.db_table in connections[using].introspection.table_names():
        guards.install(connections[using])
