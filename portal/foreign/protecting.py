"""Official names on their way through a machine: they travel as marks and come back as they must be
called. What a machine gives back is looked at before anybody sees it."""

import html
import re
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.text.parity import compare

from .exchange.inline import broken_tags, tags_of
from .selectors.terms import TermHit
from .selectors.texts import is_chinese
from .shapes import plain

_MARK = re.compile(r'\s?<x id="n(\d+)"\s*/?>(?:\s*</x>)?\s?')


# Where the space that was put around a mark is too much: at the ends, inside a tag that has just
# begun or is about to end, and in scripts that know no spaces.
_NO_SPACE_BEHIND = re.compile(r"(?:^|<[a-z][^/>]*>|[\u3000-\u30ff\u3400-\u9fff（「『])$")
_NO_SPACE_BEFORE = re.compile(r"$|</|[\u3000-\u30ff\u3400-\u9fff）」』]")


def protect(text: str, hits: Sequence[TermHit]) -> tuple[str, list[str]]:
    """The text with a mark for each approved name, and the names by number."""
    parts: list[str] = []
    names: list[str] = []
    place = 0
    for hit in hits:
        if not hit.approved:
            continue
        names.append(hit.name)
        parts += [text[place : hit.start], f' <x id="n{len(names)}"/> ']
        place = hit.end
    return "".join([*parts, text[place:]]), names


def restore(text: str, names: Sequence[str]) -> str | None:
    """The names in their places; None where a mark was lost, doubled or made up."""
    found = Counter(int(number) for number in _MARK.findall(text))
    if found != Counter(range(1, len(names) + 1)):
        return None

    def name_of(mark: re.Match[str]) -> str:
        name = html.escape(names[int(mark[1]) - 1], quote=False)
        before = mark[0][:1].isspace() and not _NO_SPACE_BEHIND.search(text[: mark.start()])
        behind = mark[0][-1:].isspace() and not _NO_SPACE_BEFORE.match(text[mark.end() :])
        return f"{' ' * before}{name}{' ' * behind}"

    restored = _MARK.sub(name_of, text)
    return re.sub(r" +([,.;:!?)，。；：！？）、])", r"\1", restored).strip()


def refusal(source: str, target: str, *, source_language: str, language: str) -> str:
    """Why a machine's text cannot be a draft; "" where it can."""
    if not target.strip():
        return _("The machine gave back nothing.")
    if broken := broken_tags(source, target):
        return _("The machine broke the inline tags: %(tags)s") % {"tags": " ".join(broken)}
    if tags_of(source) != tags_of(target):
        return _("The machine left inline tags out.")
    if is_chinese(target, source, language):
        return _("The machine left the text in Chinese.")
    problems = compare(
        plain(source), plain(target), source_language=source_language, target_language=language
    )
    if problems:
        return _("The machine changed figures: %(problems)s") % {
            "problems": " ".join(str(problem.message) for problem in problems[:3])
        }
    return ""
