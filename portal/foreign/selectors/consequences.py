"""What a change of a Chinese page does to its translations: before it is public, and afterwards."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

from wagtail.models import Page

from portal.foreign.labels import label_of
from portal.foreign.models import PageTranslation
from portal.foreign.pairing import Pairing

from .marks import Kind
from .minor import alike
from .segments import pairing_of
from .source_texts import SourceText, texts_of


@dataclass(slots=True)
class Consequence:
    """One text that its translations say otherwise than the Chinese page in hand.

    ``languages`` are those whose public page is behind by it; ``is_public``: the Chinese change is
    public already. A change that is called minor names the two hashes.
    """

    kind: Kind
    label: str
    old_text: str
    new_text: str
    old_hash: str
    new_hash: str
    is_public: bool
    languages: list[str] = field(default_factory=list)

    @property
    def may_be_minor(self) -> bool:
        return self.kind is Kind.CHANGED

    @property
    def key(self) -> str:
        return f"{self.old_hash}:{self.new_hash}"

    def pieces(self) -> list[tuple[str, str]]:
        """(``same``, ``del`` or ``ins``; words) from the old text to the new one."""
        return pieces(self.old_text, self.new_text)


def pieces(old: str, new: str) -> list[tuple[str, str]]:
    found = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            found.append(("same", old[a1:a2]))
            continue
        if a2 > a1:
            found.append(("del", old[a1:a2]))
        if b2 > b1:
            found.append(("ins", new[b1:b2]))
    return found


def translations_of(source: Page) -> list[PageTranslation]:
    """All rows of a Chinese page, by language."""
    return list(
        PageTranslation.objects.filter(source_id=source.pk)
        .select_related("section__locale", "target")
        .order_by("section__locale__language_code")
    )


def consequences_of(draft: Page, translations: list[PageTranslation]) -> list[Consequence]:
    """What is or will be behind, in reading order; released translations only.

    Args:
        draft: the Chinese page as it is in hand: the newest draft, or what is public.
    """
    now = texts_of(draft)
    same = alike(draft)
    found: dict[tuple[str, str, str, str], Consequence] = {}
    for translation in translations:
        if translation.released_at is None:
            continue
        live = list(translation.live_segments.all())
        pairing = pairing_of(live, now, same)
        public = {row.pk for row in live if row.stale_since is not None}
        added = {row.source_hash for row in translation.added_texts.all()}
        language = str(translation.section.locale)
        for kind, old, new in _differences(pairing):
            row = live[old] if old is not None else None
            text = now[new] if new is not None else None
            is_public = row.pk in public if row is not None else bool(text and text.hash in added)
            one = _consequence(draft, kind, row, text, is_public=is_public)
            key = (one.kind, one.old_hash, one.new_hash, text.path if text else "")
            found.setdefault(key, one).languages.append(language)
    return list(found.values())


def _differences(pairing: Pairing) -> list[tuple[Kind, int | None, int | None]]:
    changed: list[tuple[Kind, int | None, int | None]] = [
        (Kind.CHANGED, old, new) for old, new in pairing.changed.items()
    ]
    changed += [(Kind.REMOVED, old, None) for old in pairing.removed]
    changed += [(Kind.ADDED, None, new) for new in pairing.added]
    return sorted(changed, key=lambda row: (row[2] is None, row[2] or 0, row[1] or 0))


def _consequence(
    draft: Page, kind: Kind, row: object, text: SourceText | None, *, is_public: bool
) -> Consequence:
    path = text.path if text is not None else getattr(row, "path", "")
    return Consequence(
        kind=kind,
        label=label_of(type(draft), path.split(".", 1)[0]),
        old_text=getattr(row, "source_text", ""),
        new_text=text.words if text is not None else "",
        old_hash=getattr(row, "source_hash", ""),
        new_hash=text.hash if text is not None else "",
        is_public=is_public,
    )
