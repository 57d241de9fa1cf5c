"""Policy documents: what is known of them, their files, and their text clause by clause."""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from portal.plugin_api import (
    BasePage,
    BasePageForm,
    BlocksField,
    ChoiceListField,
    DetailPage,
    OwnField,
    PageTag,
    PortalContext,
    Standing,
    concerns_public,
    kept_text,
    page_today,
)
from portal.policy_interpretation import clauses
from portal.policy_interpretation.blocks import ClausesBlock
from portal.policy_interpretation.plan_panel import OwedPanel
from portal.policy_interpretation.validity import Dates, Validity, interval, validity_on
from portal.policy_interpretation.watch.panels import FindingsPanel

if TYPE_CHECKING:
    from .records import PolicyRecord

# How lists, the API and the admin name the states of documents.
STANDINGS = {
    Validity.NOT_YET_EFFECTIVE: Standing.NOT_YET_EFFECTIVE,
    Validity.VALID: Standing.IN_FORCE,
    Validity.AMENDED: Standing.AMENDED,
    Validity.PARTLY_INVALID: Standing.PARTLY_INVALID,
    Validity.REPEALED: Standing.REPEALED,
    Validity.EXPIRED: Standing.EXPIRED,
}
# Parameters of the page's address that show something else than the page as it is today.
PASSING_VIEWS = frozenset({"asof", "gone"})


class Genre(models.TextChoices):
    """Document kinds (公文种类) and the kinds of content that public pages add (reference 7.4)."""

    RESOLUTION = "决议", "决议"
    DECISION = "决定", "决定"
    ORDER = "命令", "命令（令）"
    COMMUNIQUE = "公报", "公报"
    ANNOUNCEMENT = "公告", "公告"
    PUBLIC_NOTICE = "通告", "通告"
    OPINIONS = "意见", "意见"
    NOTICE = "通知", "通知"
    CIRCULAR = "通报", "通报"
    REPORT = "报告", "报告"
    REQUEST = "请示", "请示"
    REPLY = "批复", "批复"
    BILL = "议案", "议案"
    LETTER = "函", "函"
    MINUTES = "纪要", "纪要"
    REGULATION = "法规", "法规"
    RULES = "规章", "规章"
    NORMATIVE = "规范性文件", "规范性文件"
    MEASURES = "办法", "办法"
    PROVISIONS = "规定", "规定"
    DETAILED_RULES = "细则", "细则"
    PLAN = "方案", "方案"
    PUBLICITY = "公示", "公示"
    OTHER = "其他", "其他"


class BodyLevel(models.TextChoices):
    """Whose document it is: those of higher bodies are carried with their source."""

    NATIONAL = "national", _("State Council and its departments")
    PROVINCIAL = "provincial", _("province")
    MUNICIPAL = "municipal", _("city")
    DEPARTMENT = "department", _("department of the city")
    DISTRICT = "district", _("district or county")


class Disclosure(models.TextChoices):
    ACTIVE = "active", _("published proactively")
    ON_REQUEST = "on_request", _("on request")
    NONE = "none", _("not disclosed")


class Audience(models.TextChoices):
    """服务对象 (reference 8)."""

    BIRTH = "生育", "生育"
    EDUCATION = "教育", "教育"
    EMPLOYMENT = "就业", "就业"
    MARRIAGE = "婚姻", "婚姻"
    HOUSING = "住房", "住房"
    CARE = "养老", "养老"
    HEALTH = "医疗", "医疗"
    SOCIAL = "社会保障", "社会保障"
    FOUNDING = "设立", "企业设立"
    CHANGE = "变更", "企业变更"
    OPERATION = "经营", "企业经营"
    CLOSURE = "注销", "企业注销"


def _kept_choices(field: Any) -> list[Any]:
    """The choices of a field as (value, label), read once for as long as nothing changes.

    Themes and units are in every form and seldom change; both tell the structure when they do.
    """
    found = field.queryset

    def read() -> str:
        return json.dumps([[row.pk, field.label_from_instance(row)] for row in found.iterator()])

    rows = json.loads(kept_text(("policy_interpretation", "choices", str(found.query)), read))
    empty = [("", field.empty_label)] if field.empty_label is not None else []
    return [*empty, *map(tuple, rows)]


def _share_choices(formset: Any, field: str, choices: list[Any]) -> None:
    """Give every form of a formset, the empty one for new rows too, the same choices."""
    add_fields = formset.add_fields

    def with_choices(form: Any, index: int | None) -> None:
        add_fields(form, index)
        form.fields[field].choices = choices

    formset.add_fields = with_choices


def days_out_of_order(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What is wrong with the days of a document: the field, and a sentence about it."""
    issued, effective = values.get("issued_on"), values.get("effective_on")
    through = values.get("valid_through")
    problems: list[tuple[str, Any]] = []
    if issued and effective and effective < issued:
        problems.append(("effective_on", _("This is before the document was issued.")))
    if effective and through and through < effective:
        problems.append(("valid_through", _("This is before the document takes effect.")))
    return problems


class PolicyPageForm(BasePageForm):
    """The dates of a document must follow each other; the form says which one does not.

    What is only worth a second look (the form of a number, its twins) stands beside the field.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from portal.policy_interpretation.hints import number_hints

        instance = kwargs.get("instance")
        if instance is not None and not (args or kwargs.get("data")):
            # Read once for the lists of the form and for what is owed beside them.
            for name in ("issuing_bodies", "plan_items"):
                setattr(instance, name, list(getattr(instance, name).all()))
        super().__init__(*args, **kwargs)
        field = self.fields.get("document_number")
        if field is not None:
            hints = number_hints(self.instance, self.parent_page)
            field.help_text = format_html("{} {}", field.help_text, hints)
        self._read_choices_once()

    def _read_choices_once(self) -> None:
        """Themes with their classes, and units for the document and each issuing body."""
        if "theme" in self.fields:
            themes = self.fields["theme"].queryset
            self.fields["theme"].queryset = themes.select_related("parent")
            self.fields["theme"].choices = _kept_choices(self.fields["theme"])
        if "owner_unit" not in self.fields:
            return
        units = self.fields["owner_unit"].choices = _kept_choices(self.fields["owner_unit"])
        for name, field in (("issuing_bodies", "organisation"), ("plan_items", "unit")):
            if name in self.formsets:
                _share_choices(self.formsets[name], field, units)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for name, sentence in days_out_of_order(cleaned):
            self.add_error(name, sentence)
        return cleaned


class PolicyPage(DetailPage):
    """A policy document with every field of R-POL-01, its text as clauses.

    What other documents do to it (repeal, amend) is on its ``PolicyRecord``, which no editor's
    draft overwrites.
    """

    page_description = _("A policy document: clause by clause, with validity and relations.")
    is_listed = True
    base_form_class = PolicyPageForm
    serve_select_related: ClassVar[tuple[str, ...]] = (
        "theme__parent",
        "policy_record__repealed_by",
        "disclosure_entry",
    )

    # What the portal counts by is the same in all languages; relations and plans are the
    # original's.
    override_translatable_fields: ClassVar[list[Any]] = [
        *BasePage.override_translatable_fields,
        SynchronizedField("index_number", overridable=False),
        SynchronizedField("audience", overridable=False),
        OwnField("plan_exemption"),
        OwnField("plan_items"),
        OwnField("relations"),
    ]

    document_number = models.CharField(
        _("document number"),
        max_length=60,
        blank=True,
        help_text=_("Such as 云政发〔2026〕12号; a joint document carries the lead body's only."),
    )
    index_number = models.CharField(_("index number"), max_length=60, blank=True)
    level = models.CharField(
        _("level"), max_length=12, choices=BodyLevel, default=BodyLevel.MUNICIPAL
    )
    theme = models.ForeignKey(
        "policy_interpretation.PolicyTheme",
        verbose_name=_("theme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    genre = models.CharField(_("genre"), max_length=12, choices=Genre, default=Genre.NOTICE)
    audience = ChoiceListField(_("for whom"), choices_class=Audience, blank=True)
    summary = models.TextField(
        _("summary"), max_length=300, blank=True, help_text=_("What it is about: 100 to 300 words.")
    )
    addressee = models.TextField(_("addressee"), blank=True)
    issued_on = models.DateField(_("date of issue"), null=True, blank=True)
    date = models.DateTimeField(
        _("publication time"),
        null=True,
        blank=True,
        help_text=_("Empty: the moment of publishing. For documents carried: the source's time."),
    )
    effective_on = models.DateField(
        _("takes effect on"), null=True, blank=True, help_text=_("Empty: with its date of issue.")
    )
    valid_through = models.DateField(
        _("valid through"), null=True, blank=True, help_text=_("The last day in force.")
    )
    validity_note = models.CharField(_("note on validity"), max_length=200, blank=True)
    disclosure = models.CharField(
        _("disclosure"), max_length=12, choices=Disclosure, default=Disclosure.ACTIVE
    )
    source = models.CharField(_("source"), max_length=120, blank=True)
    source_url = models.URLField(_("address of the source"), blank=True)
    is_major = models.BooleanField(
        _("major policy"),
        default=False,
        help_text=_("A major policy is published together with its interpretation."),
    )
    owner_unit = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit in charge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who drafted it and answers for its interpretation."),
    )
    plan_exemption = models.TextField(
        _("no interpretation, because"),
        blank=True,
        help_text=_("Exempts from what the rules ask for and the plan does not name."),
    )
    body = BlocksField(ClausesBlock(), verbose_name=_("text"), blank=True)

    content_panels = [
        *BasePage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("document_number"), FieldPanel("index_number")]),
                InlinePanel("issuing_bodies", label=_("issuing body"), min_num=0),
                FieldRowPanel([FieldPanel("level"), FieldPanel("genre")]),
                FieldRowPanel([FieldPanel("theme"), FieldPanel("disclosure")]),
                FieldRowPanel([FieldPanel("issued_on"), FieldPanel("date")]),
                FieldPanel("audience"),
                FieldPanel("addressee"),
                FieldPanel("summary"),
                FieldRowPanel([FieldPanel("source"), FieldPanel("source_url")]),
                FieldRowPanel([FieldPanel("owner_unit"), FieldPanel("is_major")]),
            ],
            heading=_("About the document"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("effective_on"), FieldPanel("valid_through")]),
                FieldPanel("validity_note"),
                InlinePanel("amendments", label=_("amendment")),
            ],
            heading=_("Validity"),
        ),
        MultiFieldPanel(
            [
                OwedPanel(),
                InlinePanel("plan_items", label=_("planned product")),
                FieldPanel("plan_exemption"),
            ],
            heading=_("Interpretation plan"),
        ),
        FieldPanel("body"),
        FindingsPanel(),
        InlinePanel("files", label=_("original file"), heading=_("Original files")),
        InlinePanel("relations", label=_("relation"), heading=_("Relations")),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("document_number"),
        index.SearchField("summary"),
        index.SearchField("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage", "pages.TopicPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "policy_interpretation/policy_page.html"
    print_template = "policy_interpretation/policy_print.html"

    class Meta:
        verbose_name = _("policy document")
        verbose_name_plural = _("policy documents")
        default_permissions = ()

    # --- storing ---------------------------------------------------------------------------------
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """With the record and, while public, the version and the effects on other documents."""
        from portal.policy_interpretation.services import documents

        with transaction.atomic():
            result = super().save(*args, **kwargs)
            # Saving a draft of a public page saves its row, too: what is in memory is the draft.
            if concerns_public(self, kwargs.get("update_fields")):
                documents.follow_save(page=self)
        return result

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        problems: list[tuple[str | None, object]] = []
        if not self.issuing_bodies.all():
            problems.append((None, _("A policy document names the body that issued it.")))
        if self.issued_on is None:
            problems.append(("issued_on", _("A policy document carries its date of issue.")))
        if not self.body and not self.files.all():
            problems.append(("body", _("A policy document needs a text or its original file.")))
        return [*problems, *self.problems_of_date()]

    # --- reading ---------------------------------------------------------------------------------
    def clauses(self) -> list[clauses.ClauseData]:
        """The clauses of the stored text, in order, with the days on which others ended them."""
        found = clauses.from_body(self.body.raw_data)
        ended = self.record.ended_clauses if self.record else None
        return clauses.with_ends(found, ended) if ended else found

    @property
    def record(self) -> "PolicyRecord | None":
        """The row in the library; of an alias in another column, and of a translation, that of the
        document itself."""
        if not self.pk:
            return None
        if self.alias_of_id is not None:
            return self._record_of_original
        found: PolicyRecord | None = getattr(self, "policy_record", None)
        if found is None and self.is_translation:
            return self._record_of_original
        return found

    @cached_property
    def _record_of_original(self) -> "PolicyRecord | None":
        records = type(self)._meta.get_field("policy_record").related_model._default_manager
        original = {"page_id": self.alias_of_id}
        if self.is_translation:
            original = {
                "page__translation_key": self.translation_key,
                "page__locale__language_code": settings.LANGUAGE_CODE,
            }
        found: PolicyRecord | None = (
            records.select_related("page", "repealed_by").filter(**original).first()
        )
        return found

    @property
    def is_translation(self) -> bool:
        """Only the original is a document with effects; its translations tell what it says."""
        return self.locale.language_code != settings.LANGUAGE_CODE

    @property
    def dates(self) -> Dates:
        """The days that decide about validity, with what other documents did."""
        record = self.record
        ends = [self.valid_through, record.early_end if record else None]
        return Dates(
            effective_on=self.effective_on,
            valid_through=min((day for day in ends if day is not None), default=None),
            repealed_on=record.repealed_on if record else None,
            amended_on=record.amended_on if record else None,
            partly_invalid_on=record.partly_invalid_on if record else None,
        )

    def validity(self, day: datetime.date | None = None) -> Validity:
        return validity_on(self.dates, day or page_today())

    def standing(self) -> Standing:
        return STANDINGS[self.validity()]

    def standing_changes(self) -> list[datetime.datetime]:
        """Midnights of every day that counts, those of single clauses and of the text included."""
        record = self.record
        days = [*interval(self.dates), self.dates.amended_on]
        days += [clause.invalid_from for clause in self.clauses()]
        if record is not None:
            days.append(record.text_since)
        return [moment for day in days if (moment := midnight(day)) is not None]

    def validity_interval(self) -> tuple[datetime.datetime | None, datetime.datetime | None]:
        first, last = interval(self.dates)
        return midnight(first), midnight(last)

    def displayed_date(self) -> Any:
        return self.date or self.first_published_at

    def body_names(self) -> list[str]:
        """The issuing bodies in full, the lead body first."""
        return [body.shown_name for body in self.issuing_bodies.select_related("organisation")]

    def figures(self) -> list[Any]:
        """The tables and pictures of the text as bound blocks, in order."""
        return [
            self.body[position]
            for position, raw in enumerate(self.body.raw_data)
            if raw["type"] != "clause"
        ]

    def media_values(self) -> list[Any]:
        return self.figures()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As any page; views of another day or of a lost clause are kept by nobody."""
        response = super().serve(request, *args, **kwargs)
        if not PASSING_VIEWS.isdisjoint(request.GET):
            response.headers["X-Robots-Tag"] = "noindex"
            patch_cache_control(response, private=True, no_store=True)
        return response

    def listing_values(self) -> dict[str, Any]:
        names = self.body_names()
        return {
            "date": self.displayed_date(),
            "title": self.title,
            "summary": self.summary[:300],
            "source": (self.source or "、".join(names))[:120],
            "kind": "policy",
        }

    @classmethod
    def prepare_for_search(cls, pages: Sequence[Any]) -> None:
        """The issuing bodies of all of them at once: cluster relations cannot be prefetched."""
        super().prepare_for_search(pages)
        bodies: dict[int, list[IssuingBody]] = {page.pk: [] for page in pages}
        rows = IssuingBody.objects.filter(page__in=bodies).select_related("organisation")
        for row in rows.order_by("page", "sort_order"):
            bodies[row.page_id].append(row)
        for page in pages:
            page.__dict__["found_bodies"] = bodies[page.pk]

    def search_values(self) -> dict[str, Any]:
        values = super().search_values()
        bodies: list[IssuingBody] = self.__dict__.get("found_bodies", [])
        names = [body.shown_name for body in bodies]
        units = [body.organisation_id for body in bodies if body.organisation_id]
        if self.owner_unit_id and self.owner_unit_id not in units:
            units.append(self.owner_unit_id)
        return values | {
            "kind": "policy",
            "text": "\n".join((*names, values["text"])),
            "date": self.displayed_date(),
            "summary": self.summary or self.search_description,
            "number": self.document_number,
            "aliases": [self.index_number],
            "theme": (self.theme_id or "")[:2],
            "form": self.genre,
            "agencies": units,
            "extra": {
                "bodies": names,
                "index_number": self.index_number,
                "issued_on": self.issued_on.isoformat() if self.issued_on else "",
                "effective_on": self.effective_on.isoformat() if self.effective_on else "",
                "is_major": self.is_major,
            },
        }

    def library_values(self) -> dict[str, Any]:
        number = self.index_number.strip()
        if not number and self.pk and not self.is_translation:
            entry = getattr(self, "disclosure_entry", None)  # the catalogue may have given one
            number = entry.index_number if entry is not None else ""
        return {
            "record_type": "policy",
            "index_no": number,
            "doc_no": self.document_number,
            "themes": [self.theme_id] if self.theme_id else [],
            "genre": self.genre,
            "audience": self.audience,
            "made_on": self.issued_on,
            "effective_on": self.effective_on or self.issued_on,
            "ends_on": self.valid_through,
        }

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        published = self.displayed_date()
        return [
            ("ArticleTitle", self.title),
            (
                "PubDate",
                timezone.localtime(published).strftime("%Y-%m-%d %H:%M") if published else "",
            ),
            ("ContentSource", self.source or "、".join(self.body_names())),
            ("Keywords", self.keywords),
            ("Description", self.search_description or self.summary),
            ("Url", portal.canonical_url),
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from portal.policy_interpretation.selectors.pages import policy_context

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context.update(policy_context(self, request, context["portal"]))
        return context


def midnight(day: datetime.date | None) -> datetime.datetime | None:
    """The first moment of a day in the portal's time zone."""
    if day is None:
        return None
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


class IssuingBody(Orderable):
    """A body that issued the document; the first is the lead body."""

    page = ParentalKey(PolicyPage, on_delete=models.CASCADE, related_name="issuing_bodies")
    organisation = models.ForeignKey(
        "core.Organisation",
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(
        _("name at that time"),
        max_length=120,
        blank=True,
        help_text=_("In full; for bodies outside, and for units that were called otherwise then."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("issuing body")
        default_permissions = ()

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.name or (self.organisation.full_name if self.organisation else "")

    def clean(self) -> None:
        from django.core.exceptions import ValidationError

        super().clean()
        if not self.name and self.organisation is None:
            raise ValidationError(_("Choose a unit or type the name of the body."))


class PolicyFile(Orderable):
    """The document as it was issued: a file to download."""

    page = ParentalKey(PolicyPage, on_delete=models.CASCADE, related_name="files")
    document = models.ForeignKey(
        "core.PortalDocument", verbose_name=_("file"), on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("title"), max_length=160, blank=True)
    is_attachment = models.BooleanField(
        _("attachment"), default=False, help_text=_("Something added, not the document itself.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("original file")
        default_permissions = ()

    def __str__(self) -> str:
        return self.title or str(self.document)


class PolicyAmendment(Orderable):
    """From a day on the text reads as it now does; what it said before is kept as a version."""

    page = ParentalKey(PolicyPage, on_delete=models.CASCADE, related_name="amendments")
    effective_on = models.DateField(_("takes effect on"))
    basis = models.ForeignKey(
        PolicyPage,
        verbose_name=_("amending document"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    basis_text = models.CharField(
        _("amending document, if not in the library"), max_length=200, blank=True
    )
    note = models.CharField(_("what changed"), max_length=300, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("amendment")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.effective_on:%Y-%m-%d} {self.basis or self.basis_text}"
