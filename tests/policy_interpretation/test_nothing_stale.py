"""After a repeal no public place presents the document, or what rests on it alone, as in force.

A crawler with no account reads everything that can be reached from the home page, the site maps and
the API, on every host. How a false claim is recognised: wherever the title or number of the ended
document, or the title of its interpretation, stands in a link, or in a list item, table row or option
without links, one of these must hold:

- a mark that names a state stands in it, or in the paragraph, list item or row around it;
- the page is about the document itself or about something outdated, and says so above its text;
- it is the way back to oneself: breadcrumb, canonical address, share and print links.

Prose that mentions the document (a summary, the words of a news item) claims nothing by itself.
In JSON an object with the title must say ``"in_force": false``, or its title begins with the state, as
in feeds: there the title of an entry counts, and its summary is prose.
"""

import datetime
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.test import Client
from wagtail.models import Page

from portal.core import validity
from portal.core.models import Standing
from portal.policy_interpretation.models import (
    EffectKind,
    InterpretationLink,
    InterpretationPage,
    PolicyPage,
    PolicyRelation,
)
from portal.policy_interpretation.services import effects
from portal.policy_interpretation.validity import Validity
from tests.factories import ArticleFactory, UserFactory, World, publish
from tests.factories.worlds import HOST, SUB_SITE_HOST

from .factories import make_policy, republish

pytestmark = pytest.mark.django_db

TITLE = "云湖市旧公共自行车管理办法"
NUMBER = "云政发〔2019〕88号"
PRODUCT = "一图读懂公共自行车"
STATES = {
    str(state.label)
    for state in (
        Standing.REPEALED,
        Standing.EXPIRED,
        Standing.OUTDATED,
        Validity.REPEALED,
        Validity.EXPIRED,
    )
}
# Elements whose text is a state: in lists, in the library, in what a product says of documents.
MARKS = {"mark", "validity"}
# What stands above a text whose subject is not in force.
NOTICES = {"validity-notice", "policy-notice", "notice--warning"}
# Parts of a page that lead back to the page itself.
OWN_PARTS = {"breadcrumb", "page-tools", "share"}
LISTS = ("", "feed.xml", "interpretations/")
MOST_TWINS = 6
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Element:
    tag: str
    classes: set[str]
    attributes: dict[str, str]
    text: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    has_links: bool = False
    around: "list[Element]" = field(default_factory=list)  # paragraph and item of a link


class Reader(HTMLParser):
    """The links of a page, and the texts of its links, list items and marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[Element] = []
        self.links: list[str] = []
        self.claims: list[tuple[Element, bool]] = []
        self.notices: list[str] = []
        self.heading = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ("a", "link") and "href" in values:
            self.links.append(values["href"])
        if tag in VOID:
            return
        element = Element(tag, set(values.get("class", "").split()), values)
        if tag == "a":
            for outer in self.open:
                outer.has_links = True
            for tags in (("p",), ("li", "tr")):
                nearest = next((one for one in reversed(self.open) if one.tag in tags), None)
                element.around += [nearest] if nearest is not None else []
        self.open.append(element)

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            element = self.open.pop()
            self._finish(element)
            if element.tag == tag:
                return

    def _finish(self, element: Element) -> None:
        text = "".join(element.text)
        if element.classes & MARKS:
            for outer in self.open:
                outer.marks.append(text.strip())
        if element.tag == "h1":
            self.heading = text.strip()
        if element.classes & NOTICES:
            self.notices.append(text)
        if element.tag in ("a", "li", "tr", "option"):
            around = {name for outer in [*self.open, element] for name in outer.classes}
            self.claims.append((element, bool(around & OWN_PARTS)))


def false_claims(html: str, words: set[str]) -> list[str]:
    """Links and list items that mention one of the words as if it were in force."""
    reader = Reader()
    reader.feed(html)
    subject_says_so = bool(reader.notices) and any(word in reader.heading for word in words)
    found = []
    for element, own in reader.claims:
        text = "".join(element.text)
        if own or element.has_links or not any(word in text for word in words):
            continue
        marks = {mark for part in (element, *element.around) for mark in part.marks}
        if not (marks & STATES or subject_says_so):
            found.append(f"<{element.tag}> {' '.join(text.split())[:80]}")
    return found


def false_objects(data: Any, words: set[str]) -> Iterator[str]:
    """Objects of an answer whose title is one of the words and that claim to be in force."""
    if isinstance(data, dict):
        title = str(data.get("title", ""))
        named = any(word in title for word in words)
        if named and data.get("in_force") is not False and not _begins_with_state(title):
            yield json.dumps(data, ensure_ascii=False)[:120]
        for value in data.values():
            yield from false_objects(value, words)
    elif isinstance(data, list):
        for value in data:
            yield from false_objects(value, words)


def false_entries(xml: str, words: set[str]) -> list[str]:
    """Titles of a feed's entries that name one of the words and no state."""
    entries = re.findall(r"<(?:entry|item)\b.*?</(?:entry|item)>", xml, re.DOTALL)
    titles = [title for entry in entries for title in re.findall(r"<title>(.*?)</title>", entry)]
    named = [title for title in titles if any(word in title for word in words)]
    return [title for title in named if not _begins_with_state(title)]


def _begins_with_state(title: str) -> bool:
    return any(title.startswith(f"【{state}】") for state in STATES)


def crawl(client: Client, words: set[str]) -> tuple[list[str], int, int]:
    """(false claims with their addresses, pages read, mentions seen)."""
    start = [(HOST, "/"), (HOST, "/sitemap/"), (SUB_SITE_HOST, "/"), (SUB_SITE_HOST, "/sitemap/")]
    start += [(HOST, f"/api/v1/{part}") for part in ("pages?page_size=100", "sites", "columns")]
    start += [(host, f"/policies/{part}") for host in (HOST, SUB_SITE_HOST) for part in LISTS]
    waiting, seen = deque(start), set(start)
    wrong: list[str] = []
    read = mentions = 0
    while waiting:
        host, path = waiting.popleft()
        answer = client.get(path, headers={"host": host})
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code >= 300 and answer.headers.get("Location"):
            _enter(answer.headers["Location"], host, path, waiting, seen)
            continue
        if answer.status_code != 200 or answer.streaming:
            continue
        read += 1
        body = answer.content.decode(errors="replace")
        mentions += any(word in body for word in words)
        if "json" in kind:
            data = json.loads(body)
            wrong += [f"{host}{path}: {what}" for what in false_objects(data, words)]
            for item in data.get("items", []) if isinstance(data, dict) else []:
                if "id" in item and path.startswith("/api/v1/pages?"):
                    _enter(f"/api/v1/pages/{item['id']}", host, path, waiting, seen)
        elif "html" in kind:
            wrong += [f"{host}{path}: {what}" for what in false_claims(body, words)]
            reader = Reader()
            reader.feed(body)
            for link in reader.links:
                _enter(link, host, path, waiting, seen)
        elif "xml" in kind:
            wrong += [f"{host}{path}: {entry[:80]}" for entry in false_entries(body, words)]
    return wrong, read, mentions


def _path(place: tuple[str, str]) -> str:
    return place[1].partition("?")[0]


def _enter(link: str, host: str, path: str, waiting: Any, seen: set[tuple[str, str]]) -> None:
    parts = urlsplit(urljoin(f"http://{host}{path}", link))
    own_hosts = {HOST, SUB_SITE_HOST}
    if parts.scheme not in ("http", "https") or parts.hostname not in own_hosts:
        return
    if parts.path.startswith(("/admin", "/static", "/media", "/documents")):
        return
    place = (parts.hostname, parts.path + (f"?{parts.query}" if parts.query else ""))
    # Filters multiply: of one address with questions a few are enough.
    twins = sum(1 for other in seen if other[0] == place[0] and _path(other) == parts.path)
    if place not in seen and twins < MOST_TWINS:
        seen.add(place)
        waiting.append(place)


# --- a city in which the document is everywhere ---------------------------------------------------
@dataclass
class City:
    policy: PolicyPage
    product: InterpretationPage
    other: PolicyPage


def link(page: Page, words: str) -> str:
    return f'<p><a linktype="page" id="{page.pk}">{words}</a></p>'


@pytest.fixture
def city(world: World) -> Iterator[City]:
    with time_machine.travel(datetime.datetime(2026, 9, 1, 4, tzinfo=datetime.UTC), tick=False):
        policy = make_policy(world.column, title=TITLE, document_number=NUMBER)
        other = make_policy(world.column, title="云湖市现行公园管理办法")
        product = InterpretationPage(title=PRODUCT, source="市政府办", live=False)
        product.interprets = [InterpretationLink(policy=policy)]
        body = [{"type": "paragraph", "value": link(policy, f"《{TITLE}》")}]
        product.body = product.body.stream_block.to_python(body)
        world.column.add_child(instance=product)
        product.save_revision().publish()
        follower = make_policy(world.hubin_column, title="湖滨区实施细则", live=False)
        follower.relations = [PolicyRelation(kind="implements", target=policy)]
        republish(follower)
        policy.create_alias(parent=world.hubin_column)
        policy.create_alias(parent=world.gaoxin_column)
        product.create_alias(parent=world.hubin_column)
        links = {"page": policy.pk, "url": "", "title": "", "summary": ""}
        more = {"type": "links", "value": {"title": "", "items": [links]}}
        _article(world.column, "新闻：自行车", [*body, more])
        _article(world.gaoxin_column, "高新区新闻", body)
        sections: list[dict[str, Any]] = [
            {"type": "feed", "value": {"column": world.column.pk, "title": "", "count": 6,
                                       "style": style}}
            for style in ("list", "dates", "numbered", "pictures", "lead")
        ]  # fmt: skip
        sections.append({"type": "links", "value": {"title": "常用", "items": [links]}})
        sections.append({"type": "text", "value": link(policy, TITLE)})
        _home(world.home, sections)
        _home(world.hubin_home, [{"type": "links", "value": {"title": "", "items": [links]}}])
        yield City(policy, product, other)


def _article(column: Page, title: str, body: list[dict[str, Any]]) -> None:
    publish(ArticleFactory(parent=column, title=title, body=body, draft=True))


def _home(page: Page, sections: list[dict[str, Any]]) -> None:
    page.refresh_from_db()
    publish(page, sections=sections)


WORDS = {TITLE, NUMBER, PRODUCT}


def test_the_crawler_sees_the_document_where_it_stands(city: City, client: Client) -> None:
    """Before the repeal: the same places, none marked. What sees nothing proves nothing."""
    wrong, read, mentions = crawl(client, WORDS)
    assert read >= 15
    assert mentions >= 10
    places = {line.partition(":")[0].split("?")[0] for line in wrong}
    assert {f"{HOST}/", f"{HOST}/hubin/", f"{HOST}/yaowen/", f"{HOST}/hubin/dongtai/"} <= places
    assert any(place.startswith(SUB_SITE_HOST) for place in places)
    assert any(place.startswith(f"{HOST}/api/v1/pages") for place in places)


def test_after_a_repeal_nothing_presents_it_as_in_force(city: City, client: Client) -> None:
    client.get("/", headers={"host": HOST})  # what was kept before the repeal must not survive
    effects.end_document(
        policy=city.policy,
        kind=EffectKind.REPEALED,
        since=datetime.date(2026, 9, 1),
        basis="市政府令第1号",
        user=UserFactory(is_superuser=True),
    )
    wrong, read, mentions = crawl(client, WORDS)
    assert wrong == []
    assert read >= 15
    assert mentions >= 10, "it stays findable as what it is"
    assert crawl(client, {city.other.title})[0], "what is in force carries no mark"


def test_the_same_when_the_day_comes(city: City, client: Client) -> None:
    effects.end_document(
        policy=city.policy,
        kind=EffectKind.EXPIRED,
        since=datetime.date(2026, 9, 20),
        basis="市政府公告",
        user=UserFactory(is_superuser=True),
    )
    assert crawl(client, WORDS)[0]
    with time_machine.travel(datetime.datetime(2026, 9, 19, 16, 1, tzinfo=datetime.UTC)):
        validity.follow_calendar()
        assert crawl(client, WORDS)[0] == []
