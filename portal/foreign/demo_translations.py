"""The demo city in other languages: texts from ``demo/translations``, in the states that
``demo/states.yaml`` names.

A page is translated text by text, by its Chinese words: where somebody changes a Chinese text of
the demo, the loader names the page and the text that has no translation any more, and stops. Texts
are written in bulk; every page becomes public through the release that editors use too, parity gate
and all. What is there already is left alone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polib
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from wagtail_localize.models import StringTranslation

from .demo_homes import write_home
from .models import ForeignSection, MadeBy, PageTranslation, SegmentOrigin, TeamRole
from .selectors.sections import section_for
from .selectors.source_texts import stored_segments, stored_source
from .services.release import release
from .services.review import submit
from .services.syncing import SAME, recount, sync_source

DIRECTORY = Path(__file__).parent / "demo"
TOOL = "demo"
_WORDS = re.compile(r"[^\W\d_]")


class DemoFault(ValueError):
    """The demo's translations do not fit its Chinese texts."""


@dataclass(frozen=True)
class Texts:
    """One language's file: by page and Chinese text, and what holds for every page."""

    language: str
    by_page: Mapping[tuple[str, str], str]

    @classmethod
    def read(cls, language: str) -> "Texts":
        entries = polib.pofile(str(DIRECTORY / "translations" / f"{language}.po"))
        return cls(language, {(row.msgctxt or "", row.msgid): row.msgstr for row in entries})

    def of(self, key: str, chinese: str) -> str:
        """The translation, "" for none; what has no word in it (coordinates) is its own."""
        if not _WORDS.search(chinese):
            return chinese
        return self.by_page.get((key, chinese)) or self.by_page.get(("", chinese), "")


@dataclass
class TranslationLoader:
    """One run; ``demo`` is the loader of the demo city."""

    demo: Any
    states: dict[str, Any] = field(default_factory=dict)

    def run(self) -> None:
        self.states = self.demo.read_yaml(DIRECTORY / "states.yaml")
        for row in self.demo.read_yaml(DIRECTORY / "sections.yaml"):
            record = self.demo.records.get(row["site"])
            section = record and section_for(record.pk, row["language"])
            if section is not None:
                self._section(section, row)
                write_home(section, row["site"], self.demo)
        for change in self.states["changed_afterwards"]:
            self._change(change)

    @cached_property
    def keys(self) -> dict[int, str]:
        return {page.pk: key for key, page in self.demo.pages.items()}

    def _section(self, section: ForeignSection, row: Mapping[str, Any]) -> None:
        texts = Texts.read(row["language"])
        people = _people(section)
        done = 0
        for translation in self._translations(section):
            key = self.keys.get(translation.source_id, "")
            if translation.released_at or _is_begun(translation):
                continue
            state = self._state(row, key)
            if state == "missing" or not key:
                continue
            self._translate(translation, texts, key, state, people)
            done += 1
        if done:
            self.demo.say(f"{row['site']}: {done} pages in {row['language']}")

    def _translations(self, section: ForeignSection) -> Iterator[PageTranslation]:
        """Every core page of the section, in the order of the Chinese tree."""
        yield from (
            PageTranslation.objects.filter(section=section)
            .select_related("section__locale", "source")
            .order_by("source__path")
        )

    def _state(self, row: Mapping[str, Any], key: str) -> str:
        states: Mapping[str, str] = self.states["states"].get(row["language"]) or {}
        return states.get(key, "released")

    @transaction.atomic
    def _translate(
        self,
        translation: PageTranslation,
        texts: Texts,
        key: str,
        state: str,
        people: Mapping[str, Any],
    ) -> None:
        made_by = MadeBy.MACHINE if state == "machine" else MadeBy.HUMAN
        write_texts(translation, texts, key, people[TeamRole.TRANSLATOR], made_by)
        if state == "released":
            self._release(translation, key, people)
        elif state == "in_review":
            submit(translation=translation, user=people[TeamRole.TRANSLATOR])
        else:
            recount(translation)

    def _release(self, translation: PageTranslation, key: str, people: Mapping[str, Any]) -> None:
        """As an editor would, by every gate: a demo text that stumbles is to be mended."""
        language = translation.section.locale.language_code
        by = {"user": None, "reviewed_by": people[TeamRole.LANGUAGE_REVIEWER]}  # by the operator
        try:
            release(translation=translation, **by)
        except ValidationError as error:
            raise DemoFault(
                f"{language}: {key} cannot be released: {'; '.join(error.messages)}"
            ) from error

    def _change(self, change: Mapping[str, str]) -> None:
        """An editor changed the Chinese after it was translated: that paragraph is behind."""
        page = self.demo.pages[change["page"]].specific
        page.refresh_from_db()
        before, after = change["from"], change["to"]
        if name := change.get("field"):
            words = getattr(page, name)
            if before in words:
                setattr(page, name, words.replace(before, after))
                page.save_revision().publish()
                sync_source(page)
            return
        stream = page.body.raw_data
        found = [child for child in stream if before in str(child["value"])]
        if not found:
            return  # an earlier run did it
        for child in found:
            child["value"] = child["value"].replace(before, after)
        page.body = type(page).body.field.to_python(list(stream))
        page.save_revision().publish()
        sync_source(page)


def write_texts(
    translation: PageTranslation, texts: Texts, key: str, author: Any, made_by: MadeBy
) -> None:
    """All texts of a page that it does not have yet, in two queries.

    Raises:
        DemoFault: Chinese texts that the file does not translate.
    """
    source = stored_source(translation.source)
    rows = stored_segments(source) if source is not None else []
    locale = translation.section.locale
    have = set(_written(translation).values_list("translation_of_id", "context_id"))
    is_machine = made_by == MadeBy.MACHINE
    lacking: list[str] = []
    new: dict[tuple[int, int], StringTranslation] = {}
    for row in rows:
        words = texts.of(key, row.string.data)
        if not words:
            lacking.append(row.string.data)
            continue
        if (row.string_id, row.context_id) in have:
            continue  # a figure: the sync has entered it
        new[row.string_id, row.context_id] = StringTranslation(
            translation_of_id=row.string_id,
            context_id=row.context_id,
            locale=locale,
            data=words,
            translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE
            if is_machine
            else StringTranslation.TRANSLATION_TYPE_MANUAL,
            tool_name=TOOL,
            last_translated_by=author,
        )
    if lacking:
        told = "\n  ".join(lacking)
        raise DemoFault(f"{texts.language}.po: {key}: not translated as it stands now:\n  {told}")
    written = StringTranslation.objects.bulk_create(new.values())
    SegmentOrigin.objects.bulk_create(
        SegmentOrigin(text=text, made_by=made_by, author=None if is_machine else author)
        for text in written
    )


def _written(translation: PageTranslation) -> QuerySet[StringTranslation]:
    found: QuerySet[StringTranslation] = StringTranslation.objects.filter(
        context__object_id=translation.source.translation_key, locale=translation.section.locale
    )
    return found


def _is_begun(translation: PageTranslation) -> bool:
    """Whether somebody has translated anything; figures are entered by the sync itself."""
    return _written(translation).exclude(tool_name=SAME).exists()


def _people(section: ForeignSection) -> dict[str, Any]:
    return {row.role: row.user for row in section.team.select_related("user")}
