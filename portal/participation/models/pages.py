"""What the three kinds of activity have in common."""

import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from portal.plugin_api import (
    BasePage,
    BasePageForm,
    BlocksField,
    BodyBlock,
    DetailPage,
    PageTag,
    PortalContext,
)

from .records import ActivityKind


class ActivityForm(BasePageForm):
    """Says beside the field that a period ends before it begins."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("The end lies before the beginning."))
        return cleaned


class ActivityPage(DetailPage):
    """An activity with a period and, in the end, a result. Counted in its ``Activity`` row."""

    is_listed = True
    activity: ClassVar[ActivityKind]

    organiser = models.CharField(_("organised by"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    date = models.DateTimeField(_("publication time"), null=True, blank=True)
    summary = models.TextField(_("summary"), max_length=300, blank=True)
    contact = models.TextField(
        _("contact"), blank=True, help_text=_("Office, telephone, address: public.")
    )
    body = BlocksField(BodyBlock(), verbose_name=_("text"), blank=True)
    result_summary = models.TextField(
        _("result in a few sentences"),
        blank=True,
        help_text=_("With this the activity is closed. Published only after its end."),
    )
    result_body = BlocksField(BodyBlock(), verbose_name=_("report"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["pages.ColumnPage", "pages.TopicPage"]
    subpage_types: ClassVar[list[str]] = []
    base_form_class = ActivityForm

    opens_at: Any
    closes_at: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        from portal.participation.services.activities import follow_page

        with transaction.atomic():
            result = super().save(*args, **kwargs)
            # Of a draft Wagtail saves a few fields of the page; the others are in its version
            # only, and this object has what that version says. What is stored counts.
            is_whole = kwargs.get("update_fields") is None
            follow_page(page=self if is_whole else type(self)._base_manager.get(pk=self.pk))
        return result

    def activity_form(self) -> str:
        return ""

    def result_policy(self) -> int | None:
        return None

    @property
    def has_result(self) -> bool:
        return bool(self.result_summary.strip())

    def announced_at(self) -> datetime.datetime:
        """Since when everybody can know of it; before it is public, from when on at best."""
        now = timezone.now()
        return self.first_published_at or max(now, self.go_live_at or now)

    def displayed_date(self) -> Any:
        return self.date or self.first_published_at

    def publish_problems(self, parent: Page | None) -> list[tuple[str | None, object]]:
        problems: list[tuple[str | None, object]] = []
        if not self.organiser.strip():
            problems.append(("organiser", _("Say who asks.")))
        if self.opens_at is None or self.closes_at is None:
            problems.append(("opens_at", _("Say from when until when it is open.")))
        elif self.closes_at <= self.opens_at:
            problems.append(("closes_at", _("The end lies before the beginning.")))
        elif self.has_result and self.closes_at > timezone.now():
            message = _("The result is published after the end. End it earlier, or wait.")
            problems.append(("result_summary", message))
        if self.result_body and not self.has_result:
            problems.append(("result_summary", _("Sum the result up in a few sentences.")))
        return [*problems, *self.problems_of_date()]

    def media_values(self) -> list[Any]:
        return [self.body, self.result_body]

    # --- what others are told ---------------------------------------------------------------------
    def listing_values(self) -> dict[str, Any]:
        return {
            "date": self.displayed_date(),
            "title": self.title,
            "summary": self.summary[:300],
            "source": self.source or self.organiser,
            "kind": self.activity.value,
        }

    def search_values(self) -> dict[str, Any]:
        return super().search_values() | {
            "kind": "page",
            "date": self.displayed_date(),
            "summary": self.summary or self.search_description,
            "agencies": (self.organiser,) if self.organiser else (),
        }

    def library_values(self) -> dict[str, Any]:
        return {"record_type": "interaction", "genre": "互动"}

    def page_tags(self, portal: PortalContext) -> list[PageTag]:
        published = self.displayed_date()
        told = timezone.localtime(published).strftime("%Y-%m-%d %H:%M") if published else ""
        return [
            ("ArticleTitle", self.title),
            ("PubDate", told),
            ("ContentSource", self.source or self.organiser),
            ("Keywords", self.keywords),
            ("Description", self.search_description or self.summary),
            ("Url", portal.canonical_url),
        ]


__all__ = ["ActivityForm", "ActivityPage", "BasePage"]
