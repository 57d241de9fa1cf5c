"""What authors of plugins need for their tests, and nothing that production imports.

    class LettersContractTest(PluginContract):
        slug = "letters"

``PluginContract`` holds for every plugin: ours and third parties'. Its messages say in words what
is wrong. The helpers switch plugins without touching the database and inject faults.
"""

# ruff: noqa: PT009, PT027 - third parties run these test cases without pytest too

import ast
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL
from django.db.migrations.state import ProjectState
from django.http import Http404
from django.template.loader import get_template
from django.test import RequestFactory, TestCase, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override
from wagtail import hooks as wagtail_hooks
from wagtail.admin.menu import admin_menu, help_menu, reports_menu, settings_menu
from wagtail.models import Page, Site

from portal.core import structure
from portal.core.models import SiteRecord
from portal.core.provisioning import create_site, provision_platform
from portal.pages.models import PortalHomePage
from portal.plugins import registry, switches
from portal.plugins.breaker import breaker
from portal.plugins.config import PortalPluginConfig
from portal.plugins.discovery import discover
from portal.plugins.hooks import GUARDED, guarded_hooks, raw_hooks
from portal.plugins.incidents import incident_log
from portal.plugins.jobs import scheduled_jobs
from portal.plugins.metadata import Level, Metadata
from portal.plugins.points import catalogue
from portal.plugins.sites import SiteLike, site_pk
from portal.plugins.slots import Slot

__all__ = [
    "InjectedFault",
    "PluginContract",
    "PortalTestCase",
    "disable_plugin",
    "enable_plugin",
    "make_site",
    "production_behaviour",
    "raise_everywhere",
    "reset_plugin_state",
]


class InjectedFault(Exception):
    """Raised in place of a plugin's code by ``raise_everywhere``."""


# --- helpers --------------------------------------------------------------------------------------
@contextmanager
def enable_plugin(slug: str, site: SiteLike = None) -> Iterator[None]:
    """Switch a plugin, and what it requires, on for the length of a test.

    Args:
        site: where; without one, on every site that exists now.
    """
    rows: dict[tuple[str, int | None], bool] = {}
    for name in _with_requirements(slug):
        rows |= _rows(name, site, True)
    with switches.override(rows), _fresh_fragments():
        yield


@contextmanager
def disable_plugin(slug: str, site: SiteLike = None) -> Iterator[None]:
    """Switch a plugin off for the length of a test; without a site, everywhere."""
    with switches.override(_rows(slug, site, False)), _fresh_fragments():
        yield


@contextmanager
def production_behaviour() -> Iterator[None]:
    """Skip failing plugins as in production, where tests let their exceptions through."""
    reset_plugin_state()
    try:
        with override_settings(PORTAL_PLUGIN_ERRORS_RAISE=False):
            yield
    finally:
        reset_plugin_state()


@contextmanager
def raise_everywhere(slug: str) -> Iterator[set[str]]:
    """Let every piece of a plugin's code raise ``InjectedFault``, as production would meet it.

    Yields the set of extension points at which it did, filled as they are reached. What a process
    registers once (addresses, menus) is registered before, or it would be lost to later tests.
    """
    reached: set[str] = set()
    _register_once()

    def fault(plugin: str, point: str) -> None:
        if plugin == slug:
            reached.add(point)
            raise InjectedFault(f"{plugin} at {point}")

    with production_behaviour(), breaker.faults(fault), _fresh_fragments():
        yield reached


def _register_once() -> None:
    _ = get_resolver().url_patterns
    for menu in (admin_menu, settings_menu, reports_menu, help_menu):
        _ = menu.registered_menu_items


def reset_plugin_state() -> None:
    """Forget what this process remembers of switches, failures and incidents.

    Between tests: a rolled-back transaction leaves no trace in the database, but does in memory.
    """
    breaker.reset()
    incident_log.reset()
    switches.invalidate()


def make_site(**identity: Any) -> SiteRecord:
    """Return a minimal portal: a public home page and its site record, ready to be requested."""
    found = SiteRecord.objects.filter(kind=SiteRecord.Kind.PORTAL).first()
    if found is not None and not identity:
        return found
    provision_platform()
    tree = Page.get_first_root_node()
    home: Page = tree.add_child(
        instance=PortalHomePage(title="Contract City", slug="contract-city", live=True)
    )
    Site.objects.filter(is_default_site=True).update(is_default_site=False)
    return create_site(
        root_page=home,
        kind=SiteRecord.Kind.PORTAL,
        hostname="testserver",
        is_default=True,
        **({"code": "contract", "name": "Contract City", "short_name": "Contract"} | identity),
    )


def _rows(slug: str, site: SiteLike, on: bool) -> dict[tuple[str, int | None], bool]:
    plugin = registry.installed().get(slug)
    if plugin is None:
        raise LookupError(f"The plugin {slug!r} is not installed")
    if plugin.level is Level.PLATFORM:
        return {(slug, None): on}
    if site is not None:
        return {(slug, site_pk(site)): on} | ({(slug, None): True} if on else {})
    places = SiteRecord.objects.values_list("pk", flat=True) if on else []
    return {(slug, None): on} | {(slug, pk): on for pk in places}


def _with_requirements(slug: str) -> Iterator[str]:
    plugin = registry.installed().get(slug)
    for need in plugin.needs if plugin else ():
        yield from _with_requirements(need.slug)
    yield slug


@contextmanager
def _fresh_fragments() -> Iterator[None]:
    """Menus and slots are kept in memory until the structure changes; tests flip faster."""
    structure.forget()
    try:
        yield
    finally:
        structure.forget()


# --- test cases -----------------------------------------------------------------------------------
class PortalTestCase(TestCase):
    """A test with a portal to request: ``self.site_pk``, ``self.client``."""

    site: ClassVar[SiteRecord]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.site = make_site()

    def setUp(self) -> None:
        reset_plugin_state()
        self.addCleanup(reset_plugin_state)

    @property
    def site_pk(self) -> int:
        pk: int = self.site.pk
        return pk


class PluginContract(PortalTestCase):
    """What holds for every plugin. Subclass it, name the ``slug``; override the rest if needed."""

    __test__ = False

    slug: ClassVar[str] = ""
    # Public addresses that must go on answering whatever the plugin does.
    public_paths: ClassVar[Sequence[str]] = ("/", "/sitemap/")
    # Hosts in the code that are never talked to, such as XML namespaces.
    mentioned_hosts: ClassVar[frozenset[str]] = frozenset({"www.w3.org"})

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__test__ = bool(cls.slug)

    # --- what it says of itself ---
    def test_metadata_is_valid_and_requirements_are_met(self) -> None:
        problems = registry.installed().problems
        told = [str(problem) for name in (self.slug, self.config.name)
                for problem in problems.get(name, ())]  # fmt: skip
        self.assertEqual(told, [])

    def test_a_distribution_announces_it(self) -> None:
        announced = {plugin.slug: plugin.app for plugin in discover()}
        config_class = type(self.config)
        self.assertIn(
            announced.get(self.slug),
            {self.config.name, f"{config_class.__module__}.{config_class.__qualname__}"},
            'The entry point in the group "portal.plugins" is missing or not named by the slug.',
        )

    def test_declared_permissions_exist(self) -> None:
        declared = set(self.plugin.permissions)
        existing = {
            f"{app}.{codename}"
            for app, codename in Permission.objects.values_list(
                "content_type__app_label", "codename"
            )
        }
        self.assertEqual(declared - existing, set(), "No such permissions.")

    def test_jobs_are_the_declared_ones(self) -> None:
        """Each sentence of ``PluginMeta.jobs`` is a job, and each job is one of them."""
        with override(None):
            declared = [str(line) for line in self.plugin.jobs]
            registered = [
                str(item.target.label)
                for owner, item in scheduled_jobs.contributions()
                if owner == self.slug
            ]
        self.assertEqual(sorted(registered), sorted(declared), "PluginMeta.jobs tells the truth.")

    def test_jobs_run_where_the_plugin_is_on(self) -> None:
        """Each job can be run twice with little data; neither run fails."""
        for owner, item in scheduled_jobs.contributions():
            if owner == self.slug and self.plugin.level is Level.SITE:
                item.target.work(self.site_pk)
                item.target.work(self.site_pk)
            elif owner == self.slug:
                item.target.work(None)
                item.target.work(None)

    def test_own_permissions_are_declared(self) -> None:
        own = {
            f"{self.config.label}.{codename}"
            for codename in Permission.objects.filter(
                content_type__app_label=self.config.label
            ).values_list("codename", flat=True)
        }
        self.assertEqual(own - set(self.plugin.permissions), set(), "Not declared in PluginMeta.")

    def test_hosts_in_the_code_are_declared(self) -> None:
        hosts = {
            urlsplit(url).hostname or ""
            for path in self.python_files()
            for text in _strings(path)
            for url in re.findall(r"https?://[^\s\"'<>]+", text)
        }
        declared = set(self.plugin.outbound_hosts) | self.mentioned_hosts
        undeclared = {host for host in hosts if not _is_declared(host, declared)}
        self.assertEqual(undeclared, set(), "Declare them in PluginMeta.outbound_hosts.")

    # --- what it imports and touches ---
    def test_imports_only_the_public_api(self) -> None:
        wrong = [
            f"{path.relative_to(self.root)}:{line} imports {module}"
            for path in self.python_files()
            for line, module in _imports(path)
            if not _is_within(module, self.config.name)
            and _is_private(module, in_tests="tests" in path.relative_to(self.root).parts)
        ]
        self.assertEqual(wrong, [], "Plugins import portal.plugin_api and portal.text only.")

    def test_hooks_are_guarded(self) -> None:
        self.assertEqual(
            raw_hooks(self.config.name),
            [],
            "Use register_wagtail_hook: these ignore the plugin's switch.",
        )

    def test_migrations_touch_only_own_tables(self) -> None:
        loader = MigrationLoader(None, ignore_no_migrations=True)
        label = self.config.label
        own = [migration for key, migration in loader.disk_migrations.items() if key[0] == label]
        for migration in own:
            with self.subTest(migration=migration.name):
                self.assertEqual(list(migration.run_before), [], "run_before reaches into others")
                self.assertFalse(
                    any(isinstance(operation, RunSQL) for operation in migration.operations),
                    "RunSQL cannot be checked; write the operation in Django's terms.",
                )
                before = loader.project_state([(label, migration.name)], at_end=False)
                after = before.clone()
                for operation in migration.operations:
                    operation.state_forwards(migration.app_label, after)
                self.assertEqual(
                    [key for key in {*before.models, *after.models}
                     if key[0] != label and before.models.get(key) != after.models.get(key)],
                    [],
                )  # fmt: skip

    def test_migrations_are_complete(self) -> None:
        self.assertNotIn(
            self.config.label, _unmigrated(), "The models have changes without a migration."
        )

    def test_nobody_points_to_its_tables(self) -> None:
        """Whoever does could not be installed without this plugin."""
        dependants = {plugin.app for plugin in registry.installed().dependants(self.slug)}
        pointing = [
            f"{field.model._meta.label}.{field.name}"
            for model in apps.get_models(include_auto_created=True)
            if model._meta.app_label != self.config.label
            and model._meta.app_config.name not in dependants
            for field in model._meta.get_fields(include_hidden=True)
            if isinstance(field, models.ForeignKey | models.ManyToManyField)
            and field.model is model
            and getattr(field.related_model, "_meta", None) is not None
            and field.related_model._meta.app_label == self.config.label
        ]
        self.assertEqual(pointing, [])

    # --- what it shows ---
    def test_templates_and_static_files_bear_its_name(self) -> None:
        allowed = {self.slug, self.config.label}
        wrong = [
            str(path.relative_to(self.root))
            for kind in ("templates", "static")
            for path in (self.root / kind).glob("*")
            if path.name not in allowed
        ]
        self.assertEqual(wrong, [], f"Put them below a folder named {sorted(allowed)}.")

    def test_templates_compile_and_hold_nothing_inline(self) -> None:
        for path in sorted((self.root / "templates").rglob("*.html")):
            with self.subTest(template=path.name):
                get_template(str(path.relative_to(self.root / "templates")))
                found = _INLINE.findall(path.read_text("utf-8"))
                self.assertEqual(found, [], "Public pages allow no inline script or style.")

    # --- what it does where it is off ---
    def test_off_means_addresses_answer_404(self) -> None:
        request = RequestFactory().get("/")
        with disable_plugin(self.slug):
            for pattern in self.url_patterns():
                with self.subTest(pattern=str(pattern)), self.assertRaises(Http404):
                    pattern.callback(request)

    def test_off_means_nothing_is_contributed(self) -> None:
        with disable_plugin(self.slug):
            active = [
                point.title
                for point in catalogue
                for owner, _item in point.active(self.site_pk)
                if owner == self.slug
            ]
        self.assertEqual(active, [])

    def test_off_means_no_menu_items(self) -> None:
        request = RequestFactory().get("/admin/")
        with disable_plugin(self.slug):
            for name in guarded_hooks(self.slug):
                if not name.endswith("_menu_item"):
                    continue
                for hook in wagtail_hooks.get_hooks(name):
                    owner = getattr(hook, GUARDED, None)
                    if owner is not None and owner() == self.slug and (item := hook()):
                        self.assertFalse(item.is_shown(request), name)

    def test_off_leaves_public_pages(self) -> None:
        with disable_plugin(self.slug):
            self.assert_public_pages_answer()

    # --- what happens when it fails ---
    def test_on_leaves_public_pages(self) -> None:
        with enable_plugin(self.slug, self.site_pk):
            self.assert_public_pages_answer()

    def test_failing_everywhere_leaves_public_pages(self) -> None:
        with enable_plugin(self.slug, self.site_pk), raise_everywhere(self.slug):
            self.assert_public_pages_answer()

    def test_failing_everywhere_leaves_every_slot(self) -> None:
        """Each extension point that can be tried with nothing at hand gives nothing, quietly."""
        with enable_plugin(self.slug, self.site_pk), raise_everywhere(self.slug):
            for point in catalogue:
                if isinstance(point, Slot):
                    arguments = dict.fromkeys(point.arguments) | {"site": self.site_pk}
                    parts = point.render(**arguments).parts
                    self.assertNotIn(self.slug, [part.plugin for part in parts], point.title)

    def test_ready_is_left_alone(self) -> None:
        self.assertIs(
            type(self.config).ready,
            PortalPluginConfig.ready,
            "Override on_ready: ready loads the extension modules and keeps failures local.",
        )

    # --- tools ---
    @property
    def config(self) -> PortalPluginConfig:
        for config in apps.get_app_configs():
            if isinstance(config, PortalPluginConfig) and (
                getattr(config.PluginMeta, "slug", None) == self.slug
            ):
                return config
        raise AssertionError(f"No installed app declares the plugin {self.slug!r}")

    @property
    def plugin(self) -> Metadata:
        return self.config.metadata

    @property
    def root(self) -> Path:
        return Path(self.config.path)

    def python_files(self) -> Iterator[Path]:
        yield from sorted(self.root.rglob("*.py"))

    def url_patterns(self) -> Iterator[URLPattern]:
        """Every address of the plugin, as the portal includes it."""

        def walk(patterns: Sequence[URLPattern | URLResolver], inside: bool) -> Iterator[Any]:
            for pattern in patterns:
                if isinstance(pattern, URLResolver):
                    here = inside or pattern.namespace == self.slug
                    yield from walk(pattern.url_patterns, here)
                elif inside:
                    yield pattern

        found = list(walk(get_resolver().url_patterns, False))
        if self.plugin.urls:
            self.assertTrue(found, "The addresses of PluginMeta.urls are not included.")
        yield from found

    def assert_public_pages_answer(self) -> None:
        with ExitStack() as stack:
            for path in self.public_paths:
                stack.enter_context(self.subTest(path=path))
                self.assertEqual(self.client.get(path).status_code, 200)


_INLINE = re.compile(
    r"<style\b|<script\b(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE
)
_OPEN = ("portal.plugin_api", "portal.text")
_OPEN_TO_TESTS = (*_OPEN, "portal.testing")


@cache
def _unmigrated() -> frozenset[str]:
    """Labels of apps whose models have changes without a migration. All apps are compared at once,
    and once in a process: it takes seconds, and a portal has many plugins."""
    with override(None):  # migrations hold the English words
        loader = MigrationLoader(None, ignore_no_migrations=True)
        found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        return frozenset(found.changes(graph=loader.graph))


def _is_private(module: str, *, in_tests: bool) -> bool:
    if module.partition(".")[0] != "portal":
        return False
    allowed = _OPEN_TO_TESTS if in_tests else _OPEN
    return not any(_is_within(module, name) for name in allowed)


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _is_declared(host: str, declared: set[str] | frozenset[str]) -> bool:
    wild = {f"*.{host.partition('.')[2]}"}
    return not host or host in declared or bool(wild & set(declared))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            # "from portal import core" imports portal.core
            names = [f"portal.{alias.name}" for alias in node.names]
            for module in names if node.module == "portal" else [node.module]:
                yield node.lineno, module


def _strings(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.value
