"""Who may do what: the one table. Groups, permissions and the permission tests are made from it.

Two scopes: a *platform* role is held once for the whole installation; a *site* role is held at one
site and means that site's Chinese pages, images, documents and settings only. What it means in the
site's trees of other languages is a table of its own (``FOREIGN_ROOT_ACTIONS``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class Action(StrEnum):
    """What can be allowed or not. The value names the test that proves it."""

    ADMIN_ACCESS = "admin_access"
    PAGE_ADD = "page_add"
    PAGE_CHANGE = "page_change"
    PAGE_PUBLISH = "page_publish"
    PAGE_LOCK = "page_lock"
    IMAGE_ADD = "image_add"
    IMAGE_CHANGE = "image_change"
    IMAGE_CHOOSE = "image_choose"
    DOCUMENT_ADD = "document_add"
    DOCUMENT_CHANGE = "document_change"
    DOCUMENT_CHOOSE = "document_choose"
    MEDIA_ADD = "media_add"
    MEDIA_CHANGE = "media_change"
    MEDIA_CHOOSE = "media_choose"
    SITE_SETTINGS = "site_settings"
    SITE_MODES = "site_modes"
    ORGANISATIONS = "organisations"
    MESSAGES = "messages"
    MEMBERS = "members"
    PLUGINS = "plugins"
    WORKFLOWS = "workflows"
    USERS = "users"
    SUB_SITES = "sub_sites"
    EMBED_HOSTS = "embed_hosts"
    PUBLICATION_RECORD = "publication_record"
    AUDIT_LOG = "audit_log"
    CALENDAR = "calendar"
    REVIEW_ROUTES = "review_routes"
    LETTERS_DESK = "letters_desk"
    LETTERS_HANDLE = "letters_handle"
    LETTERS_REVIEW = "letters_review"
    LETTERS_RELEASE = "letters_release"
    LETTERS_TRANSLATE = "letters_translate"
    COMMENTS = "comments"


class Scope(StrEnum):
    PLATFORM = "platform"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Role:
    """One role: its key is stored, its label is shown."""

    key: str
    label: object
    scope: Scope
    actions: frozenset[Action]
    help_text: object = ""
    exclusive: bool = False


_A = Action
_LOOK = {_A.ADMIN_ACCESS}
_CHOOSE = {_A.IMAGE_CHOOSE, _A.DOCUMENT_CHOOSE, _A.MEDIA_CHOOSE}
_MEDIA = _CHOOSE | {_A.IMAGE_ADD, _A.DOCUMENT_ADD, _A.MEDIA_ADD}
_WRITE = _LOOK | _MEDIA | {_A.PAGE_ADD, _A.PAGE_CHANGE}
_SITE_ADMIN = (
    _WRITE
    | {_A.PAGE_PUBLISH, _A.PAGE_LOCK, _A.IMAGE_CHANGE, _A.DOCUMENT_CHANGE}
    | {_A.MEDIA_CHANGE}
    | {_A.SITE_SETTINGS, _A.SITE_MODES, _A.ORGANISATIONS, _A.MESSAGES, _A.MEMBERS, _A.PLUGINS}
    | {_A.PUBLICATION_RECORD, _A.REVIEW_ROUTES}
)
# Letters hold personal data: whoever runs the platform does not read them.
_LETTERS = {_A.LETTERS_DESK, _A.LETTERS_HANDLE, _A.LETTERS_REVIEW, _A.LETTERS_RELEASE, _A.COMMENTS}
# Of those in the languages of the own team only, without the name of who wrote.
_TRANSLATES = {_A.LETTERS_TRANSLATE}


def _role(
    key: str,
    label: object,
    scope: Scope,
    actions: Iterable[Action],
    help_text: object = "",
    *,
    exclusive: bool = False,
) -> Role:
    return Role(key, label, scope, frozenset(actions), help_text, exclusive)


_ROLES = (
    _role(
        "platform_admin",
        _("Platform administrator"),
        Scope.PLATFORM,
        _SITE_ADMIN | {_A.WORKFLOWS, _A.SUB_SITES, _A.EMBED_HOSTS, _A.CALENDAR},
        _("Runs the platform: sites, plugins, workflows. Does not manage accounts."),
        exclusive=True,
    ),
    _role(
        "security_admin",
        _("Security administrator"),
        Scope.PLATFORM,
        _LOOK | {_A.USERS},
        _("Manages accounts and groups. Does not touch content."),
        exclusive=True,
    ),
    _role(
        "audit_admin",
        _("Audit administrator"),
        Scope.PLATFORM,
        _LOOK | {_A.PUBLICATION_RECORD, _A.AUDIT_LOG},
        _("Reads the records of all sites. Changes nothing."),
        exclusive=True,
    ),
    _role(
        "site_admin",
        _("Site administrator"),
        Scope.SITE,
        _SITE_ADMIN | _LETTERS | {_A.AUDIT_LOG},
        _("Runs one site: columns, members, settings, plugins, letters."),
    ),
    _role("editor", _("Editor"), Scope.SITE, _WRITE, _("Writes and submits.")),
    _role(
        "first_checker",
        _("First checker"),
        Scope.SITE,
        _LOOK | _CHOOSE | {_A.PAGE_CHANGE},
        _("First of the three reviews."),
    ),
    _role(
        "reviewer",
        _("Reviewer"),
        Scope.SITE,
        _LOOK | _CHOOSE | {_A.PAGE_CHANGE},
        _("Second of the three reviews."),
    ),
    _role(
        "releaser",
        _("Releaser"),
        Scope.SITE,
        _LOOK | _CHOOSE | {_A.PAGE_CHANGE, _A.PAGE_PUBLISH, _A.PAGE_LOCK},
        _("Third review: releases to the public and withdraws."),
    ),
    _role(
        "secrecy_reviewer",
        _("Secrecy reviewer"),
        Scope.SITE,
        _LOOK | {_A.PUBLICATION_RECORD},
        _("Checks that nothing secret becomes public."),
    ),
    _role(
        "information_officer",
        _("Information officer"),
        Scope.SITE,
        _LOOK | _MEDIA | {_A.PAGE_ADD},
        _("Submits contributions; sees and changes only the own ones."),
    ),
    _role(
        "translator",
        _("Translator"),
        Scope.SITE,
        _LOOK | _CHOOSE | _TRANSLATES,
        _("Works in the foreign-language sections of the site; translates letters."),
    ),
    _role(
        "language_reviewer",
        _("Language reviewer"),
        Scope.SITE,
        _LOOK | _CHOOSE | _TRANSLATES,
        _("Approves translations in the foreign-language sections; translates letters."),
    ),
    _role(
        "partner",
        _("Outside partner"),
        Scope.SITE,
        _LOOK | {_A.PAGE_ADD, _A.IMAGE_ADD, _A.IMAGE_CHOOSE},
        _("Drafts for the site under contract; never publishes."),
    ),
    _role(
        "auditor",
        _("Auditor"),
        Scope.SITE,
        _LOOK | {_A.PUBLICATION_RECORD},
        _("Reads the site's records. Changes nothing."),
    ),
    _role(
        "letters_clerk",
        _("Letters desk"),
        Scope.SITE,
        _LOOK | {_A.LETTERS_DESK, _A.COMMENTS},
        _("Accepts letters, assigns them to units, publishes results; looks at comments."),
    ),
    _role(
        "letters_handler",
        _("Letters: handler"),
        Scope.SITE,
        _LOOK | _CHOOSE | {_A.LETTERS_HANDLE},
        _("Handles the letters of the own unit and drafts replies."),
    ),
    _role(
        "letters_reviewer",
        _("Letters: head of a unit"),
        Scope.SITE,
        _LOOK | {_A.LETTERS_REVIEW},
        _("Approves the replies of the own unit or sends them back."),
    ),
    _role(
        "letters_releaser",
        _("Letters: releaser"),
        Scope.SITE,
        _LOOK | {_A.LETTERS_RELEASE},
        _("Releases approved replies, never the own ones; decides what is not published."),
    ),
)
ROLES: dict[str, Role] = {role.key: role for role in _ROLES}
SITE_ROLES = tuple(role for role in _ROLES if role.scope is Scope.SITE)
PLATFORM_ROLES = tuple(role for role in _ROLES if role.scope is Scope.PLATFORM)
# What site roles may do with pages in foreign-language roots; a role that is not here: nothing.
# Who writes and releases the Chinese pages has no part in the languages without a place in a team.
FOREIGN_ROOT_ACTIONS: dict[str, frozenset[Action]] = {
    "site_admin": frozenset({_A.PAGE_ADD, _A.PAGE_CHANGE, _A.PAGE_PUBLISH, _A.PAGE_LOCK}),
    "translator": frozenset({_A.PAGE_ADD, _A.PAGE_CHANGE}),
    "language_reviewer": frozenset({_A.PAGE_CHANGE, _A.PAGE_PUBLISH}),
    "partner": frozenset({_A.PAGE_ADD}),
}

# Roles that hold in a foreign language only where a plugin says (registry ``page_limits``).
LIMITED_ROLES = frozenset({"translator", "language_reviewer", "partner"})

# Wagtail's and Django's codenames behind the actions.
PAGE_PERMISSIONS: dict[Action, tuple[str, ...]] = {
    _A.PAGE_ADD: ("add_page",),
    _A.PAGE_CHANGE: ("change_page",),
    _A.PAGE_PUBLISH: ("publish_page",),
    _A.PAGE_LOCK: ("lock_page", "unlock_page"),
}
# Wagtail's policies ask for the permissions of its own models, whatever model is in use.
COLLECTION_PERMISSIONS: dict[Action, tuple[str, str]] = {
    _A.IMAGE_ADD: ("wagtailimages", "add_image"),
    _A.IMAGE_CHANGE: ("wagtailimages", "change_image"),
    _A.IMAGE_CHOOSE: ("wagtailimages", "choose_image"),
    _A.DOCUMENT_ADD: ("wagtaildocs", "add_document"),
    _A.DOCUMENT_CHANGE: ("wagtaildocs", "change_document"),
    _A.DOCUMENT_CHOOSE: ("wagtaildocs", "choose_document"),
    _A.MEDIA_ADD: ("wagtailmedia", "add_media"),
    _A.MEDIA_CHANGE: ("wagtailmedia", "change_media"),
    _A.MEDIA_CHOOSE: ("wagtailmedia", "choose_media"),
}
MODEL_PERMISSIONS: dict[Action, tuple[tuple[str, str], ...]] = {
    _A.ADMIN_ACCESS: (("wagtailadmin", "access_admin"),),
    _A.SITE_SETTINGS: (("core", "change_siterecord"),),
    # Nothing is deleted: what stood on a site is on record.
    _A.SITE_MODES: (
        ("core", "add_emergencybanner"),
        ("core", "change_emergencybanner"),
        ("core", "add_greyperiod"),
        ("core", "change_greyperiod"),
    ),
    _A.ORGANISATIONS: (
        ("core", "add_organisation"),
        ("core", "change_organisation"),
        ("core", "delete_organisation"),
    ),
    _A.MESSAGES: (
        ("core", "add_editablemessage"),
        ("core", "change_editablemessage"),
        ("core", "delete_editablemessage"),
    ),
    _A.PLUGINS: (("plugins", "change_pluginswitch"),),
    _A.WORKFLOWS: (
        ("wagtailcore", "add_workflow"),
        ("wagtailcore", "change_workflow"),
        ("wagtailcore", "delete_workflow"),
        ("wagtailcore", "add_task"),
        ("wagtailcore", "change_task"),
        ("wagtailcore", "delete_task"),
    ),
    _A.USERS: (
        ("core", "add_user"),
        ("core", "change_user"),
        ("core", "delete_user"),
        ("auth", "add_group"),
        ("auth", "change_group"),
    ),
    _A.SUB_SITES: (("core", "add_siterecord"),),
    _A.EMBED_HOSTS: (
        ("core", "add_embedhost"),
        ("core", "change_embedhost"),
        ("core", "delete_embedhost"),
    ),
    _A.CALENDAR: (
        ("core", "add_calendaryear"),
        ("core", "change_calendaryear"),
        ("core", "delete_calendaryear"),
        ("core", "add_calendarday"),
        ("core", "change_calendarday"),
        ("core", "delete_calendarday"),
    ),
    _A.MEMBERS: (("core", "manage_members"),),
    _A.REVIEW_ROUTES: (("core", "settle_reviewers"),),
    _A.PUBLICATION_RECORD: (("core", "view_publication"),),
    _A.AUDIT_LOG: (("core", "view_auditentry"),),
}
# Decided by the table alone (``may``, ``sites_allowing``): the rows they are about belong to
# plugins, and no screen of Wagtail's own asks for a permission on them.
OF_PLUGINS = frozenset(_LETTERS | _TRANSLATES)


def platform_group_name(role: Role) -> str:
    """Names are stored, so they are not translated: English, as Django's own groups."""
    return f"platform: {role.key}"


def site_group_name(site_short_name: str, role: Role) -> str:
    return f"{site_short_name} · {role.label}"


def exclusive_roles_of(group_pks: Iterable[int]) -> set[str]:
    names = {platform_group_name(role): role.key for role in PLATFORM_ROLES if role.exclusive}
    held = Group.objects.filter(pk__in=list(group_pks), name__in=names)
    return {names[name] for name in held.values_list("name", flat=True)}


def comes_from_the_table(group: Group) -> bool:
    """Whether a group stands for a role: its rights are made from the table, not by hand."""
    names = {platform_group_name(role) for role in PLATFORM_ROLES}
    return group.name in names or hasattr(group, "site_role")


def refuse_conflicting_roles(user: object, added_group_pks: set[int]) -> None:
    """No account is two of platform, security and audit administrator.

    Raises:
        ValidationError: the added groups would make it so.
    """
    now: set[int] = set(user.groups.values_list("pk", flat=True))  # type: ignore[attr-defined]
    refuse_exclusive_roles(now | added_group_pks)


def refuse_exclusive_roles(group_pks: set[int]) -> None:
    """As above, for all groups that an account is to have."""
    if len(exclusive_roles_of(group_pks)) > 1:
        raise ValidationError(
            _("One account cannot be two of platform, security and audit administrator.")
        )


_GROUPS = "_portal_groups"


def sites_allowing(user: object, action: Action) -> set[int] | None:
    """The sites (SiteRecord pks) at which an account may do something; None means all of them."""
    if not getattr(user, "is_active", False):
        return set()
    if getattr(user, "is_superuser", False):
        return None
    names = {platform_group_name(role) for role in PLATFORM_ROLES if action in role.actions}
    site_keys = {role.key for role in SITE_ROLES if action in role.actions}
    held = _groups_of(user)
    if any(name in names for name, _role_key, _site in held):
        return None
    return {site for _name, role_key, site in held if role_key in site_keys and site is not None}


def forget_groups(user: object) -> None:
    """Have an account's groups read again: they have changed."""
    user.__dict__.pop(_GROUPS, None)


def _groups_of(user: object) -> list[tuple[str, str | None, int | None]]:
    """An account's groups as (name, role, site), read once for a request.

    Kept on the object as Django keeps its permissions: the menu alone asks seven times.
    """
    held: list[tuple[str, str | None, int | None]] | None = user.__dict__.get(_GROUPS)
    if held is None:
        rows = user.groups.values_list(  # type: ignore[attr-defined]
            "name", "site_role__role", "site_role__site_id"
        )
        held = user.__dict__[_GROUPS] = list(rows)
    return held


def may(user: object, action: Action, site_pk: int | None) -> bool:
    """Whether an account may do something at a site (None: at the platform)."""
    allowed = sites_allowing(user, action)
    return allowed is None or (site_pk is not None and site_pk in allowed)
