"""The base of every page type: abstract, since wagtail-localize knows no swapped base page."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    PublishingPanel,
)
from wagtail.models import Page, Revision, Workflow, WorkflowPage

from . import addresses, gate, plugin_pages, structure
from .context import PageTag, PortalContext, context_for_page
from .models import Standing
from .page_rights import SitePagePermissionTester, ancestor_paths
from .page_texts import body_text
from .publications import ValidityFacts
from .slugs import free_slug
from .translatable import OwnField
from .turns import take_turn
from .units import unit_for

# What speaks against publishing: the form field (None: the page as a whole) and the sentence.
type ProblemPair = tuple[str | None, object]

# The widths at which editors see a page while they write.
PREVIEW_SIZES: list[dict[str, Any]] = [
    {"name": "mobile", "icon": "mobile-alt", "device_width": 390, "label": _("Phone")},
    {"name": "tablet", "icon": "tablet-alt", "device_width": 820, "label": _("Tablet")},
    {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": _("Computer")},
]


class BasePageForm(WagtailAdminPageForm):
    """Runs the publish gate where the editor can still see and mend what it refuses.

    Nothing typed is lost: a refusal is a form error like any other.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        is_new = self.instance.pk is None and self.parent_page is not None
        if is_new and "owner_unit" in self.fields and not self.instance.owner_unit_id:
            self.initial["owner_unit"] = unit_for(self.for_user, self.parent_page.path)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        # A slug that was typed and is taken or malformed stays an error of its own.
        if not cleaned.get("slug") and cleaned.get("title") and "slug" not in self._errors:
            cleaned["slug"] = free_slug(cleaned["title"], self.parent_page, self.instance)
        slug = cleaned.get("slug", "")
        if slug != self.instance.slug and addresses.is_taken(slug, self.parent_page):
            self.add_error("slug", addresses.taken_message(slug))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        asked = "action-publish" in self.data or "action-submit" in self.data
        if not asked or self.errors:
            return
        problems = gate.problems_of(self.instance, parent=self.parent_page)
        if "action-publish" in self.data:
            problems.append(gate.review_missing())
        for problem in problems:
            if problem.blocking:
                field = problem.field if problem.field in self.fields else None
                self.add_error(field, _with_way(problem))


def _with_way(problem: gate.PublishProblem) -> str:
    """The sentence, with a link to the place where it can be mended."""
    if not problem.url:
        return problem.message
    return format_html(
        '{} <a href="{}" target="_blank">{}</a>', problem.message, problem.url, _("Mend it there")
    )


class BasePage(Page):
    """Adds to Wagtail's page: the publish gate, addresses, listing and structure.

    A subclass says what it is by class attributes:

    ``structure_kind``    non-empty for structural pages, which the structure keeps in memory
    ``structure_fields``  its own fields that menus and lists need
    ``is_container``      columns and homes: pages below are listed in it
    ``is_listed``         the page appears in lists
    ``search_related``    relations that ``search_values`` reads, fetched for many pages at once
    ``is_translated_apart``  its versions in other languages stand beside it, not in their trees:
                          it names them by ``language_versions``
    """

    structure_kind: ClassVar[str] = ""
    structure_fields: ClassVar[tuple[str, ...]] = ()
    is_container: ClassVar[bool] = False
    is_listed: ClassVar[bool] = False
    is_translated_apart: ClassVar[bool] = False
    serve_select_related: ClassVar[tuple[str, ...]] = ()
    search_related: ClassVar[tuple[str, ...]] = ()

    keywords = models.CharField(
        _("keywords"), max_length=200, blank=True, help_text=_("Separated by commas.")
    )

    # Texts are translated, the rest is copied; address and place in the menu belong to each tree.
    override_translatable_fields: ClassVar[list[Any]] = [
        OwnField("slug"),
        OwnField("show_in_menus"),
    ]
    base_form_class = BasePageForm
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("keywords"),
            ],
            heading=_("For search engines"),
        ),
        FieldRowPanel([FieldPanel("show_in_menus")]),
    ]
    settings_panels = [PublishingPanel(), CommentPanel()]

    class Meta:
        abstract = True

    # --- publishing ------------------------------------------------------------------------------
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Every way to the public ends here: action, schedule, alias, translation, API, command.

        The gate refuses before anything is written; what is public (publication, listing, outbox)
        is recorded in the same transaction.
        """
        fields = kwargs.get("update_fields")
        if not gate.concerns_public(self, fields):
            return super().save(*args, **kwargs)  # drafts and revisions: nothing public changes
        with transaction.atomic():
            take_turn()
            addresses.refuse_taken(self)
            before = gate.stored_state(self, fields)
            gate.keep_place(self, before)
            ground = gate.check(self, before) if self.live else None
            result = super().save(*args, **kwargs)
            gate.record(self, before, ground)
        return result

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's, in one transaction: it clears schedules before and updates aliases after.

        Where the gate refuses the page or one of its aliases, all stays as it was.
        """
        with transaction.atomic():
            take_turn()
            gate.check_plan(revision)
            return super().publish(revision, *args, **kwargs)

    def add_child(self, **kwargs: Any) -> Any:
        """As treebeard's, which locks this page first and then saves the child."""
        with transaction.atomic():
            take_turn()
            return super().add_child(**kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._fill_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        self._fill_slug()
        super().minimal_clean()

    def _fill_slug(self) -> None:
        if not self.slug and self.title:
            self.slug: str = free_slug(self.title, self.get_parent() if self.path else None, self)

    def permissions_for_user(self, user: Any) -> SitePagePermissionTester:
        """As Wagtail's, within the sites of the account's roles (``page_rights``)."""
        return SitePagePermissionTester(user, self)

    @classmethod
    def clean_subpage_models(cls) -> list[Any]:
        """As Wagtail's, with the types of plugins that name this one as their parent."""
        own: list[Any] = super().clean_subpage_models()
        plugins = plugin_pages.types_below(cls._meta.label)
        return [*own, *(model for model in plugins if model not in own)]

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """As Wagtail's; pages of a plugin only where the plugin is on."""
        site_pk = structure.current().site_pk_for(parent.path)
        return plugin_pages.is_on(cls, site_pk) and bool(super().can_create_at(parent))

    def validity_interval(self) -> gate.Interval:
        """From when until when what the page says is in force; open where it is of no concern.

        Apart from being public: a repealed document stays public, and is not in force.
        """
        return (None, None)

    def stated_date(self) -> datetime.datetime | None:
        """The publication time that a person typed for a text of the own house; None for none."""
        return None

    def standing(self) -> Standing:
        """How what the page says stands today: what lists, the API and the admin tell of it."""
        return Standing.IN_FORCE

    def standing_changes(self) -> Iterable[datetime.datetime]:
        """The moments at which ``standing`` may change because a date comes; past ones too."""
        return [moment for moment in self.validity_interval() if moment is not None]

    def validity_facts(self) -> ValidityFacts:
        """The three above at once; for types whose every answer costs the same queries."""
        return ValidityFacts(
            self.validity_interval(), self.standing(), tuple(self.standing_changes())
        )

    def publish_problems(self, parent: Page | None) -> list[ProblemPair]:
        """What this type itself demands before it may be public: (field, message) pairs."""
        return []

    # --- review ----------------------------------------------------------------------------------
    def get_workflow(self) -> Workflow | None:
        """As Wagtail's, with one query in place of four."""
        if "_workflow" in self.__dict__:
            kept: Workflow | None = self.__dict__["_workflow"]
            return kept
        if not getattr(settings, "WAGTAIL_WORKFLOW_ENABLED", True):
            return None
        nearest = (
            WorkflowPage.objects.filter(
                page__path__in=[*ancestor_paths(self.path), self.path], workflow__active=True
            )
            .select_related("workflow")
            .order_by("-page__depth")
            .first()
        )
        return nearest.workflow if nearest is not None else None

    @property
    def has_workflow(self) -> bool:
        return self.get_workflow() is not None

    def ask_once_for_the_review(self) -> None:
        """Keep workflow and state as they are now, for a page that is only shown.

        The form's menus and panels ask for them twenty times.
        """
        self.__dict__["_workflow"] = self.get_workflow()
        active = self.workflow_states.active().select_related("current_task_state__task")
        self._current_workflow_states = list(active)  # where Wagtail's own lists put them

    # --- showing ---------------------------------------------------------------------------------
    @property
    def written_in(self) -> str:
        """The language of its text; that of its tree, but for types that stand apart from them."""
        return str(self.locale.language_code)

    def language_versions(self) -> Mapping[str, Page]:
        """What says the same in each language, itself included: for types whose versions stand
        apart from the trees of languages (``is_translated_apart``)."""
        return {}

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """As Wagtail's, but from the versioned structure: right in all processes at once."""
        found = structure.of_request(request)
        root = found.root_for_url_path(self.url_path)
        if root is None:
            return None
        return (root.wagtail_site_pk, root.origin, found.url(self.url_path))

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        """The content tags of the national page-tag standard for this page (reference 1)."""
        return []

    def listing_values(self) -> dict[str, Any]:
        """The fields of ``ListingRow`` that this type fills (date, title, summary …)."""
        return {
            "date": self.first_published_at,
            "title": self.title,
            "summary": self.search_description[:300],
            "kind": self._meta.model_name,
        }

    def library_values(self) -> dict[str, Any]:
        """What this type tells the resource library beyond ``listing_values``.

        Keys are fields of the record: ``record_type``, ``themes`` (codes), ``genre``, ``audience``,
        ``doc_no``, ``index_no``, ``provider`` (pk of a unit), ``producer``, ``made_on``,
        ``effective_on``, ``ends_on``, ``source_name``, ``source_url``, ``summary``. Asked with each
        publication: no query where it can be avoided.
        """
        return {}

    def search_values(self) -> dict[str, Any]:
        """What this type tells the public search, beyond what the tree knows.

        Keys are those of ``SearchEntry``: ``kind`` (one of ``search_kinds``; "": the page is not
        found), ``title``, ``text`` (the body without the title), ``summary``, ``date``,
        ``aliases``, ``number``, ``theme``, ``form``, ``agencies``, ``weight``, ``trust``,
        ``extra``. Asked for many pages at once, after ``prepare_for_search``: no query where it
        can be avoided.
        """
        return {
            "kind": "page",
            "text": "\n".join(part for part in (body_text(self), self.keywords) if part),
            "summary": self.search_description,
            "date": None if self.structure_kind else self.first_published_at,
        }

    @classmethod
    def prepare_for_search(cls, pages: Sequence[Any]) -> None:
        """Fetch at once what ``search_values`` of these pages reads."""
        models.prefetch_related_objects(pages, *cls.search_related)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["portal"] = context_for_page(request, self)
        return context

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        return PREVIEW_SIZES

    @cached_property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.pk])
