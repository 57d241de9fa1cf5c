"""How the functions do: figures of plugins side by side, with what they come to."""

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from portal.core.admin.functions import Verdict, functions, text_of, verdict
from portal.core.function_measures import Measure, MeasureUnit, measured_functions
from portal.plugin_api import Entry
from tests.factories import World, make_world, member

TODAY = datetime.date(2026, 11, 28)


class Counted:
    """A function of which 30 days give other figures than the 30 before."""

    title = "Counter"
    order = 1

    def __init__(self) -> None:
        self.asked: list[tuple[int | None, datetime.date, datetime.date]] = []

    def measures(
        self, *, site: int | None, first: datetime.date, last: datetime.date
    ) -> Sequence[Measure]:
        self.asked.append((site, first, last))
        share = 0.5 if last == TODAY else 0.9
        return [
            Measure(
                key="met",
                label="=Met",
                value=share,
                unit=MeasureUnit.SHARE,
                of=40,
                at_least=0.8,
                advice="Do more.",
                url="/admin/more/",
            )
        ]


class Failing:
    title = "Broken"
    order = 2

    def measures(self, **_kwargs: Any) -> Sequence[Measure]:
        raise RuntimeError("no figures today")


def use(monkeypatch: pytest.MonkeyPatch, *items: Any) -> None:
    entries = [
        Entry(f"dummy.f{n}", "dummy", item, "measured_functions") for n, item in enumerate(items)
    ]
    monkeypatch.setattr(measured_functions, "entries", lambda site=None: iter(entries))


def test_a_mark_is_met_missed_or_left_open() -> None:
    def of(**values: Any) -> Verdict:
        return verdict(Measure(key="k", label="", **values))

    assert of(value=3) is Verdict.TOLD
    assert of(value=0.8, unit=MeasureUnit.SHARE, of=10, at_least=0.8) is Verdict.GOOD
    assert of(value=0.79, unit=MeasureUnit.SHARE, of=10, at_least=0.8) is Verdict.MISSED
    assert of(value=0.1, unit=MeasureUnit.SHARE, of=9, at_least=0.8) is Verdict.FEW
    assert of(value=None, unit=MeasureUnit.DAYS, of=50, at_most=7) is Verdict.FEW
    assert of(value=8, unit=MeasureUnit.DAYS, of=50, at_most=7) is Verdict.MISSED
    # A count needs no cases: none at all is what is missed.
    assert of(value=0, at_least=6) is Verdict.MISSED


def test_values_are_written_as_people_read_them() -> None:
    with override("en"):
        assert text_of(0.256, MeasureUnit.SHARE) == "26 %"
        assert text_of(4.25, MeasureUnit.SCORE) == "4.2 of 5"
        assert text_of(2.0, MeasureUnit.NUMBER) == "2.0"


def test_each_figure_stands_beside_that_of_the_period_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = Counted()
    use(monkeypatch, counted)
    (function,) = functions(site=7, days=30, today=TODAY)
    (row,) = function.rows
    assert (row.value, row.earlier, row.verdict) == ("50 %", "90 %", Verdict.MISSED)
    assert counted.asked == [
        (7, datetime.date(2026, 10, 30), TODAY),
        (7, datetime.date(2026, 9, 30), datetime.date(2026, 10, 29)),
    ]


@pytest.mark.django_db
def test_a_function_that_fails_costs_its_own_part_alone(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PORTAL_PLUGIN_ERRORS_RAISE = False
    use(monkeypatch, Failing(), Counted())
    assert [function.title for function in functions(site=None, days=30, today=TODAY)] == [
        "Counter"
    ]


@pytest.fixture
def city() -> World:
    return make_world(provisioned=True)


@pytest.mark.django_db
def test_the_report_says_what_is_missed_and_where_to_go(
    city: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Counted())
    monkeypatch.setattr("portal.core.admin.functions.timezone.localdate", lambda: TODAY)
    client.force_login(member("site_admin", city.hubin))
    with override("en"):
        page = client.get(reverse("portal_functions"))
    html = page.content.decode()
    assert 'href="/admin/more/"' in html
    assert "Do more." in html
    assert page.context["site"] == city.hubin.pk


@pytest.mark.django_db
def test_another_sites_figures_are_refused(
    city: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Counted())
    url = reverse("portal_functions")
    client.force_login(member("site_admin", city.hubin))
    assert client.get(url, {"site": city.gaoxin.pk}).status_code == 302  # Wagtail's refusal
    client.force_login(member("editor", city.hubin))
    assert client.get(url).status_code == 302


@pytest.mark.django_db
def test_the_table_for_spreadsheets_holds_no_formula(
    city: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Counted())
    client.force_login(member("site_admin", city.hubin))
    text = client.get(reverse("portal_functions"), {"export": "csv"}).content.decode("utf-8-sig")
    assert "'=Met" in text
    assert ",met," in text.replace("'", "")
