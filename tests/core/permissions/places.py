"""Sites with something in them that only their own people may see or change."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone
from wagtail.models import Collection, Locale, Page, Revision, TaskState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield
from wagtail_localize.models import Translation, TranslationSource

from portal.core.models import (
    Clock,
    EditableMessage,
    EmergencyBanner,
    Organisation,
    PortalDocument,
    PortalImage,
    PortalMedia,
    SiteRecord,
    User,
)
from portal.foreign.models import (
    CoreRule,
    ExchangeFile,
    ForeignColumn,
    ForeignSection,
    NameRule,
    PageTranslation,
    ScriptCorrection,
    ScriptSetting,
    ScriptTerm,
    TeamMember,
    TeamRole,
    Term,
    TermChange,
)
from portal.pages.models import ArticlePage, ColumnPage
from tests.factories import (
    ArticleFactory,
    ColumnFactory,
    DocumentFactory,
    ImageFactory,
    MediaFactory,
    OrganisationFactory,
    UserFactory,
    World,
    make_world,
    member,
)

DAY = datetime.timedelta(days=1)
FOUND_BY = "机密"  # what every title contains, for searching


def marker(name: str) -> str:
    """Stands in every title of a place and nowhere else: who reads it has seen inside."""
    return f"inside-{name}."


@dataclass(frozen=True, slots=True)
class Place:
    """One language of one site, with one thing of each kind."""

    name: str
    record: SiteRecord
    home: Page
    column: ColumnPage
    second_column: ColumnPage
    draft: ArticlePage
    live: ArticlePage
    scheduled: ArticlePage
    locked: ArticlePage
    in_review: ArticlePage
    author: User
    image: PortalImage
    document: PortalDocument
    video: PortalMedia
    organisation: Organisation
    message: EditableMessage
    member: User
    banner: EmergencyBanner
    clock: Clock

    @property
    def is_foreign(self) -> bool:
        return self.home.pk != self.record.root_page_id

    @property
    def collection(self) -> Collection:
        assert self.record.collection is not None
        return self.record.collection

    @property
    def marker(self) -> str:
        return marker(self.name)

    @property
    def translation(self) -> Translation | None:
        """What wagtail-localize keeps of the translation of the draft; none abroad."""
        key = self.draft.translation_key
        found: Translation | None = Translation.objects.filter(source__object_id=key).first()
        return found

    @property
    def languages(self) -> dict[str, int]:
        """What the plugin for foreign languages keeps of the site, by kind: its number, or 1."""
        section = ForeignSection.objects.filter(site=self.record)
        kinds: dict[str, Any] = {
            "section": section,
            "translation": PageTranslation.objects.filter(section__in=section),
            "column": ForeignColumn.objects.filter(section__in=section),
            "member": TeamMember.objects.filter(section__in=section),
            "rule": CoreRule.objects.filter(site=self.record),
            "term": Term.objects.filter(site=self.record),
            "term_change": TermChange.objects.filter(term__site=self.record),
            "name_rule": NameRule.objects.filter(site=self.record),
            "file": ExchangeFile.objects.filter(user=self.author),
            "script_setting": ScriptSetting.objects.filter(site=self.record),
            "script_term": ScriptTerm.objects.all(),
            "correction": ScriptCorrection.objects.filter(site=self.record),
        }
        numbers = {
            kind: found.values_list("pk", flat=True).first() for kind, found in kinds.items()
        }
        return {kind: number or 1 for kind, number in numbers.items()}

    @property
    def task_state(self) -> TaskState:
        found: TaskState = self.in_review.current_workflow_task_state
        return found

    @property
    def revision(self) -> Revision:
        found: Revision = self.draft.latest_revision
        return found


@dataclass(frozen=True, slots=True)
class City:
    """The portal, two sub-sites, and the foreign sections of the sub-sites."""

    world: World
    places: dict[str, Place]


def build_city() -> City:
    world = make_world(provisioned=True)
    places = {
        "hubin": _furnish("hubin", world.hubin, world.hubin_home, world.hubin_column),
        "gaoxin": _furnish("gaoxin", world.gaoxin, world.gaoxin_home, world.gaoxin_column),
        "yunhu": _furnish("yunhu", world.site, world.home, world.column),
    }
    english = Locale.objects.create(language_code="en")
    world.home.copy_for_translation(english)
    for name in ("hubin", "gaoxin"):
        source = places[name]
        home = source.home.specific.copy_for_translation(english)
        section = ForeignSection.objects.create(site=source.record, locale=english)
        column = ColumnFactory(parent=home, title=f"News {marker(name)}")
        _work_in_languages(section, source, column)
        places[f"{name}-en"] = _furnish(f"{name}-en", source.record, home, column, source)
        being_translated, _created = TranslationSource.update_or_create_from_instance(source.draft)
        Translation.objects.create(source=being_translated, target_locale=english)
    return City(world, places)


def _work_in_languages(section: ForeignSection, source: Place, column: Page) -> None:
    """One of each thing that the plugin keeps of a section, named after the site."""
    title = f"{FOUND_BY}{{}} {marker(source.name)}"
    record, author = section.site, source.author
    ForeignColumn.objects.create(section=section, page=column)
    TeamMember.objects.create(
        section=section, user=author, role=TeamRole.LEAD, qualification=title.format("证书")
    )
    CoreRule.objects.create(site=record, page=source.column)
    PageTranslation.objects.create(section=section, source=source.live)
    term = Term.objects.create(site=record, source=title.format("机关"))
    TermChange.objects.create(
        term=term, locale=section.locale, old_name=title.format("旧"), new_name="new", user=author
    )
    NameRule.objects.create(site=record)
    ScriptSetting.objects.create(site=record)
    ScriptCorrection.objects.create(
        standard="s2hk",
        source_hash=source.name,
        source_text=title.format("原文"),
        text="x",
        page=source.live,
        site=record,
        proposed_by=author,
    )
    ExchangeFile.objects.create(user=author, name=title.format("文件"))


def _furnish(
    name: str, record: SiteRecord, home: Page, column: ColumnPage, source: Place | None = None
) -> Place:
    title = f"{FOUND_BY}{{}} {marker(name)}"
    author = UserFactory(username=f"author-of-{name}")
    ours: dict[str, Any] = {"owner": author}
    in_review = ArticleFactory(parent=column, draft=True, title=title.format("送审"), **ours)
    in_review.get_workflow().start(in_review, author)
    locked = ArticleFactory(
        parent=column, title=title.format("锁定"), locked=True, locked_by=author,
        locked_at=timezone.now(), **ours,
    )  # fmt: skip
    scheduled = ArticleFactory(parent=column, draft=True, title=title.format("定时"), **ours)
    scheduled.go_live_at = timezone.now() + datetime.timedelta(days=2)
    scheduled.save_revision(approved_go_live_at=scheduled.go_live_at)
    live = ArticleFactory(parent=column, title=title.format("公开"), **ours)
    live.save_revision(user=author, log_action=True).publish(
        user=author, skip_permission_checks=True
    )
    draft = ArticleFactory(parent=column, draft=True, title=title.format("草稿"), **ours)
    draft.save_revision(user=author, log_action=True)
    draft.refresh_from_db()
    if source is not None:
        media = [
            source.image, source.document, source.video, source.organisation, source.message,
            source.member, source.banner, source.clock,
        ]  # fmt: skip
    else:
        media = [
            ImageFactory(
                title=title.format("图"), collection=record.collection, uploaded_by_user=author
            ),
            DocumentFactory(
                title=title.format("文件"), collection=record.collection, uploaded_by_user=author
            ),
            MediaFactory(
                title=title.format("视频"), collection=record.collection, uploaded_by_user=author
            ),
            OrganisationFactory(full_name=f"{name}统计局", site=record, bare=True),
            EditableMessage.objects.create(
                key="leave_notice", site=record, text=title.format("提示")
            ),
            member("editor", record, username=f"member-of-{name}"),
            EmergencyBanner.objects.create(
                title=title.format("预警"), site=record, starts_at=timezone.now() + DAY
            ),
            Clock.objects.create(
                kind="dummy.answer",
                subject=f"letter:{name}",
                label=title.format("来信"),
                site=record,
                started_at=timezone.now(),
                due_at=timezone.now() + DAY,
                limit_amount=1,
                limit_unit="working_days",
            ),
        ]
    return Place(
        name, record, Page.objects.get(pk=home.pk), column,
        ColumnFactory(parent=home, title=title.format("栏目")),
        draft, live, scheduled, locked, in_review, author, *media,
    )  # fmt: skip


# --- forms ----------------------------------------------------------------------------------------
def article_form(title: str, **changes: Any) -> dict[str, Any]:
    """What the editor's browser sends for an article."""
    blank = dict.fromkeys(
        (
            "slug", "subtitle", "author", "date", "source_url", "cover", "summary", "seo_title",
            "search_description", "keywords", "go_live_at", "expire_at",
        ),
        "",
    )  # fmt: skip
    body = streamfield([("paragraph", _rich_text("云湖市位于云水之滨。"))])
    return nested_form_data(
        blank
        | {"title": title, "source": "云湖日报", "body": body, "comments": inline_formset([])}
        | changes
    )


def _rich_text(text: str) -> str:
    from wagtail.test.utils.form_data import rich_text

    value: str = rich_text(f"<p>{text}</p>")
    return value


def model_form(instance: Model, **changes: Any) -> dict[str, Any]:
    """What is stored of an object as its form sends it; forms ignore what they have no field for."""
    fields = [field for field in instance._meta.concrete_fields if field.editable]
    values = {field.name: field.value_from_object(instance) for field in fields}
    return {name: "" if value is None else value for name, value in values.items()} | changes
