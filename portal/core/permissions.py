"""Rights on things that belong to one site: units, messages, site records; and the own pages.

The right itself comes from a group (Django's permission); which things it covers comes from the
sites at which the account holds a role with the action (``core.roles``).
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy

from . import modes, roles, structure
from .page_rights import page_policy
from .roles import Action


class SiteScopedPolicy(ModelPermissionPolicy):
    """A permission policy for models with a site.

    ``site_field`` names the foreign key (or ``pk`` for the site record itself). Instances without
    a site belong to the platform: only roles that cover all sites may change them.
    """

    def __init__(self, model: type[Model] | str, action: Action, site_field: str = "site_id"):
        super().__init__(model)
        self.action = action
        self.site_field = site_field

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not self.user_has_permission(user, action):
            return False
        site_pk = getattr(instance, self.site_field)
        return roles.may(user, self.action, site_pk)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        return any(
            self.user_has_permission_for_instance(user, action, instance) for action in actions
        )

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        objects: QuerySet[Any] = self.model._default_manager.all()
        if not self.user_has_any_permission(user, actions):
            return objects.none()
        sites = roles.sites_allowing(user, self.action)
        if sites is None:
            return objects
        return objects.filter(**{f"{self.site_field}__in": sites})


class RolePolicy(SiteScopedPolicy):
    """For tables of plugins: the role table alone decides, no permission of Django's is needed.

    ``view`` is whatever other actions are; give the model ``default_permissions = ()``.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        sites = roles.sites_allowing(user, self.action)
        return sites is None or bool(sites)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return self.user_has_permission(user, "change")


class PlatformRolePolicy(ModelPermissionPolicy):
    """For tables of plugins that all sites share: only roles that cover all of them."""

    def __init__(self, model: type[Model] | str, action: Action):
        super().__init__(model)
        self.action = action

    def user_has_permission(self, user: Any, action: str) -> bool:
        return roles.may(user, self.action, None)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return self.user_has_permission(user, "change")


class ModePolicy(SiteScopedPolicy):
    """For modes of sites: who changes one must administer every site that it covers."""

    def __init__(self, model: type[Model] | str) -> None:
        super().__init__(model, Action.SITE_MODES)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not self.user_has_permission(user, action):
            return False
        allowed = roles.sites_allowing(user, self.action)
        if allowed is None:
            return True
        reach = modes.covered(instance, modes.parents_of_sites())
        return reach is not None and reach <= allowed

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        found = super().instances_user_has_any_permission_for(user, actions)
        allowed = roles.sites_allowing(user, self.action)
        if allowed is None:
            return found
        parents = modes.parents_of_sites()
        whole = [pk for pk in allowed if modes.with_descendants(pk, parents) <= allowed]
        return found.filter(Q(with_sub_sites=False) | Q(site__in=whole))


class PlatformPolicy(ModelPermissionPolicy):
    """A permission policy for what all sites share: only roles that cover all of them."""

    def __init__(self, model: type[Model] | str, action: Action):
        super().__init__(model)
        self.action = action

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(super().user_has_permission(user, action)) and roles.may(
            user, self.action, None
        )


def can_switch_plugins(user: Any, site_pk: int | None) -> bool:
    """The rule of ``PORTAL_PLUGIN_SWITCH_RULE``: own sites only; the platform for its roles."""
    return roles.may(user, Action.PLUGINS, site_pk)


def own_tree(user: Any) -> Q | None:
    """The pages an account may see in choosers: its own, and the way down to them.

    None stands for all of them.
    """
    return page_policy.choosable(user)


def may_open(user: Any, page_pk: int) -> bool:
    """Whether a page of the admin about a page may be shown; yes where there is no such page."""
    wanted = own_tree(user)
    if wanted is None or Page.objects.filter(wanted, pk=page_pk).exists():
        return True
    page = Page.objects.filter(pk=page_pk).first()
    # A step of a review may be given to a group without any right on the pages.
    return page is None or bool(page.permissions_for_user(user).can_edit())


def own_pages(user: Any) -> QuerySet[Page]:
    """The pages that an account may work on (nothing for accounts without pages)."""
    pages: QuerySet[Page] = page_policy.instances_user_has_any_permission_for(
        user, {"change", "publish", "lock"}
    )
    return pages


def pages_to_add_below(user: Any) -> QuerySet[Page]:
    """The pages below which an account may write new ones."""
    pages: QuerySet[Page] = page_policy.instances_user_has_any_permission_for(user, {"add"})
    return pages


def first_site_allowing(user: Any, action: Action) -> int | None:
    """Where a menu entry for all own sites begins: the portal first, then sub-sites by code."""
    sites = roles.sites_allowing(user, action)
    records = structure.current().records.values()
    found = [record for record in records if sites is None or record.pk in sites]
    return min(found, key=lambda record: (record.kind, record.code)).pk if found else None
