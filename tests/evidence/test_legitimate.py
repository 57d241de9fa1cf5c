"""What people do by the portal's own doors is never a finding."""

import datetime
import random
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page

from portal.evidence.models import Entry, State
from portal.library.models import LibraryRecord
from portal.library.models import State as RecordState
from portal.library.services.records import rederive, write
from portal.policy_interpretation.models import PolicyPage
from tests.factories import OrganisationFactory, UserFactory, World
from tests.factories.languages import open_language
from tests.policy_interpretation.factories import make_policy, republish

from .conftest import check, follow, new_article

pytestmark = pytest.mark.django_db

DEEDS = 60


class City:
    """Things that people do, by the doors that they use."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world, self.dice = world, dice
        self.number = 0
        self.user = UserFactory()
        self.english: list[Any] = []

    def _articles(self, **where: Any) -> list[Any]:
        from portal.plugin_api import ArticlePage

        return list(ArticlePage.objects.filter(**{"live": True, "alias_of": None} | where))

    def _one(self, **where: Any) -> Any:
        found = self._articles(**where)
        return self.dice.choice(found) if found else new_article(self.world)

    def _title(self) -> str:
        self.number += 1
        return f"第{self.number}号通告"

    def draft(self) -> None:
        page = self._one()
        page.title = self._title()
        page.save_revision()

    def publish(self) -> None:
        page = self._one()
        page.title = self._title()
        page.save_revision().publish()

    def new(self) -> None:
        new_article(self.world, title=self._title())

    def withdraw(self) -> None:
        self._one().unpublish()

    def move(self) -> None:
        target = self.dice.choice([self.world.column, self.world.hubin_column])
        page = self._one()
        if not Page.objects.child_of(target).filter(slug=page.slug).exists():
            page.move(Page.objects.get(pk=target.pk), pos="last-child")

    def move_the_column(self) -> None:
        column = Page.objects.get(pk=self.world.hubin_column.pk)
        parent = self.dice.choice([self.world.home, self.world.hubin_home])
        parent = Page.objects.get(pk=parent.pk)
        if not Page.objects.child_of(parent).filter(slug=column.slug).exists():
            column.specific.move(parent, pos="last-child")

    def rename(self) -> None:
        page = self._one()
        self.number += 1
        page.slug = f"renamed-{self.number}"
        page.save_revision().publish()

    def alias(self) -> None:
        page = self._one()
        target = Page.objects.get(pk=self.world.gaoxin_column.pk)
        if not Page.objects.child_of(target).filter(slug=page.slug).exists():
            page.create_alias(parent=target)

    def cut_the_alias(self) -> None:
        from wagtail.actions.convert_alias import ConvertAliasPageAction

        column = Page.objects.get(pk=self.world.gaoxin_column.pk)
        aliases = list(Page.objects.child_of(column).filter(alias_of__isnull=False, live=True))
        if aliases:
            ConvertAliasPageAction(self.dice.choice(aliases).specific).execute(
                skip_permission_checks=True
            )

    def delete(self) -> None:
        self._one().delete()

    def lock(self) -> None:
        page = self._one()
        page.locked, page.locked_at = True, timezone.now()
        page.save(update_fields=["locked", "locked_at"])

    def schedule(self) -> None:
        page = self._one()
        page.title = self._title()
        page.go_live_at = timezone.now() + datetime.timedelta(hours=1)
        page.save_revision().publish()
        follow()
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
            call_command("publish_scheduled", verbosity=0)

    def expire(self) -> None:
        page = self._one()
        page.expire_at = timezone.now() + datetime.timedelta(hours=1)
        page.save_revision().publish()
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
            call_command("publish_scheduled", verbosity=0)

    def picture(self) -> None:
        image = get_image_model().objects.first()
        if image is not None:
            image.title = self._title()
            image.save()

    def picture_goes(self) -> None:
        from wagtail.images.tests.utils import get_test_image_file

        image = get_image_model().objects.create(
            title=self._title(), file=get_test_image_file(), description="湖"
        )
        page = self._one()
        page.cover = image
        page.save_revision().publish()
        follow()
        image.delete()

    def record(self) -> None:
        record = LibraryRecord.objects.filter(
            state=RecordState.PUBLIC, page__isnull=False
        ).order_by("pk")[0]
        write(record=record, values={"rights": self._title()}, user=self.user)

    def surroundings(self) -> None:
        rederive(pages=[self._one()])

    def unit(self) -> None:
        unit: Any = OrganisationFactory()
        column = Page.objects.get(pk=self.world.column.pk).specific
        column.owner_unit = unit
        column.save_revision().publish()
        follow()
        unit.delete()
        follow()
        assert check().findings == []
        column = Page.objects.get(pk=self.world.column.pk).specific
        column.owner_unit = OrganisationFactory()
        column.save_revision().publish()

    def policy(self) -> None:
        self.number += 1
        page = make_policy(
            self.world.column, title=self._title(), document_number=f"云政办〔2026〕{self.number}号"
        )
        page.title = self._title()
        republish(page)

    def translation(self) -> None:
        """A foreign version as the desk makes it, and its source published anew."""
        if not self.english:
            self.english.append(open_language(self.world.site))
        locale = self.english[0].locale
        page = self._one()
        if not page.has_translation(locale):
            page.copy_for_translation(locale, copy_parents=True)
        page.title = self._title()
        page.save_revision().publish()

    def repeal(self) -> None:
        """A document ends: its standing changes, and that of what rests on it."""
        policy = PolicyPage.objects.filter(live=True).order_by("pk").first()
        if policy is not None:
            policy.valid_through = datetime.date(2026, 6, 30)
            republish(policy)

    def program(self) -> None:
        """A command that saves a public page without a new version."""
        page = self._one()
        page.title = self._title()
        page.save()


def deeds_of(city: City) -> dict[str, Callable[[], None]]:
    return {
        name: getattr(city, name)
        for name in dir(city)
        if not name.startswith("_") and callable(getattr(city, name))
    }


@pytest.mark.long
def test_random_work_of_editors_raises_nothing(city: World) -> None:
    dice = random.Random(11)
    people = City(city, dice)
    deeds = deeds_of(people)
    order = [*sorted(deeds), *(dice.choice(sorted(deeds)) for _time in range(DEEDS))]
    dice.shuffle(order)
    done: list[str] = []
    for name in order:
        deeds[name]()
        done.append(name)
        if dice.random() < 0.3:
            follow()
        if len(done) % 8 == 0:
            follow()
            assert [found.to_json() for found in check().findings] == [], done[-10:]
    follow()
    assert [found.to_json() for found in check().findings] == []
    assert Entry.objects.filter(action="removed").exists()


def test_what_the_outbox_has_not_told_yet_is_no_finding(city: World) -> None:
    """The check lets the log follow first: an editor who publishes meanwhile is no intruder."""
    page = new_article(city, title="刚刚公布")
    page.title = "又改了"
    page.save_revision().publish()
    assert [found.to_json() for found in check().findings] == []
    assert State.objects.filter(kind="page", object_pk=page.pk).exists()


def test_a_move_does_not_wash_a_changed_title_clean(city: World) -> None:
    """An event says which fields may differ; a changed title is found in spite of it."""
    page = new_article(city, title="原来的题目")
    follow()
    Page.objects.filter(pk=page.pk).update(title="改了的题目")
    Page.objects.get(pk=page.pk).specific.move(
        Page.objects.get(pk=city.hubin_column.pk), pos="last-child"
    )
    follow()
    fields = {found.field for found in check().findings if found.place.startswith("wagtailcore")}
    assert "title" in fields
