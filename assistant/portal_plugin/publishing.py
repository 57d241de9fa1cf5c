"""What an entry must have before it may be public, and what its editor should think of twice."""

import re

from django.utils.translation import gettext as _

from assistant.portal_plugin.models import Origin, QuestionPage, QuestionSource

type Problem = tuple[str | None, object]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")


def problems_of(page: QuestionPage) -> list[Problem]:
    """What stops publication. What was brought in from a file may lack question, owner, topic."""
    problems: list[Problem] = []
    imported = page.origin == Origin.IMPORT
    if not page.answer_text:
        problems.append(("answer", _("An entry needs an answer.")))
    if imported:
        return problems
    if not page.question.strip():
        problems.append(("question", _("An entry needs its question.")))
    if page.owner_unit_id is None:
        problems.append(("owner_unit", _("Say which unit answers for it.")))
    if page.topic_id is None:
        problems.append(("topic", _("Choose the topic under which people find it.")))
    problems += _problems_of_translation(page)
    sources = list(page.sources.all())
    if not sources and not page.translation_of_id:
        problems.append((None, _("Name at least one source: a document, a page or an address.")))
    problems += [
        (None, _("A source names neither a page nor an address."))
        for source in sources
        if not source.target_id and not source.url
    ][:1]
    hidden = [source for source in sources if source.target_id and not _is_public(source)]
    problems += [
        (None, _("“%(title)s” is not public: an answer does not rest on it.")
         % {"title": source.target.title})
        for source in hidden
        if source.target is not None
    ]  # fmt: skip
    return problems


def _problems_of_translation(page: QuestionPage) -> list[Problem]:
    """What is tied to its source has a source to be tied to, and words of its own."""
    original = page.translation_of
    if original is None:
        return []
    problems: list[Problem] = []
    if original.language == page.language:
        problems.append(("language", _("This is the language of the source.")))
    elif page.question == original.question:
        problems.append(("question", _("The question still stands in the words of the source.")))
    elif page.answer == original.answer:
        problems.append(("answer", _("The answer still stands in the words of the source.")))
    return problems


def _is_public(source: QuestionSource) -> bool:
    return source.target is not None and source.target.live


def personal_data_in(text: str) -> list[str]:
    """Identity numbers (with a right check digit) and mobile numbers in a text, as written."""
    found = [number for number in _IDENTITY.findall(text) if _has_right_digit(number)]
    return found + _MOBILE.findall(text)


def _has_right_digit(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == number[17].upper()
