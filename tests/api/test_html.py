import pytest

from portal.core.public_api.html import absolute_html

BASE = "https://city.example/news/one/"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/x/">y</a>', '<a href="https://city.example/x/">y</a>'),
        ('<a href="../two/">y</a>', '<a href="https://city.example/news/two/">y</a>'),
        ('<a href="#end">y</a>', '<a href="https://city.example/news/one/#end">y</a>'),
        (
            '<img src="/a.webp" alt="a &lt; &quot;b&quot;" loading>',
            '<img src="https://city.example/a.webp" alt="a &lt; &quot;b&quot;" loading>',
        ),
        (
            '<img srcset="/a.webp 1x, /b.webp 2x">',
            '<img srcset="https://city.example/a.webp 1x, https://city.example/b.webp 2x">',
        ),
        ('<a href="/?a=1&amp;b=2">y</a>', '<a href="https://city.example/?a=1&amp;b=2">y</a>'),
    ],
)
def test_addresses_become_absolute(html: str, expected: str) -> None:
    assert absolute_html(html, BASE) == expected


@pytest.mark.parametrize(
    "html",
    [
        "",
        '<p class="A">1 &lt; 2 &amp; 3 &#8212; 4<br/>href="/x/"</p>',
        '<a href="https://other.example/">y</a>',
        '<a href="mailto:a@city.example">y</a><a href="tel:12345">z</a>',
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
        "<!-- a remark --><table><tr><td>1</td></tr></table>",
        '<a href="http://[broken">y</a>',
        "一段文字 & 没有标记",
    ],
)
def test_everything_else_stays_as_it_is(html: str) -> None:
    assert absolute_html(html, BASE) == html
