"""Goes through every public page of the foreign sections as a reader's browser and a search engine would.

The same rules for the small world (Django's test client) and for a served portal (``over_http``):
no link to what is not there, no Chinese that does not say so, versions that name each other, numbers
that can be dialled from abroad.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import lxml.html
from django.test import Client

from portal.text.phones import international
from portal.text.script import has_han

from .crawling import language_here, texts_of, unmarked

FOREIGN = ("en", "ja", "ko", "ru", "fr", "ar")
TRADITIONAL = "zh-hant"
# What is no page of the portal: files, the admin, and what needs somebody's choice.
_NO_PAGE = re.compile(r"^/(admin|media|static|documents|api|qr|preferences)(/|$)")
_FILES = re.compile(r"^/(media|documents|qr)/")
_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_ISO_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


@dataclass(frozen=True)
class Answer:
    """What the portal sent for an address; ``location`` where it leads elsewhere."""

    status: int
    html: str = ""
    location: str = ""


type Ask = Callable[[str], Answer]


def by_client(client: Client) -> Ask:
    """Asks Django's test client."""

    def ask(address: str) -> Answer:
        response = client.get(address)
        is_html = "html" in response.get("Content-Type", "")
        html = response.content.decode() if is_html and not response.streaming else ""
        return Answer(response.status_code, html, response.get("Location", ""))

    return ask


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def over_http(origin: str) -> Ask:
    """Asks a served portal."""
    opener = build_opener(_Stay)

    def ask(address: str) -> Answer:
        request = Request(urljoin(origin, address), headers={"Accept": "text/html"})
        try:
            response = opener.open(request, timeout=60)
        except HTTPError as error:
            response = error
        with response:
            is_html = "html" in (response.headers.get("Content-Type") or "")
            html = response.read().decode() if is_html else ""
            return Answer(response.status, html, response.headers.get("Location") or "")

    return ask


@dataclass
class Crawl:
    """What was seen and what is wrong with it.

    ``inside`` tells which paths are gone through; other links are only asked for.
    """

    ask: Ask
    inside: Callable[[str], bool]
    origin: str = "http://testserver"
    answers: dict[str, Answer] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    # The versions that a page names: {address: {language: address}}.
    versions: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self, *starts: str) -> "Crawl":
        waiting = deque(starts)
        seen = set(starts)
        while waiting:
            path = waiting.popleft()
            for link in self._read(path):
                if link not in seen:
                    seen.add(link)
                    if self.inside(urlsplit(link).path):
                        waiting.append(link)
        self._compare_versions()
        return self

    @property
    def pages(self) -> list[str]:
        """The addresses that were gone through."""
        return [path for path in self.answers if self.inside(urlsplit(path).path)]

    def get(self, path: str) -> Answer:
        if path not in self.answers:
            self.answers[path] = self.ask(path)
        return self.answers[path]

    # --- one page -----------------------------------------------------------------------------
    def _read(self, path: str) -> list[str]:
        answer = self.get(path)
        if answer.status != 200 or not answer.html:
            return []  # told where it is linked
        tree = lxml.html.fromstring(answer.html)
        self.problems += [f"{path}: {problem}" for problem in _problems_of(answer.html)]
        canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
        if not canonical or self._inner(path, canonical) == path:  # else another page speaks for it
            self.versions[path] = {
                str(link.get("hreflang")): self._inner(path, str(link.get("href"))) or ""
                for link in tree.xpath("//link[@rel='alternate'][@hreflang]")
            }
        links = list(dict.fromkeys(self._links(path, tree)))
        for link in links:
            self._try(path, link)
        return links

    def _links(self, path: str, tree: lxml.html.HtmlElement) -> Iterator[str]:
        for element in tree.xpath(
            "//a[@href]|//link[@rel='canonical']|//form[@action]|//img[@src]"
        ):
            target = element.get("href") or element.get("action") or element.get("src") or ""
            inner = self._inner(path, target)
            if inner is None or "nofollow" in (element.get("rel") or ""):
                continue
            if element.tag == "form" and element.get("method", "get").lower() != "get":
                continue
            if not _NO_PAGE.match(inner) or _FILES.match(inner):
                yield inner

    def _inner(self, path: str, target: str) -> str | None:
        """The address within the portal; None for others and for places on the same page."""
        if not target or target.startswith(("#", "mailto:", "tel:", "data:", "javascript:")):
            return None
        parts = urlsplit(urljoin(self.origin + path, target))
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            return None
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def _try(self, path: str, link: str) -> None:
        answer = self.get(link)
        # A short address of a place on a page: what counts is the page.
        if answer.location and "#" in answer.location:
            page = self._inner(link, answer.location.partition("#")[0])
            answer = self.get(page) if page is not None else answer
        if answer.status != 200:
            where = f" → {answer.location}" if answer.location else ""
            self.problems.append(f"{path}: leads to {link}, which answers {answer.status}{where}")

    # --- all together -------------------------------------------------------------------------
    def _compare_versions(self) -> None:
        for path, named in list(self.versions.items()):
            if not named:
                continue
            if path.partition("?")[0] not in named.values():
                self.problems.append(f"{path}: names versions, but not itself")
            for language, other in named.items():
                answer = self.get(other)
                if answer.status != 200:
                    self.problems.append(f"{path}: its {language} version answers {answer.status}")
                    continue
                if other not in self.versions:
                    self._read(other)
                if self.versions.get(other) != named:
                    self.problems.append(
                        f"{path}: {language} ({other}) names other versions: "
                        f"{self.versions.get(other)} instead of {named}"
                    )


# Most pages are the same after one thing was changed, and crawls are many.
@lru_cache(maxsize=512)
def _problems_of(html: str) -> tuple[str, ...]:
    return tuple(language_problems(html))


def language_problems(html: str) -> Iterator[str]:
    """What is wrong with the languages of one page: unmarked Chinese, numbers, days, false marks."""
    tree = lxml.html.fromstring(html)
    page_language = str(tree.get("lang") or "").lower()
    if not page_language:
        yield "has no lang"
    for text in unmarked(html):
        yield f"Chinese without its language: {text[:120]}"
    for element in tree.xpath("//*[@lang]"):
        words = "".join(element.itertext()).strip()
        is_chinese = str(element.get("lang")).lower() in ("zh", "zh-hans", "zh-hant")
        attributes = "".join(element.get(name) or "" for name in ("content", "alt", "title"))
        if (
            is_chinese
            and words
            and not has_han(words + attributes)
            and re.search(r"[^\W\d_]{3}", words)
        ):
            yield f"marked as Chinese without any: {words[:80]}"
    if page_language.startswith("zh"):
        return
    for link in tree.xpath("//a[starts-with(@href, 'tel:')]"):
        number = str(link.get("href"))[4:]
        if international(number) != number:
            yield f"dials a number that is none from abroad: {number}"
    for element, text in texts_of(tree):
        if language_here(element).startswith("zh"):
            if _KANA.search(text):
                yield f"Japanese marked as Chinese: {text.strip()[:120]}"
            continue
        if international(text) != text:
            yield f"a number without the country's code: {text.strip()[:120]}"
        if element.tag != "meta" and _ISO_DAY.search(text):
            yield f"a day as no reader writes it: {text.strip()[:120]}"


def under(*prefixes: str) -> Callable[[str], bool]:
    """Whether a path lies in one of these languages' sections."""
    roots = tuple(f"/{prefix}/" for prefix in prefixes)
    return lambda path: path.startswith(roots)


def crawl(ask: Ask, languages: Iterable[str], *, origin: str = "http://testserver") -> Crawl:
    """Through the sections of these languages, from their front pages."""
    codes = list(languages)
    return Crawl(ask, under(*codes), origin=origin).run(*(f"/{code}/" for code in codes))
