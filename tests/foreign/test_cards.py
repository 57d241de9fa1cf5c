"""Counter cards: what of a page stands on them, in which languages, and for whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from portal.core import structure
from portal.foreign.models import LiveSegment, PageTranslation
from portal.foreign.releasing import releasing
from portal.foreign.selectors import cards
from portal.foreign.selectors.card_texts import CardLine, CardPart
from portal.foreign.services.placing import place
from portal.pages.models import ArticlePage

from .factories import Section

CHINESE = [
    ("heading", {"text": "去哪里", "level": "2"}),
    ("paragraph", "<p>市民中心二层窗口（望湖大道5号），也可以到柳岸路68号。</p>"),
    ("heading", {"text": "带什么", "level": "2"}),
    ("paragraph", "<ul><li>护照原件</li><li>住宿登记</li></ul>"),
    ("heading", {"text": "不明白", "level": "2"}),
    ("paragraph", "<p>打0999-10000266或者12345，急事打110。</p>"),
]
ENGLISH = [
    "Where to go",
    "<p>Counter on the second floor of the Civic Centre (5 Wanghu Avenue), or 68 Liuan Road.</p>",
    "What to bring",
    "<ul><li>Passport</li><li>Registration of accommodation</li></ul>",
    "Questions",
    "<p>Call +86 999 1000 0266 or 12345, in an emergency 110.</p>",
]


def body(pieces: list[Any]) -> Any:
    return ArticlePage.body.field.stream_block.normalize(pieces)


@pytest.fixture
def guide(english: Section) -> ArticlePage:
    english.article.body = body(CHINESE)
    english.article.save_revision().publish()
    found: ArticlePage = english.article
    return found


@pytest.fixture
def translated(english: Section, guide: ArticlePage) -> ArticlePage:
    """The guide in English, public as a release leaves it."""
    return translate(guide, english, ENGLISH)


def translate(page: ArticlePage, section: Section, texts: list[str]) -> ArticlePage:
    target = place(source=page, section=section.row)
    target.title = "How to get a residence permit"
    stream = []
    for child, text in zip(page.body.raw_data, texts, strict=True):
        value = dict(child["value"], text=text) if child["type"] == "heading" else text
        stream.append({"type": child["type"], "id": child["id"], "value": value})
    target.body = ArticlePage.body.field.to_python(stream)
    with releasing(target.pk):
        target.save_revision().publish()
    structure.touch()
    found: ArticlePage = Page.objects.get(pk=target.pk).specific
    return found


@pytest.fixture
def get(client: Client) -> Callable[[str], str]:
    def read(path: str) -> str:
        response = client.get(path)
        assert response.status_code == 200, path
        return response.content.decode()

    return read


def test_both_languages_stand_side_by_side(translated: ArticlePage, guide: ArticlePage) -> None:
    card = cards.card_of(translated.pk, "en")
    assert card is not None
    assert [(part.topic, part.heading, part.chinese_heading) for part in card.parts] == [
        ("where", "Where to go", "去哪里"),
        ("bring", "What to bring", "带什么"),
        ("", "Questions", "不明白"),
    ]
    assert card.parts[1].lines == (
        CardLine("item", "Passport", "护照原件"),
        CardLine("item", "Registration of accommodation", "住宿登记"),
    )
    assert card.is_errand


def test_addresses_for_a_driver_and_numbers_from_abroad(translated: ArticlePage) -> None:
    card = cards.card_of(translated.pk, "en")
    assert card is not None
    assert [(one.chinese, one.pinyin) for one in card.addresses] == [
        ("望湖大道5号", "Wànghú Dàdào 5 hào"),
        ("柳岸路68号", "Liǔàn Lù 68 hào"),
    ]
    assert [one.number for one in card.phones] == ["+86 999 1000 0266", "12345", "110"]


def test_the_page_of_a_card(
    get: Callable[[str], str], translated: ArticlePage, guide: ArticlePage, client: Client
) -> None:
    html = get(f"/en/card/{translated.pk}/")
    assert '<html lang="en"' in html
    assert "How to get a residence permit" in html
    assert "居留许可怎么办" in html
    assert 'href="tel:+8699910000266"' in html
    answer = client.get(f"/en/card/{guide.pk}/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/en/card/{translated.pk}/"


def test_nothing_on_a_card_depends_on_who_asks(
    client: Client, translated: ArticlePage, django_user_model: Any
) -> None:
    path = f"/en/card/{translated.pk}/"
    before = client.get(path).content
    client.force_login(django_user_model.objects.create_superuser("someone", "a@b.cn", "x"))
    client.cookies["reading"] = "view:elder"
    after = client.get(path)
    assert after.content == before
    assert "Set-Cookie" not in after.headers
    assert not after.cookies


def test_without_a_translation_there_are_labels_and_the_chinese(
    get: Callable[[str], str], guide: ArticlePage
) -> None:
    html = get(f"/en/card/{guide.pk}/")
    assert "What to bring" in html
    assert "护照原件" in html
    assert "not translated yet" in html


def test_a_changed_paragraph_is_shown_in_chinese_only(
    english: Section, translated: ArticlePage, guide: ArticlePage
) -> None:
    row, _ = PageTranslation.objects.get_or_create(section=english.row, source_id=guide.pk)
    PageTranslation.objects.filter(pk=row.pk).update(target_id=translated.pk)
    block = guide.body[1].id
    LiveSegment.objects.create(
        translation_id=row.pk, path=f"body.{block}", position=0, source_hash="x",
        source_text="旧", text="Old", made_at=timezone.now(), stale_since=timezone.now(),
    )  # fmt: skip
    card = cards.card_of(translated.pk, "en")
    assert card is not None
    where, bring, _ = card.parts
    assert [(line.text, line.behind) for line in where.lines] == [("", True)]
    assert bring.lines[0].text == "Passport"
    assert card.is_behind


@pytest.mark.parametrize("state", ["withdrawn", "private", "chinese", "home"])
def test_no_card_of_what_is_not_public(
    client: Client, translated: ArticlePage, guide: ArticlePage, english: Section, state: str
) -> None:
    path = f"/en/card/{translated.pk}/"
    if state == "withdrawn":
        for page in (translated, guide):
            Page.objects.filter(pk=page.pk).update(live=False)
        structure.touch()
    elif state == "private":
        from wagtail.models import PageViewRestriction

        for page in (english.source, english.living.page):
            PageViewRestriction.objects.create(page_id=page.pk, restriction_type="login")
        structure.touch()
    elif state == "chinese":
        path = f"/card/{guide.pk}/"
    else:
        path = f"/en/card/{english.root.pk}/"
    assert client.get(path).status_code == 404


def test_the_page_leads_to_its_card(get: Callable[[str], str], translated: ArticlePage) -> None:
    assert f'href="/en/card/{translated.pk}/"' in get(translated.get_url())


def test_the_worker_rules_the_cards_of_its_language_only(client: Client, english: Section) -> None:
    answer = client.get("/en/card/worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer.headers
    assert "{{ version }}" not in answer.content.decode()
    assert "worker-src 'self'" in answer.headers.get("Content-Security-Policy", "worker-src 'self'")


def part(topic: str, count: int, width: int = 20) -> CardPart:
    lines = tuple(CardLine("text", "a" * width, "字" * (width // 2)) for _ in range(count))
    return CardPart(topic, topic or "标题", topic, lines)


def test_what_does_not_fit_goes_from_the_least_needed_end() -> None:
    parts = [part("", 10), part("where", 5), part("bring", 10), part("time", 10)]
    kept = cards.fitting(parts, 26)
    assert [one.topic for one in kept] == ["where", "bring", "time"]
    assert len(kept[0].lines) == 5
    assert len(kept[1].lines) == 10
    assert len(kept[2].lines) < 10
    assert cards.fitting(parts, 1000) == parts


def test_names_that_say_something_stand_first_and_once() -> None:
    names = [
        cards.Name("云湖市数据局", "Yunhu Data Administration"),
        cards.Name("云湖市", "Yunhu"),
        cards.Name("望湖大道", "Wanghu Avenue"),
        cards.Name("湖滨区", "Hubin"),
        cards.Name("云湖市数据局", "again"),
    ]
    shown = cards._names_shown(names, cards.addresses_in("望湖大道5号"))
    assert [name.own for name in shown] == ["Yunhu Data Administration", "Hubin"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("电话010-12345678。", "+86 10 1234 5678"),
        ("电话0571-87654321", "+86 571 8765 4321"),
        ("自2026-03-01起", None),
        ("编号2026-0571-87654321", None),
        ("05-123456", None),
    ],
)
def test_numbers_of_all_cities_can_be_dialled_from_abroad(text: str, number: str | None) -> None:
    assert [one.number for one in cards.phones_in(text)] == ([number] if number else [])
