"""Links that lead nowhere: what is read, what is found without the network, who sees it."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from portal.library.models import LibraryRecord, Link, Problem
from portal.library.reading_links import Found, absolute, links_of
from portal.library.services import links, prints, quality
from tests.factories import ArticleFactory, DocumentFactory, UserFactory, World, member

from .conftest import record_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def body(html: str) -> list[tuple[str, object]]:
    return [("paragraph", html)]


def problems(page) -> dict[str, str]:
    return dict(record_of(page).links.values_list("target", "problem"))


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/a/?b=1#c", "https://www.yunhu.example/a/?b=1"),
        ("../c/", "https://www.yunhu.example/xinwen/c/"),
        ("//other.example/x", "https://other.example/x"),
        (" http://other.example ", "http://other.example"),
        ("#top", ""), ("mailto:a@b.example", ""), ("javascript:alert(1)", ""), ("tel:110", ""),
        ("http://[::1", ""), ("http://a.example:99999/", ""), ("a\x00b", ""),
    ],
)  # fmt: skip
def test_an_address_is_told_in_full_or_not_at_all(href: str, address: str) -> None:
    assert absolute(href, "https://www.yunhu.example/xinwen/b/") == address


def test_all_links_of_a_page_are_read(provisioned_world: World) -> None:
    other, file = ArticleFactory(parent=provisioned_world.column), DocumentFactory()
    page = ArticleFactory(
        parent=provisioned_world.column,
        source_url="https://source.example/1",
        body=body(
            f'<p><a linktype="page" id="{other.pk}">一</a><a linktype="document" id="{file.pk}">二'
            '</a><a href="/x/?a=1&amp;b=2">三</a><a href="https://other.example/#y">四</a></p>'
        ),
    )
    assert links_of(page, "https://www.yunhu.example/p/") == {
        Found("page", str(other.pk)), Found("document", str(file.pk)),
        Found("address", "https://www.yunhu.example/x/?a=1&b=2"),
        Found("address", "https://other.example/"), Found("address", "https://source.example/1"),
    }  # fmt: skip


def test_what_leads_nowhere_is_found_and_is_gone_when_mended(
    provisioned_world: World,
) -> None:
    parent = provisioned_world.column
    kept, hidden = ArticleFactory(parent=parent), ArticleFactory(parent=parent)
    file = DocumentFactory()
    good = urlsplit(kept.get_full_url()).path
    page = ArticleFactory(
        parent=parent,
        body=body(
            f'<p><a linktype="page" id="{kept.pk}">一</a><a linktype="page" id="{hidden.pk}">二</a>'
            f'<a linktype="page" id="999999">三</a><a linktype="document" id="{file.pk}">四</a>'
            f'<a href="{good}">五</a><a href="/no/such/page/">六</a><a href="{good}x">七</a>'
            '<a href="/media/no-such.pdf">八</a><a href="https://other.example/">九</a></p>'
        ),
    )
    prints.follow_pages(page_pks=[page.pk])
    hidden.unpublish()
    file.file.storage.delete(file.file.name)
    site = provisioned_world.site.pk
    assert links.check_inside(site) == 6
    told = {target.split("//")[-1].partition("/")[2] or target: problem
            for target, problem in problems(page).items()}  # fmt: skip
    assert problems(page)[str(kept.pk)] == Problem.NONE
    assert problems(page)[str(hidden.pk)] == Problem.HIDDEN
    assert problems(page)["999999"] == Problem.GONE
    assert problems(page)[str(file.pk)] == Problem.NO_FILE
    assert told["no/such/page/"] == Problem.NOT_FOUND
    assert told[f"{good.strip('/')}/x"] == Problem.NOT_FOUND
    assert told[f"{good.strip('/')}/"] == Problem.NONE
    assert told["media/no-such.pdf"] == Problem.NO_FILE
    assert problems(page)["https://other.example/"] == Problem.NONE
    first = record_of(page).links.get(target=str(hidden.pk)).since
    quality.check_site(site)
    assert record_of(page).findings.filter(check_name="dead_links").exists()
    links.check_inside(site)
    assert record_of(page).links.get(target=str(hidden.pk)).since == first
    hidden.save_revision().publish()
    links.check_inside(site)
    assert problems(page)[str(hidden.pk)] == Problem.NONE
    page.body = body(f'<p><a linktype="page" id="{kept.pk}">一</a></p>')
    page.save_revision().publish()
    prints.follow_pages(page_pks=[page.pk])
    assert problems(page) == {str(kept.pk): Problem.NONE}


def test_pages_from_before_are_read_in_portions(provisioned_world: World) -> None:
    pages = [
        ArticleFactory(parent=provisioned_world.column, body=body('<p><a href="/a/">一</a></p>'))
        for _number in range(3)
    ]
    site = provisioned_world.site.pk
    Link.objects.all().delete()
    LibraryRecord.objects.update(links_read=False)
    LibraryRecord.objects.exclude(page__in=pages).update(links_read=True)
    assert [links.read_missing(site, limit=2) for _time in range(3)] == [2, 1, 0]
    assert all(len(problems(page)) == 1 for page in pages)


def test_the_screen_shows_those_of_the_own_sites(provisioned_world: World, client: Client) -> None:
    html = '<p><a linktype="page" id="999999">一</a></p>'
    page = ArticleFactory(parent=provisioned_world.column, title="本站的稿子", body=body(html))
    other = ArticleFactory(parent=provisioned_world.hubin_column, title="别站的稿", body=body(html))
    prints.follow_pages(page_pks=[page.pk, other.pk])
    for site in (provisioned_world.site, provisioned_world.hubin):
        links.check_inside(site.pk)
    address = reverse("library_links")
    client.force_login(member("editor", provisioned_world.site))
    seen = client.get(address).content.decode()
    assert "本站的稿子" in seen
    assert "别站的稿" not in seen
    client.force_login(member("information_officer", provisioned_world.site))
    assert client.get(address).status_code in (302, 403)
    client.force_login(UserFactory(superuser=True))
    seen = client.get(f"{address}?site={provisioned_world.hubin.pk}").content.decode()
    assert "本站的稿子" not in seen
    assert "别站的稿" in seen
