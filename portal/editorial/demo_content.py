"""The plugin's part of the demo city: ``demo/office.yaml``."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from portal.plugin_api import ArticlePage

from .models import (
    Contribution,
    ContributionState,
    ContributionStep,
    Contributor,
    DeliverableKind,
    FeeRate,
    RecurringTask,
    UnitTask,
)
from .selectors.contributors import capacity_of, name_of
from .selectors.fees import sheets
from .selectors.texts import measured
from .services import fees, tasks
from .services.tasks import Cooperation

type Row = Mapping[str, Any]
FILE = Path(__file__).parent / "demo" / "office.yaml"


class DemoOffice:
    """Entered in the registry ``demo_content``."""

    def finish(self, demo: Any) -> None:
        """Nothing: accounts are made after the pages (``after_all``)."""

    def after_all(self, demo: Any) -> None:
        """Make what is not there. What was loaded before stays as it is."""
        told = demo.read_yaml(FILE)
        site = demo.records.get(told["site"])
        if site is None:
            return
        for row in told["accounts"]:
            _account(row, told["site"], demo)
        with transaction.atomic():
            _Loader(demo, site, told).run()


class _Loader:
    def __init__(self, demo: Any, site: Any, told: Mapping[str, Any]) -> None:
        self.demo, self.site, self.told = demo, site, told
        users = get_user_model()._default_manager
        names = [row["username"] for row in told["accounts"]]
        self.users = {user.get_username(): user for user in users.filter(username__in=names)}
        self.office = self.users["portal-office"]

    def run(self) -> None:
        here = {"site": self.site}
        if not Contribution.objects.filter(**here, user__in=self.users.values()).exists():
            self.demo.say("contributions and fees")
            self._registers()
            for row in self.told["accepted"]:
                self._accepted(row)
            for row in self.told["sheets"]:
                self._sheet(row)
            for row in self.told["drafts"]:
                self._draft(row)
        if not UnitTask.objects.filter(**here).exists():
            self.demo.say("tasks to units")
            self._kinds()
            for row in self.told["tasks"]:
                self._task(row)

    def _registers(self) -> None:
        for row in self.told["contributors"]:
            Contributor.objects.get_or_create(
                site=self.site,
                user=self.users[row["account"]],
                since=row["since"],
                defaults={"kind": row["kind"], "unit": self.demo.unit(row["unit"])},
            )
        for row in self.told["rates"]:
            FeeRate.objects.get_or_create(
                site=self.site,
                kind=row["kind"],
                valid_from=row["from"],
                defaults={"basis": row["basis"], "amount": row["amount"]},
            )

    # --- contributions ---------------------------------------------------------------------------
    def _accepted(self, row: Row) -> None:
        """A public page of the city, as if it had come in from a unit."""
        if row["page"] not in self.demo.pages:
            return
        page = Page.objects.get(pk=self.demo.pages[row["page"]].pk)
        user = self.users[row["account"]]
        public = page.first_published_at or timezone.now()
        begun = public - datetime.timedelta(hours=row["hours_before"])
        capacity = capacity_of(user, self.site.pk, timezone.localdate(public))
        if capacity is None:
            return
        Page.objects.filter(pk=page.pk).update(owner=user)
        found, column = measured(page.specific, capacity.kind), page.get_parent()
        made = Contribution.objects.create(
            page=page,
            title=page.title,
            site=self.site,
            column=column,
            column_title=column.title,
            user=user,
            person=name_of(user),
            unit=capacity.unit,
            unit_name=str(capacity.unit or ""),
            capacity=capacity.kind,
            kind=found.kind,
            words=found.words,
            minutes=found.minutes,
            state=ContributionState.ACCEPTED,
            submitted_at=begun,
            changed_at=public,
            accepted_at=public,
        )
        way: list[tuple[str, Any, Any, str]] = [(ContributionState.SUBMITTED, begun, user, "")]
        if row.get("returned"):
            third = (public - begun) / 3
            way.append((ContributionState.RETURNED, begun + third, self.office, row["returned"]))
            way.append((ContributionState.SUBMITTED, begun + 2 * third, user, ""))
        way.append((ContributionState.ACCEPTED, public, None, ""))
        for state, at, by, reason in way:
            ContributionStep.objects.create(
                contribution=made, state=state, at=at, by=by, by_name=name_of(by), reason=reason
            )

    def _sheet(self, row: Row) -> None:
        user, month = self.users[row["account"]], datetime.date.fromisoformat(f"{row['month']}-01")
        settle = {"site_pk": self.site.pk, "user": user, "month": month, "by": self.office}
        if not any(sheet.lines for sheet in sheets(self.site.pk, month, user)):
            return  # its item is not part of this city
        sheet = fees.confirm(**settle)
        if row.get("taken_back"):
            fees.take_back(sheet=sheet, reason=row["taken_back"], by=self.office)
            sheet = fees.confirm(**settle)
        if row.get("paid"):
            fees.mark_paid(sheet=sheet, on=timezone.localdate(), by=self.office)

    def _draft(self, row: Row) -> None:
        """A draft that goes through the reviews of the site as far as ``way`` says."""
        column, user = self.demo.pages[row["column"]], self.users[row["account"]]
        if Page.objects.child_of(column).filter(slug=row["key"]).exists():
            return
        page = ArticlePage(
            title=row["title"],
            slug=row["key"],
            live=False,
            locale=self.demo.locale,
            owner=user,
            source=row["source"],
            summary=row["summary"],
            search_description=row["summary"],
        )
        page.body = page.body.stream_block.normalize(self.demo.blocks(row["body"]))
        Page.objects.get(pk=column.pk).add_child(instance=page)
        page.save_revision(user=user)
        workflow = page.get_workflow()
        if workflow is None:
            return
        state = workflow.start(page, user)
        if row["way"] == "returned":
            state.current_task_state.reject(user=self.office, comment=row["reason"])
        elif row["way"] == "in_review":
            state.current_task_state.approve(user=self.office)
        elif row["way"] == "withdrawn":
            state.cancel(user=user)

    # --- tasks -----------------------------------------------------------------------------------
    def _kinds(self) -> None:
        self.kinds = {}
        for row in self.told["kinds"]:
            values = {name: row[name] for name in ("form", "parts", "limit_days")}
            kind, _created = DeliverableKind.objects.get_or_create(
                site=self.site, name=row["name"], defaults=values
            )
            self.kinds[kind.name] = kind
        today = timezone.localdate()
        for row in self.told["recurring"]:
            # The next day of the month, or of the week, that is meant; never today.
            first = today + datetime.timedelta(days=1)
            wanted = row["day"]
            while (first.day if row["every"] == "month" else first.isoweekday()) != wanted:
                first += datetime.timedelta(days=1)
            RecurringTask.objects.get_or_create(
                site=self.site,
                title=row["title"],
                defaults={
                    "wanted": row["wanted"],
                    "kind": self.kinds[row["kind"]],
                    "unit": self.demo.unit(row["unit"]),
                    "person": row["person"],
                    "column": self._column(row),
                    "every": row["every"],
                    "next_on": first,
                    "limit_days": row["limit_days"],
                    "made_by": self.office,
                },
            )

    def _column(self, row: Row) -> Page | None:
        page = self.demo.pages.get(row["column"])
        return Page.objects.get(pk=page.pk) if page is not None else None

    def _task(self, row: Row) -> None:
        task = tasks.issue(
            site_pk=self.site.pk,
            title=row["title"],
            wanted=row["wanted"],
            unit=self.demo.unit(row["unit"]),
            person=row["person"],
            by=self.office,
            kind=self.kinds.get(row.get("kind", "")),
            column=self._column(row),
            limit_days=row["limit"],
            at=timezone.now() - datetime.timedelta(days=row["issued"]),
            cooperations=[
                Cooperation(self.demo.unit(part["unit"]), part["person"], part["wanted"])
                for part in row.get("with") or ()
            ],
        )
        unit_account = self.users.get(row.get("account", ""))
        page = self.demo.pages.get(row.get("page", ""))
        for step in row.get("way") or ():
            if step == "receive":
                tasks.confirm_receipt(task=task, by=unit_account)
            elif step == "deliver":
                tasks.deliver(
                    task=task,
                    by=unit_account,
                    note=row["note"],
                    parts=task.required_parts,
                    page=Page.objects.get(pk=page.pk) if page is not None else None,
                )
            elif step == "return":
                tasks.give_back(task=task, reason=row["reason"], by=self.office)
            elif step == "accept":
                tasks.accept(task=task, by=self.office)
            elif step == "close":
                tasks.close(task=task, by=self.office)
            elif step == "cancel":
                tasks.cancel(task=task, reason=row["reason"], by=self.office)


def _account(row: Row, site: str, demo: Any) -> None:
    demo.account(row["username"], tuple(row["roles"]), site, row["unit"])
    get_user_model()._default_manager.filter(username=row["username"], last_name="").update(
        last_name=row["last_name"], first_name=row["first_name"]
    )
