"""Ratings: given without an account, one a day, looked at, replied to; who may not."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.plugin_api import Clock
from portal.services import ratings as desk
from portal.services.models import GuidePage, GuideRating
from tests.factories import OrganisationFactory, UserFactory, World

from .factories import make_guide

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide(world: World) -> GuidePage:
    return make_guide(world.column, owner_unit=OrganisationFactory(full_name="云湖市公安局"))


def rated(guide: GuidePage, score: int, text: str = "", visitor: str = "a") -> GuideRating:
    return desk.rate(
        page=guide, score=score, reasons=["late"], text=text, language="zh-hans", visitor=visitor
    )


def send(client: Client, guide: GuidePage, **values: object) -> int:
    headers = values.pop("headers", {})
    return client.post(f"/services/{guide.pk}/rate/", values, headers=headers).status_code  # type: ignore[arg-type]


def test_a_rating_is_given_with_a_plain_form(client: Client, guide: GuidePage) -> None:
    assert client.get(f"/services/{guide.pk}/rate/").status_code == 200
    answer = client.post(
        f"/services/{guide.pk}/rate/", {"score": "4", "reasons": ["fast", "nonsense"], "text": ""}
    )
    assert answer.status_code == 422  # a reason that is none: said, nothing kept
    assert not GuideRating.objects.exists()
    answer = client.post(f"/services/{guide.pk}/rate/", {"score": "4", "reasons": ["fast"]})
    assert answer.status_code == 302
    assert "csrftoken" not in answer.cookies
    rating = GuideRating.objects.get()
    assert (rating.score, rating.reasons, rating.shown) == (4, ["fast"], None)
    assert "127.0.0.1" not in rating.voter


def test_a_second_one_on_the_same_day_takes_the_place_of_the_first(
    client: Client, guide: GuidePage
) -> None:
    assert send(client, guide, score="1") == 302
    assert send(client, guide, score="5", text="好") == 302
    assert [(r.score, r.text) for r in GuideRating.objects.all()] == [(5, "好")]
    assert not Clock.objects.get().is_open  # no reply is owed any more
    rated(guide, 3, visitor="another")
    assert desk.figures_of(guide.pk).average == 4.0


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: Client, guide: GuidePage) -> None:
    answer = client.post(f"/services/{guide.pk}/rate/", {"text": "排队太久"})
    assert answer.status_code == 422
    assert "排队太久" in answer.content.decode()
    assert send(client, guide, score="9") == 422
    assert send(client, guide, score="3", text="字" * (desk.LONGEST + 1)) == 422
    assert not GuideRating.objects.exists()


def test_other_websites_and_floods_are_refused(client: Client, guide: GuidePage) -> None:
    assert send(client, guide, score="1", headers={"origin": "https://evil.example"}) == 403
    assert not GuideRating.objects.exists()
    statuses = [send(client, guide, score="3", text="再说") for _n in range(22)]
    assert statuses[0] == 302
    assert statuses[-1] == 429


def test_drafts_and_unknown_guides_cannot_be_rated(client: Client, world: World) -> None:
    draft = make_guide(world.column, live=False)
    assert send(client, draft, score="3") == 404
    assert client.get("/services/999999/rate/").status_code == 404
    assert client.get("/services/99999999999/ratings/").status_code == 404


def test_words_are_public_after_a_look_only(client: Client, guide: GuidePage) -> None:
    rating = rated(guide, 4, "材料写得<b>清楚</b>")
    page = f"/services/{guide.pk}/ratings/"
    assert "材料写得" not in client.get(page).content.decode()
    desk.decide(rating=rating, shown=True)
    shown = client.get(page).content.decode()
    assert "材料写得&lt;b&gt;清楚&lt;/b&gt;" in shown
    desk.decide(rating=rating, shown=False)
    assert "材料写得" not in client.get(page).content.decode()


def test_a_bad_rating_owes_a_reply_with_a_deadline(client: Client, guide: GuidePage) -> None:
    rated(guide, 3)
    assert not Clock.objects.exists()
    rating = rated(guide, 2, visitor="b")
    clock = Clock.objects.get(kind=desk.REPLY_CLOCK)
    assert clock.is_open
    assert clock.unit == guide.owner_unit
    assert desk.figures_of(guide.pk).owed == 1
    with pytest.raises(ValidationError):
        desk.reply(rating=rating, text="  ", by=None)
    desk.reply(rating=rating, text="已经改正。", by=None)
    clock.refresh_from_db()
    assert not clock.is_open
    assert desk.figures_of(guide.pk).owed == 0
    assert "已经改正。" in client.get(f"/services/{guide.pk}/ratings/").content.decode()


def test_a_rating_with_a_reply_is_not_changed_any_more(guide: GuidePage) -> None:
    desk.reply(rating=rated(guide, 1), text="对不起。", by=None)
    rated(guide, 5)
    assert sorted(GuideRating.objects.values_list("score", flat=True)) == [1, 5]


def test_who_may_reply_and_who_may_look(guide: GuidePage, world: World) -> None:
    rating = rated(guide, 1, "慢")
    office = UserFactory(organisation=guide.owner_unit)
    other = UserFactory(organisation=OrganisationFactory())
    nobody = UserFactory()
    gone = UserFactory(organisation=guide.owner_unit, is_active=False)
    admin = UserFactory(is_superuser=True)
    assert [desk.may_reply(u, rating) for u in (office, other, nobody, gone, admin)] == [
        True, False, False, False, True,
    ]  # fmt: skip
    # The office does not decide whether words about itself are shown.
    assert not desk.may_look(office, rating)
    assert desk.may_look(admin, rating)
    assert list(desk.ratings_for(office)) == [rating]
    assert not desk.ratings_for(other).exists()


def test_the_screens(admin_client: Client, guide: GuidePage) -> None:
    rating = rated(guide, 1, "等了很久")
    queue = admin_client.get(reverse("services_ratings"))
    assert "等了很久" in queue.content.decode()
    address = reverse("services_rating", args=[rating.pk])
    assert admin_client.get(address).status_code == 200
    refused = admin_client.post(address, {"action": "reply", "text": ""})
    assert refused.status_code == 422
    admin_client.post(address, {"action": "show"} | seen(admin_client, address))
    admin_client.post(address, {"action": "reply", "text": "已经加开窗口。"})
    rating.refresh_from_db()
    assert (rating.shown, rating.reply) == (True, "已经加开窗口。")
    assert rating.replied_by is not None
    assert "等了很久" not in admin_client.get(reverse("services_ratings")).content.decode()


def seen(client: Client, address: str) -> dict[str, str]:
    """What the form sends of the words that it shows."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    assert found is not None
    return {"seen": found[1]}


def test_words_that_changed_while_somebody_looked_stay_hidden(
    admin_client: Client, guide: GuidePage
) -> None:
    rating = rated(guide, 4, "很好")
    address = reverse("services_rating", args=[rating.pk])
    form = {"action": "show"} | seen(admin_client, address)
    rated(guide, 4, "骂人的话")
    admin_client.post(address, form)
    rating.refresh_from_db()
    assert (rating.text, rating.shown) == ("骂人的话", None)
    assert not desk.decide(rating=GuideRating(pk=rating.pk, text="很好"), shown=True)
    admin_client.post(address, {"action": "hide"} | seen(admin_client, address))
    rating.refresh_from_db()
    assert rating.shown is False


def test_ratings_of_yesterday_stay(guide: GuidePage) -> None:
    rating = rated(guide, 2)
    GuideRating.objects.filter(pk=rating.pk).update(at=rating.at - datetime.timedelta(days=1))
    rated(guide, 5)
    assert GuideRating.objects.count() == 2
