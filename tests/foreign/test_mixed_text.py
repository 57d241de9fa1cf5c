"""Chinese words and telephone numbers within text in other languages."""

import pytest
from django.test import Client

from portal.text.chinese_words import mark_chinese
from portal.text.number_direction import isolate_numbers
from tests.factories import ArticleFactory, World, text

from .factories import make_section

NUMBER = "+86 999 1000 0266"
KEPT = f'<bdi dir="ltr">{NUMBER}</bdi>'


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (f"<p>اتصل {NUMBER}، شكرا</p>", f"<p>اتصل {KEPT}، شكرا</p>"),
        (f'<a href="tel:+869991000" title="{NUMBER}">x</a>', None),
        (f"<script>'{NUMBER}'</script><title>{NUMBER}</title>", None),
        ("<p>1 + 1 = 2, C++ 11, +5 درجات</p>", None),
    ],
    ids=["text", "attributes", "no text", "no number"],
)
def test_only_numbers_in_texts_are_isolated(html: str, shown: str | None) -> None:
    assert isolate_numbers(html) == (shown or html)


def zh(text: str) -> str:
    return f'<bdi lang="zh-Hans">{text}</bdi>'


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>Show “停水通知” here.</p>", f"<p>Show “{zh('停水通知')}” here.</p>"),
        ("<p>No. 云政办发〔2026〕21号.</p>", f"<p>No. {zh('云政办发〔2026〕21号')}.</p>"),
        ("<p>A<br>B 湖 <img alt=湖> C</p>", f"<p>A<br>B {zh('湖')} <img alt=湖> C</p>"),
        (
            '<p lang="zh-Hans">湖<b>水</b></p><p>湖',
            f'<p lang="zh-Hans">湖<b>水</b></p><p>{zh("湖")}',
        ),
        ('<a hreflang="zh-Hans">湖</a>', f'<a hreflang="zh-Hans">{zh("湖")}</a>'),
        ('<p lang="ja">湖の水</p><svg><text>湖</text></svg><script>"湖"</script>', None),
        ("<p>윈후시</p>", None),
    ],
)
def test_chinese_words_are_marked_where_nothing_says_it(body: str, shown: str | None) -> None:
    frame = '<!DOCTYPE html><html lang="en"><title>湖</title><body>{}</body></html>'
    assert mark_chinese(frame.format(body)) == frame.format(shown or body)


def test_in_japanese_what_it_could_not_write_is_chinese() -> None:
    frame = '<html lang="ja"><p>「雲湖通」の「{}」で、湖の{}を。</p></html>'
    chinese = ("应急—避难场所", "云政办发〔2026〕21号")
    assert mark_chinese(frame.format(*chinese)) == frame.format(*map(zh, chinese))


def test_japanese_and_chinese_documents_stay() -> None:
    for language in ("ja", "zh-Hans", "zh-Hant"):
        html = f'<html lang="{language}"><p>湖</p></html>'
        assert mark_chinese(html) == html


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "is_isolated"), [("ar", True), ("en", False)])
def test_pages(world: World, client: Client, language: str, is_isolated: bool) -> None:
    section = make_section(world, language)
    ArticleFactory(
        parent=section.living.page.specific,
        title="T: help",
        slug="help",
        body=text(f"{NUMBER} 停水"),
    )
    html = client.get(f"/{language}/living/help/").content.decode()
    assert NUMBER in html
    assert (KEPT in html) is is_isolated
    assert zh("停水") in html


def test_a_part_of_a_document_is_in_the_language_that_is_told() -> None:
    assert mark_chinese("Show “湖” <b>湖</b>.", "en") == f"Show “{zh('湖')}” <b>{zh('湖')}</b>."
    assert mark_chinese("湖 <b>湖</b>") == "湖 <b>湖</b>"
