"""Chinese words within text in another language say that they are Chinese. Knows no Django.

Names of buttons, document numbers, what to show at a counter: translators leave them in Chinese,
and a screen reader has to know when to change its voice.
"""

import re

_TOKEN = re.compile(
    r"<!--.*?-->"
    r"|<(?P<raw>script|style|textarea|title|option|template)\b[^>]*>.*?</(?P=raw)\s*>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
    r"|<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL | re.IGNORECASE,
)
_LANG = re.compile(r"""(?<![\w-])lang\s*=\s*["']?([A-Za-z0-9-]*)""", re.IGNORECASE)
_VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr",
    }
)  # fmt: skip
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_ANY = re.compile(f"[{_HAN}]")
# Signs and figures between the characters belong to them: 云政办发〔2026〕21号 is one name.
_RUN = re.compile(
    f"[{_HAN}](?:[{_HAN}\u3001-\u301f\uff01-\uff60\u2014\u00b70-9]*[{_HAN}\u3015\uff09])?"
)
_JAPANESE = "ja"


def mark_chinese(html: str, language: str = "zh") -> str:
    """The document, or a part of one, with Chinese words in ``<bdi lang="zh-Hans">``.

    Words that are marked already stay as they are.

    What counts is the nearest ``lang``. Texts of drawings, and attributes, cannot carry one. In
    Japanese, which is written with the same characters, words with one that it does not have.

    Args:
        language: what is outside all elements that say theirs, such as that of a part's document.
    """
    if language.startswith("zh") and "lang" not in html:
        return html
    parts: list[str] = []
    stack: list[tuple[str, str]] = []
    drawings = 0
    last = 0
    for token in _TOKEN.finditer(html):
        text = html[last : token.start()]
        here = stack[-1][1] if stack else language
        parts += [text if drawings else _marked(text, here), token[0]]
        last = token.end()
        name = (token["name"] or "").lower()
        if not name or name in _VOID:
            continue
        if token["close"]:
            before = len(stack)
            _close(stack, name)
            drawings -= name == "svg" and before > len(stack)
        elif not token[0].endswith("/>"):
            found = _LANG.search(token["rest"])
            stack.append((name, found[1].lower() if found else here))
            drawings += name == "svg"
    parts.append(_marked(html[last:], stack[-1][1] if stack else language))
    return "".join(parts)


def _close(stack: list[tuple[str, str]], name: str) -> None:
    """Take an element from the stack, with those in it that need no end tag."""
    for position in range(len(stack) - 1, -1, -1):
        if stack[position][0] == name:
            del stack[position:]
            return


def _marked(text: str, language: str) -> str:
    if language.startswith("zh") or text.isascii() or not _ANY.search(text):
        return text
    if not language.startswith(_JAPANESE):
        return _RUN.sub(_in_chinese, text)
    return _RUN.sub(lambda run: run[0] if _is_japanese(run[0]) else _in_chinese(run), text)


def _in_chinese(run: re.Match[str]) -> str:
    return f'<bdi lang="zh-Hans">{run[0]}</bdi>'


def _is_japanese(run: str) -> bool:
    """Whether Japan's own set of characters (JIS X 0208) has those of a word."""
    try:
        "".join(_ANY.findall(run)).encode("iso2022_jp")
    except UnicodeEncodeError:
        return False
    return True
