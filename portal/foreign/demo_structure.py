"""The sections of the demo city: columns with feeds, core content, teams with accounts.

Loading again changes nothing that is there. Sections are opened at the end, by the same gate as
everywhere; one that the gate holds back stays closed and the loader says why.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from wagtail.models import Locale, Page

from .models import (
    ColumnFeed,
    CoreRule,
    ForeignColumn,
    ForeignSection,
    Harm,
    TeamMember,
    TeamRole,
)
from .selectors.sections import root_of, section_for
from .services.catching_up import pages_behind
from .services.sections import NotReady, create_section, open_section
from .services.syncing import sync_source

type Row = Mapping[str, Any]
# The role at the site that lets somebody into the admin, for each role in a team.
_SITE_ROLES = {
    TeamRole.LEAD: "translator",
    TeamRole.TRANSLATOR: "translator",
    TeamRole.LANGUAGE_REVIEWER: "language_reviewer",
    TeamRole.CONTENT_REVIEWER: "secrecy_reviewer",
}


def load(demo: Any) -> None:
    """Core content, then each section with columns, feeds and team; nothing is opened yet."""
    rows = _rows(demo)
    for row in rows:
        Locale.objects.get_or_create(language_code=row["language"])
    for row in rows:
        site = demo.records[row["site"]]
        if section_for(site.pk, row["language"]) is not None:
            continue
        demo.say(f"{row['site']}: section in {row['language']}")
        _section(row, site, demo)
    for row in demo.read_yaml(_file(demo, "core.yaml")):
        _core(row, demo)
    # The core pages enter the queues as they do where an editor publishes: by the outbox. What it
    # told before there was a section comes by the look that is otherwise taken each minute.
    demo.catch_up()
    for code in sorted({row["site"] for row in rows}):
        for page in pages_behind(demo.records[code].pk):
            sync_source(page)


def open_sections(demo: Any) -> None:
    for row in _rows(demo):
        section = section_for(demo.records[row["site"]].pk, row["language"])
        if section is None or section.state != ForeignSection.State.PREPARING:
            continue
        try:
            open_section(section=section)
        except NotReady as error:
            demo.say(f"{row['site']}: {row['language']} stays closed: {'; '.join(error.messages)}")


def _rows(demo: Any) -> list[Row]:
    rows: list[Row] = demo.read_yaml(_file(demo, "sections.yaml"))
    return [row for row in rows if row["site"] in demo.records]


def _file(demo: Any, name: str) -> Any:
    from .demo_content import DIRECTORY

    return DIRECTORY / name


def _section(row: Row, site: Any, demo: Any) -> None:
    needs = [need for need in row["columns"] if need != "front"]
    section = create_section(
        site=site,
        locale=Locale.objects.get(language_code=row["language"]),
        title=row["title"],
        needs=needs,
        minimum_coverage=row["minimum_coverage"],
    )
    root = root_of(section)
    columns = {column.need: column for column in section.columns.select_related("page")}
    if root is None:
        raise LookupError(f"The section {section} has no root page.")
    columns["front"] = section.columns.get(page_id=root.pk)
    for need, told in row["columns"].items():
        column = columns[need]
        if told.get("title"):
            page = column.page.specific
            page.title = told["title"]
            page.save_revision()
            Page.objects.filter(pk=page.pk).update(title=told["title"], draft_title=told["title"])
        for key in told["feeds"]:
            ColumnFeed.objects.create(column=column, source_id=demo.pages[key].pk)
    _team(row, section, columns, demo)


def _team(
    row: Row, section: ForeignSection, columns: Mapping[str, ForeignColumn], demo: Any
) -> None:
    for told in row["team"]:
        role = TeamRole(told["role"])
        held = "partner" if told["account"].startswith("partner") else _SITE_ROLES[role]
        if all(account.username != told["account"] for account in demo.accounts):
            demo.account(told["account"], (held,), row["site"], "")
        user = get_user_model()._default_manager.get(username=told["account"])
        member, _created = TeamMember.objects.get_or_create(
            section=section,
            user=user,
            role=role,
            defaults={"qualification": told["qualification"]},
        )
        member.columns.set([columns[need] for need in told.get("columns") or ()])


def _core(row: Row, demo: Any) -> None:
    page = demo.pages.get(row["page"])
    if page is None or CoreRule.objects.filter(page_id=page.pk).exists():
        return
    rule = CoreRule.objects.create(
        site=demo.records[row["site"]],
        page_id=page.pk,
        lag_days=row["lag"],
        harm=Harm[row["harm"].upper()],
        legal=bool(row.get("legal")),
        **({"hide_after_days": row["hide_after"]} if "hide_after" in row else {}),
    )
    rule.languages.set(Locale.objects.filter(language_code__in=row.get("languages") or ()))
