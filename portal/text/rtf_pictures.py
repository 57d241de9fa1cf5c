"""The pictures in RTF: Word puts them there when its HTML names files that no browser may read."""

import re
from binascii import unhexlify

_PICTURE = re.compile(r"\{\\pict\b")
_KIND = re.compile(r"\\(?:png|jpeg)blip\b")
_SKIPPED = re.compile(r"\\(?:nonshppict|listpicture|bliptag|header|footer)\b")
_MOST = 200


def pictures_in_rtf(rtf: str) -> list[bytes]:
    """PNG and JPEG pictures in the order of the text; None of the old doubles for old readers."""
    found: list[bytes] = []
    for match in _PICTURE.finditer(rtf):
        if len(found) >= _MOST:
            break
        # "{\nonshppict{\pict": the same picture once more; list bullets are no pictures either.
        around = rtf[max(0, match.start() - 24) : match.start()]
        if _SKIPPED.search(around[around.rfind("{") :]):
            continue
        end = _end_of_group(rtf, match.start())
        group = rtf[match.start() : end]
        if not _KIND.search(group):
            continue
        words = re.sub(r"\\\*|\\[A-Za-z]+-?\d*", " ", _without_groups(group[1:-1]))
        digits = "".join(words.split())
        if len(digits) % 2 == 0 and re.fullmatch(r"[0-9a-fA-F]{16,}", digits):
            found.append(unhexlify(digits))
    return found


def _end_of_group(text: str, start: int) -> int:
    depth, position = 0, start
    for match in re.compile(r"[{}]|\\[{}\\]").finditer(text, start):
        position = match.end()
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                return position
    return position


def _without_groups(text: str) -> str:
    """The text of a group without the groups inside it."""
    parts, depth, last = [], 0, 0
    for match in re.finditer(r"[{}]", text):
        if depth == 0:
            parts.append(text[last : match.start()])
        depth += 1 if match[0] == "{" else -1
        last = match.end()
    parts.append(text[last:] if depth == 0 else "")
    return " ".join(parts)
