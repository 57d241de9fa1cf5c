"""Service figures: typed, brought in from a table, counted, and told when they are old."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from portal.plugin_api import SERVICE_ICONS
from portal.services.models import ServiceFigure, ServiceSettings, ServiceTerm
from portal.services.selectors.figures import counts_of, stale_sites
from portal.services.services.figures import month_of, store_figures
from tests.factories import World, member

from .factories import make_guide, term

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 28)


def test_counts_of_a_site(world: World) -> None:
    make_guide(world.column, title="甲", online_level=term("online_level", "quancheng"))
    shown = make_guide(world.column, title="乙", online_level=term("online_level", "yici"))
    make_guide(world.column, title="丙")
    make_guide(world.column, title="草稿", live=False)
    make_guide(world.hubin_column, title="湖滨的")
    shown.create_alias(parent=world.hubin_column)
    for month, what, value in (
        (10, "cases_natural", 100), (11, "cases_natural", 20), (11, "cases_legal", 7),
        (9, "registered_users", 500), (10, "registered_users", 600),
    ):  # fmt: skip
        day = datetime.date(2026, month, 1)
        ServiceFigure.objects.create(site=world.site, month=day, what=what, value=value)
    old = datetime.date(2025, 12, 1)
    ServiceFigure.objects.create(site=world.site, month=old, what="cases_natural", value=9999)
    here, hubin = counts_of([world.site.pk, world.hubin.pk], TODAY)
    assert (here.items, here.wholly_online, here.without_level) == (3, 1, 1)
    assert (here.cases_natural, here.cases_legal, here.registered_users) == (120, 7, 600)
    assert (here.latest, here.is_stale) == (datetime.date(2026, 11, 1), False)
    assert (hubin.items, hubin.cases_natural, hubin.is_stale) == (1, None, True)


@pytest.mark.parametrize(
    ("latest", "months", "stale"),
    [
        (datetime.date(2026, 8, 1), 3, False),
        (datetime.date(2026, 7, 1), 3, True),
        (datetime.date(2026, 7, 1), 6, False),
        (None, 3, True),
    ],
)
def test_figures_get_old(
    world: World, latest: datetime.date | None, months: int, stale: bool
) -> None:
    make_guide(world.column)
    ServiceSettings.objects.create(site=world.site, figures_months=months)
    if latest:
        ServiceFigure.objects.create(site=world.site, month=latest, what="cases_natural", value=1)
    assert stale_sites(None, TODAY) == ([world.site.pk] if stale else [])


def test_a_site_without_guides_owes_no_figures(world: World) -> None:
    assert stale_sites(None, TODAY) == []


# --- a table --------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["2026-10", "2026/10", "2026年10月", "2026-10-01 00:00:00"])
def test_months_as_people_write_them(text: str) -> None:
    assert month_of(text) == datetime.date(2026, 10, 1)


@pytest.mark.parametrize("text", ["", "October", "2026-13", "2999-01", "10/2026"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with override("en"), pytest.raises(ValueError, match=r"no month|has not come"):
        month_of(text)


def test_all_rows_or_none(world: World) -> None:
    good = {"month": "2026-10", "figure": "cases_natural", "value": "1,200"}
    bad = {"month": "2026-10", "figure": "wishes", "value": "many"}
    count, problems = store_figures(site=world.site.pk, rows=[(2, good), (3, bad), (4, good)])
    assert (count, [problem.line for problem in problems]) == (0, [3, 4])
    assert not ServiceFigure.objects.exists()
    assert store_figures(site=world.site.pk, rows=[(2, good)]) == (1, [])
    newer = good | {"value": "1300", "source": "政务平台"}
    store_figures(site=world.site.pk, rows=[(2, newer)])
    figure = ServiceFigure.objects.get()
    assert (figure.value, figure.source) == (1300, "政务平台")


def upload(client: Client, world: World, text: str, site: int | None = None) -> Any:
    file = SimpleUploadedFile("figures.csv", text.encode("gb18030"))
    data = {"site": site or world.site.pk, "file": file}
    return client.post(reverse("services_figures_import"), data)


def test_the_screen_names_wrong_lines(provisioned_world: World, client: Client) -> None:
    client.force_login(member("site_admin", provisioned_world.site))
    answer = upload(client, provisioned_world, "month,figure,value\n2026-10,cases_legal,-5\n")
    assert [problem.line for problem in answer.context["problems"]] == [2]
    assert not ServiceFigure.objects.exists()
    good = upload(
        client, provisioned_world, "month,figure,value,source\n2026-10,cases_legal,5,云湖\n"
    )
    assert good.status_code == 302
    assert ServiceFigure.objects.get().source == "云湖"


def test_figures_belong_to_who_runs_the_site(provisioned_world: World, client: Client) -> None:
    table = "month,figure,value\n2026-10,cases_legal,5\n"
    client.force_login(member("editor", provisioned_world.site))
    upload(client, provisioned_world, table)
    client.force_login(member("site_admin", provisioned_world.hubin))
    upload(client, provisioned_world, table, site=provisioned_world.site.pk)
    assert not ServiceFigure.objects.exists()


# --- word lists -----------------------------------------------------------------------------------
def test_the_lists_come_with_the_portal() -> None:
    levels = ServiceTerm.objects.filter(dimension="online_level").values_list("rank", flat=True)
    assert list(levels) == [0, 1, 2, 3, 4]
    assert ServiceTerm.objects.filter(dimension="item_type").count() == 11
    assert not ServiceTerm.objects.filter(english_label="").exists()


def test_every_icon_of_the_lists_is_drawn() -> None:
    known = {key for key, _label in SERVICE_ICONS}
    assert set(ServiceTerm.objects.values_list("icon", flat=True)) <= known


def test_the_lists_belong_to_the_platform(provisioned_world: World, client: Client) -> None:
    word = ServiceTerm.objects.first()
    assert word is not None
    path = reverse("service_terms:edit", args=[word.pk])
    client.force_login(member("site_admin", provisioned_world.site))
    assert client.get(path).status_code == 302
    client.force_login(member("platform_admin"))
    assert client.get(path).status_code == 200
    client.post(reverse("service_terms:delete", args=[word.pk]))
    data = {"dimension": "subject", "key": "other", "label": "改过的", "rank": 5, "icon": "home"}
    client.post(path, data)
    word.refresh_from_db()
    assert word.label == "改过的"
    assert (word.dimension, word.key) != ("subject", "other"), "list and key stay"
