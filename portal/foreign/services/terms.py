"""Changing official names: what follows is prepared as drafts and can be taken back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation

from portal.foreign.inline_marks import checked
from portal.foreign.models import Term, TermChange, TermEdit, TermName
from portal.foreign.selectors.review import running_review
from portal.foreign.selectors.term_changes import Touched, touched
from portal.plugin_api import take_turn

from .syncing import recount

TOOL = "official names"


def note_changes(*, term: Term, before: Mapping[str, str], user: Any) -> list[TermChange]:
    """Remember which names of a term were changed, so that what follows can be prepared.

    Args:
        before: language code → approved name as it was; the Chinese one under its own code.
    """
    now = names_of(term)
    made = []
    for language, old in before.items():
        new = now.get(language, "")
        if old and new and old != new:
            locale = Locale.objects.get(language_code=language)
            made.append(
                TermChange.objects.create(
                    term=term, locale=locale, old_name=old, new_name=new, user=user
                )
            )
    return made


def names_of(term: Term) -> dict[str, str]:
    """The approved names of a term by language, the Chinese one among them."""
    if term.pk is None:
        return {}
    names = TermName.objects.filter(term=term.pk, status=TermName.Status.APPROVED)
    found = {settings.LANGUAGE_CODE: Term.objects.values_list("source", flat=True).get(pk=term.pk)}
    return found | dict(names.values_list("locale__language_code", "name"))


@transaction.atomic
def prepare(*, change: TermChange, user: Any) -> list[TermEdit]:
    """Write the new name into the drafts of all paragraphs that have the old one.

    Nothing is published: each page goes through its reviews. A text that is being reviewed stays;
    prepare again when the review is over. Of a Chinese name see ``chinese_names``.

    Raises:
        ValidationError: it was taken back.
    """
    take_turn()
    if change.undone_at:
        raise ValidationError(_("This change was taken back."))
    found = [_edit(change, one, user) for one in touched(change) if one.after]
    made = [edit for edit in found if edit is not None]
    for translation in {edit.translation for edit in made}:
        recount(translation)
    change.prepared_at = timezone.now()
    change.save(update_fields=["prepared_at"])
    return made


def _edit(change: TermChange, one: Touched, user: Any) -> TermEdit | None:
    if running_review(one.translation) is not None:
        return None
    text = checked(one.after, one.source_text)
    # Not through the desk: whoever translated the paragraph stays its author.
    _write(one.text_pk, text, user)
    return TermEdit.objects.create(
        change=change,
        translation=one.translation,
        path=one.path,
        position=one.position,
        source_hash=one.source_hash,
        before=one.before,
        after=text,
        made_by="machine" if one.is_machine else "human",
    )


def _write(text_pk: int, text: str, user: Any) -> None:
    row = StringTranslation.objects.select_for_update().get(pk=text_pk)
    row.data, row.tool_name, row.last_translated_by = text, TOOL, user
    row.save()


@transaction.atomic
def undo(*, change: TermChange, user: Any) -> list[TermEdit]:
    """Give the drafts their former texts back; those that somebody has changed since stay.

    Returns the edits that could not be taken back.
    """
    take_turn()
    left = []
    edits = list(
        change.edits.filter(undone=False).select_related(
            "translation__source", "translation__section__locale"
        )
    )
    for edit in edits:
        row = StringTranslation.objects.filter(
            context__object_id=edit.translation.source.translation_key,
            context__path=edit.path,
            translation_of__data_hash=edit.source_hash,
            locale=edit.translation.section.locale_id,
        ).first()
        if row is None or row.data != edit.after or running_review(edit.translation) is not None:
            left.append(edit)
            continue
        _write(row.pk, edit.before, user)
        edit.undone = True
        edit.save(update_fields=["undone"])
    for translation in {edit.translation for edit in edits}:
        recount(translation)
    if not left:
        change.undone_at = timezone.now()
        change.save(update_fields=["undone_at"])
    return left


# --- proposals ------------------------------------------------------------------------------------
@transaction.atomic
def propose_organisations() -> int:
    """Terms for units that the registry has and the term base has not; how many are new.

    A proposed name is shown to translators as proposed; somebody approves it.
    """
    units = apps.get_model("core", "Organisation").objects.all()
    known = set(Term.objects.values_list("source", flat=True))
    english = Locale.objects.filter(language_code="en").first()
    made = 0
    for unit in units:
        if unit.full_name in known or len(unit.full_name) < 2:
            continue
        known.add(unit.full_name)
        term = Term.objects.create(
            source=unit.full_name, kind=Term.Kind.AGENCY, site_id=unit.site_id
        )
        if unit.english_name and english is not None:
            TermName.objects.create(term=term, locale=english, name=unit.english_name)
        made += 1
    return made


# --- tables ---------------------------------------------------------------------------------------
FIXED = ("source", "kind", "status", "note")


def table(terms: Iterable[Term], languages: Iterable[str]) -> list[list[str]]:
    """Rows for a spreadsheet: a line for each term, three columns for each language."""
    languages = list(languages)
    rows = [[*FIXED, *(f"{code}{part}" for code in languages for part in ("", ":status", ":not"))]]
    for term in terms:
        names = {name.locale.language_code: name for name in term.names.all()}
        row = [term.source, term.kind, term.status, term.note]
        for code in languages:
            name = names.get(code)
            row += [name.name, name.status, "; ".join(name.forbidden())] if name else ["", "", ""]
        rows.append(row)
    return rows


@transaction.atomic
def read_table(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    user: Any,
    site_pk: int | None = None,
    may_change: Any = None,
) -> tuple[int, list[TermChange], list[tuple[int, str]]]:
    """Take over lines of a table: how many, which names changed, which lines were refused and why.

    What a line leaves empty stays as it is. ``may_change`` is asked for each term that is there.
    """
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    done, changes, refused = 0, [], []
    for line, row in rows:
        try:
            with transaction.atomic():
                changes += _read_row(row, locales, user, site_pk, may_change)
        except ValidationError as error:
            refused.append((line, " ".join(error.messages)))
        else:
            done += 1
    return done, changes, refused


def _read_row(
    row: Mapping[str, str],
    locales: Mapping[str, Locale],
    user: Any,
    site_pk: int | None,
    may_change: Any,
) -> list[TermChange]:
    source = row.get("source", "").strip()
    if len(source) < 2:
        raise ValidationError(_("The Chinese name is missing or too short."))
    term = Term.objects.filter(source=source).first()
    if term is not None and may_change is not None and not may_change(term):
        raise ValidationError(_("“%(term)s” belongs to another site.") % {"term": source})
    term = term or Term(source=source, site_id=site_pk)
    before = names_of(term)
    for name in ("kind", "status", "note"):
        if value := row.get(name, "").strip():
            setattr(term, name, value)
    term.full_clean()
    term.save()
    for code, locale in locales.items():
        if not (text := row.get(code, "").strip()):
            continue
        known = TermName.objects.filter(term=term, locale=locale).first()
        called = known or TermName(term=term, locale=locale)
        called.name = text
        if status := row.get(f"{code}:status", "").strip():
            called.status = status
        if f"{code}:not" in row:
            wrong = row[f"{code}:not"].split(";")
            called.variants_forbidden = "\n".join(one.strip() for one in wrong if one.strip())
        called.full_clean()
        called.save()
    return note_changes(term=term, before=before, user=user)
