"""HTML that leaves the portal: all its addresses absolute."""

from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin

_ADDRESSES = frozenset({"href", "src", "poster", "cite", "data", "action"})


def absolute_html(html: str, base: str) -> str:
    """The same HTML with every address in it resolved against the page's own."""
    parser = _Absolute(base)
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


def absolute_url(url: str, base: str) -> str:
    """An address resolved against a base; what cannot be read as an address stays."""
    try:
        return urljoin(base, url)
    except ValueError:
        return url


class _Absolute(HTMLParser):
    """Repeats what it reads; only tags with an address that changes are written anew."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=False)
        self.base = base
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        changed = [(name, self._resolved(name, value)) for name, value in attrs]
        if changed == attrs:
            self.parts.append(self.get_starttag_text() or "")
            return
        words = [tag]
        for name, value in changed:
            words.append(name if value is None else f'{name}="{escape(value)}"')
        self.parts.append(f"<{' '.join(words)}>")

    handle_startendtag = handle_starttag

    def _resolved(self, name: str, value: str | None) -> str | None:
        if value is None:
            return None
        if name in _ADDRESSES:
            return absolute_url(value, self.base)
        if name == "srcset":
            return ", ".join(self._candidate(part) for part in value.split(",") if part.strip())
        return value

    def _candidate(self, candidate: str) -> str:
        """One picture of a ``srcset``: an address, then perhaps its width or density."""
        address, *descriptor = candidate.split()
        return " ".join([absolute_url(address, self.base), *descriptor])

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")
