"""Rights on pages: Wagtail's, which flow down the tree, but ending where another site begins.

Sub-sites lie below the portal's home. Without this, an editor of the portal would be an editor of
every sub-site. Groups of the platform's roles, and groups made by hand, keep Wagtail's
meaning: the whole subtree.

Who may only add (information officers, partners) sees the columns and the own pages.

Translators, language reviewers and partners work where a plugin says (registry ``page_limits``):
in certain columns of certain languages.
"""

import copy
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from wagtail.models import GroupPagePermission, Page, PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import register_permission_policy

from . import extension_points, roles, structure
from .models import User

ALL_ACTIONS = frozenset({"add", "change", "publish", "lock", "unlock", "bulk_delete"})
# What holds where a plugin that limits fails.
_NOWHERE: Collection[str] | None = ()


def covers(right: GroupPagePermission, path: str) -> bool:
    """Whether a right that the policy handed out reaches the page at a treebeard path."""
    reaches: bool = path.startswith(right.page.path) and not path.startswith(right.other_sites)
    return reaches


def _area(right: GroupPagePermission) -> Q:
    wanted = Q(path__startswith=right.page.path)
    for path in right.other_sites:
        wanted &= ~Q(path__startswith=path)
    return wanted


def _action(right: GroupPagePermission) -> str:
    name: str = right.permission.codename
    return name.removesuffix("_page")


def _site_roots() -> list[structure.Node]:
    found = structure.current()
    languages = [code for code, _label in settings.LANGUAGES]
    roots = (found.site_root(pk, code) for pk in found.records for code in languages)
    return [root for root in roots if root is not None]


class _Limits:
    """To which places the roles of an account are limited; each asked once."""

    def __init__(self, user: User | AnonymousUser) -> None:
        self.user = user
        self._known: dict[tuple[int, int], list[Page] | None] = {}

    def places(self, site_pk: int, root: Page) -> list[Page] | None:
        """The pages at and below which a right on a root holds; None: the root itself."""
        key = (site_pk, root.pk)
        if key not in self._known:
            self._known[key] = self._ask(site_pk, root)
        return self._known[key]

    def _ask(self, site_pk: int, root: Page) -> list[Page] | None:
        node = structure.current().nodes.get(root.pk)
        language = node.language if node is not None else settings.LANGUAGE_CODE
        paths: set[str] = set()
        asked = False
        for entry in extension_points.page_limits.entries(site_pk):
            given = entry.run(
                lambda limits: limits.paths(user=self.user, site=site_pk, language=language),
                _NOWHERE,
            )
            asked = asked or given is not None
            paths.update(given or ())
        if not asked and language == settings.LANGUAGE_CODE:
            return None
        inside = [path for path in paths if path.startswith(root.path)]
        return list(Page.objects.filter(path__in=inside)) if inside else []


def _containers() -> list[type[Model]]:
    return [model for model in apps.get_models() if getattr(model, "is_container", False)]


class SitePagePolicy(PagePermissionPolicy):
    """Wagtail's policy, asked everywhere in the admin, with the limits said above."""

    def get_all_permissions_for_user(self, user: User | AnonymousUser) -> list[GroupPagePermission]:
        """The rights of an account, each with the paths (``other_sites``) that it leaves out."""
        rows = super().get_all_permissions_for_user(user)
        rights = list(rows.select_related("page", "permission", "group__site_role"))
        roots = _site_roots() if rights else []
        for right in rights:
            held_at = getattr(right.group, "site_role", None)
            right.other_sites = tuple(
                root.path
                for root in roots
                if held_at is not None
                and root.site_pk != held_at.site_id
                and root.path.startswith(right.page.path)
            )
        return self._within_limits(user, rights)

    def _within_limits(
        self, user: User | AnonymousUser, rights: list[GroupPagePermission]
    ) -> list[GroupPagePermission]:
        """Rights of limited roles, each replaced by one for every place to which it is limited."""
        found, limits = [], _Limits(user)
        for right in rights:
            held_at = getattr(right.group, "site_role", None)
            if held_at is None or held_at.role not in roles.LIMITED_ROLES:
                found.append(right)
                continue
            places = limits.places(held_at.site_id, right.page)
            if places is None:
                found.append(right)
                continue
            for place in places:
                narrowed = copy.copy(right)
                narrowed.page = place
                found.append(narrowed)
        return found

    def rights_on(self, user: User, path: str) -> set[str]:
        """The names of the actions ("change") that an account's groups allow at a path."""
        rights = self.get_cached_permissions_for_user(user)
        return {_action(right) for right in rights if covers(right, path)}

    def user_has_any_permission_for_instance(
        self, user: User, actions: Iterable[str], instance: Page
    ) -> bool:
        everything = self._base_user_has_permission(user)
        if everything is not None:
            return bool(everything)
        held = self.rights_on(user, instance.path)
        if "add" in held and instance.owner_id == user.pk:
            held.add("change")
        return bool(held.intersection(actions))

    def instances_user_has_any_permission_for(
        self, user: User, actions: Iterable[str]
    ) -> QuerySet[Page]:
        everything: QuerySet[Page] | None = self._base_queryset_for_user(user)
        if everything is not None:
            return everything
        wanted = Q(pk__in=[])
        for area, held in self._areas(user):
            if held.intersection(actions):
                wanted |= area
            elif "add" in held and "change" in actions:
                wanted |= area & Q(owner=user)
        return self._pages(wanted)

    def explorable_root_instance(self, user: User) -> Page | None:
        """Wagtail's answer; without its query where one of the own pages is above all others."""
        name = self._explorable_root_instance_cache_name
        if not hasattr(user, name):
            # Wagtail looks for the root by its depth, which is in no index: a walk over all pages.
            pages: list[Page] = (
                list(Page.objects.order_by("path")[:1])
                if user.is_superuser
                else list(self.instances_with_direct_explore_permission(user))
            )
            for page in pages:
                if all(other.path.startswith(page.path) for other in pages):
                    setattr(user, name, page)
                    break
        found: Page | None = super().explorable_root_instance(user)
        return found

    def explorable_instances(self, user: User) -> QuerySet[Page]:
        everything: QuerySet[Page] | None = self._base_queryset_for_user(user)
        if everything is not None:
            return everything
        top: Page | None = self.explorable_root_instance(user)
        wanted = Q(pk__in=[])
        for right in self.get_cached_permissions_for_user(user):
            wanted |= Q(path__in=ancestor_paths(right.page.path))
        if top is not None:
            wanted &= Q(path__startswith=top.path)
        return self._pages(wanted | self._inside(user))

    def choosable(self, user: User) -> Q | None:
        """What an account may link to: what it may open, and what is public in its own sites.

        None stands for every page.
        """
        if user.is_superuser:
            return None
        wanted = self._inside(user)
        for area, _held in self._areas(user):
            wanted |= area & Q(live=True)
        for right in self.get_cached_permissions_for_user(user):
            if right.page.depth == 1:
                return None
            wanted |= Q(path__in=ancestor_paths(right.page.path), depth__gt=1)
        return wanted

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Page, include_superusers: bool = True
    ) -> QuerySet[User]:
        found: QuerySet[User] = super().users_with_any_permission_for_instance(
            actions, instance, include_superusers
        )
        may = [
            user.pk
            for user in found
            if self.user_has_any_permission_for_instance(user, actions, instance)
        ]
        return found.filter(pk__in=may)

    # --- parts -----------------------------------------------------------------------------------
    def _areas(self, user: User) -> Iterator[tuple[Q, set[str]]]:
        """The subtrees of an account's rights, each once, with the actions that it allows."""
        areas: dict[tuple[str, tuple[str, ...]], tuple[Q, set[str]]] = {}
        for right in self.get_cached_permissions_for_user(user):
            key = (right.page.path, right.other_sites)
            if key not in areas:
                areas[key] = (_area(right), set())
            areas[key][1].add(_action(right))
        yield from areas.values()

    def _inside(self, user: User) -> Q:
        """What an account may open. Who may only add: the columns and the own pages."""
        wanted = Q(pk__in=[])
        for area, held in self._areas(user):
            if held.intersection(ALL_ACTIONS - {"add"}):
                wanted |= area
            elif held:
                wanted |= area & (Q(owner=user) | Q(content_type__in=self._container_types))
        return wanted

    @cached_property
    def _container_types(self) -> list[int]:
        from django.contrib.contenttypes.models import ContentType

        return [kind.pk for kind in ContentType.objects.get_for_models(*_containers()).values()]

    def _pages(self, wanted: Q) -> QuerySet[Page]:
        pages: QuerySet[Page] = self.model._default_manager.filter(wanted)
        return pages


def ancestor_paths(path: str) -> list[str]:
    return [path[:length] for length in range(structure.STEPLEN, len(path), structure.STEPLEN)]


class SitePagePermissionTester(PagePermissionTester):
    """What somebody may do with one page. Homes of sites stay where they are, for everybody."""

    def __init__(self, user: User, page: Page) -> None:
        super().__init__(user, page)
        if user.is_active and not user.is_superuser:
            self.permissions = page_policy.rights_on(user, page.path)

    @cached_property
    def _holds_a_site(self) -> bool:
        found = structure.current()
        roots = (found.nodes.get(record.root_page_id) for record in found.records.values())
        return any(root is not None and root.path.startswith(self.page.path) for root in roots)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Wagtail's answer, which is asked for each row of a list, mostly without its query.

        It looks below the page for what is public or another's; nothing is below an article, and a
        page that is itself public needs no search.
        """
        if self._holds_a_site:
            return False
        if self.user.is_active and not self.user.is_superuser and not self.page_is_root:
            if self.page.live and "publish" not in self.permissions:
                return False
            if self.page.is_leaf():
                own = "add" in self.permissions and self.page.owner_id == self.user.pk
                return own or "change" in self.permissions
        return bool(super().can_delete(ignore_bulk))

    def can_copy(self) -> bool:
        return bool(super().can_copy()) and not self._holds_a_site


page_policy = SitePagePolicy("wagtailcore.Page")
register_permission_policy(Page, page_policy)
