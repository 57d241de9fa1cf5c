"""Which other entries are asked with the same words."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.portal_plugin.models import QuestionPage
from assistant.portal_plugin.texts import wording_key
from portal.plugin_api import site_of_path


@dataclass(frozen=True, slots=True)
class Clash:
    """A wording that leads to another entry as well."""

    wording: str
    page: int
    title: str


def clashes_of(page: QuestionPage) -> list[Clash]:
    """The wordings of an entry that another one of its site and language has. One query."""
    wanted = {wording_key(text): text for text in wordings_of(page.question, page.phrasings)}
    wanted.pop("", None)
    if not wanted:
        return []
    site = site_of_path(page.path)
    group = {page.pk, page.translation_of_id}
    found: list[Clash] = []
    others = QuestionPage.objects.filter(language=page.language, alias_of=None)
    for pk, path, title, question, phrasings in others.values_list(
        "pk", "path", "title", "question", "phrasings"
    ).iterator():
        if pk in group or site_of_path(path) != site:
            continue
        keys = map(wording_key, wordings_of(question, phrasings))
        found += [Clash(wanted[key], pk, title) for key in keys if key in wanted]
    return list(dict.fromkeys(found))


def wordings_of(question: str, phrasings: object) -> Iterator[str]:
    if question.strip():
        yield question
    if isinstance(phrasings, list):
        yield from (text for text in phrasings if isinstance(text, str))
