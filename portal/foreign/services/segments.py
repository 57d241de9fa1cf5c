"""Writing the texts of a translation, one by one. Nothing here is public; a release is."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    TranslationContext,
)

from portal.foreign.inline_marks import checked
from portal.foreign.models import (
    MadeBy,
    PageAddress,
    PageTranslation,
    SegmentComment,
    SegmentOrigin,
    Step,
)
from portal.foreign.selectors.review import may_take, running_review
from portal.plugin_api import take_turn
from portal.text.words import count_words

from .syncing import recount
from .work_records import record_work

DESK = "desk"  # wagtail-localize's name for the tool
_MANUAL = StringTranslation.TRANSLATION_TYPE_MANUAL
_MACHINE = StringTranslation.TRANSLATION_TYPE_MACHINE


class SourceMoved(ValidationError):
    """The Chinese text is another one by now. Nothing was written; ``present`` is what it says."""

    def __init__(self, present: str = "") -> None:
        self.present = present
        super().__init__(
            _(
                "The Chinese text was changed in the meantime. Your text was not saved; it stays "
                "here until you compare it with the new Chinese text."
            ),
            code="source_moved",
        )


class Locked(ValidationError):
    """The page is being reviewed: its texts stand still."""

    def __init__(self) -> None:
        super().__init__(
            _("This page is being reviewed. Its texts can be changed again when it is returned."),
            code="locked",
        )


class ChangedMeanwhile(ValidationError):
    """Somebody else wrote this text since it was shown. ``theirs`` is what they wrote."""

    def __init__(self, theirs: str, who: Any) -> None:
        self.theirs, self.who = theirs, who
        super().__init__(
            _("%(who)s changed this text in the meantime. Yours was not saved; compare the two.")
            % {"who": who or _("Somebody")},
            code="conflict",
        )


@transaction.atomic
def save_segment(
    *,
    translation: PageTranslation,
    path: str,
    position: int,
    source_hash: str,
    text: str,
    user: Any,
    made_by: MadeBy = MadeBy.HUMAN,
    seen: str | None = None,
    count: bool = True,
) -> None:
    """Write what stands for one Chinese text; "" takes it back.

    ``text`` is wagtail-localize's string data (``inline_marks.kept`` makes it of what was typed).

    Args:
        position: not needed to find the text: equal texts at one path share their translation.
        seen: the translation that the writer had before them; another one is a conflict.
        count: bring the page's counts up to date; many writes in a row do it once at the end.

    Raises:
        SourceMoved: the Chinese text with this hash is no longer there.
        ChangedMeanwhile: the translation is not the one that was ``seen``.
        Locked: a review runs, and the account is not its language reviewer.
        ValidationError: the marks of the text are not those of the Chinese one.
    """
    take_turn()
    corrects = _corrects(translation, user)
    string, context = _place(translation, path, source_hash)
    row = StringTranslation.objects.filter(
        translation_of=string, context=context, locale=translation.section.locale_id
    ).first()
    before = row.data if row is not None else ""
    if seen is not None and before != seen and before != text:
        raise ChangedMeanwhile(before, row.last_translated_by if row is not None else None)
    was_machine = row is not None and row.translation_type == _MACHINE
    if not text.strip():
        if row is not None:
            row.delete()
    else:
        text = checked(text, string.data)
        _write(row, translation, string, context, text, user, made_by, corrects=corrects)
    if text.strip() and text != before and made_by != MadeBy.MACHINE:
        record_work(
            user=user,
            translation=translation,
            kind="review" if corrects else "translate",
            words=count_words(string.data),
            text=f"{path} {source_hash}",
            made_by=MadeBy.MACHINE if was_machine else MadeBy.HUMAN,
        )
    if count:
        recount(translation)


def _corrects(translation: PageTranslation, user: Any) -> bool:
    """Whether this is a language reviewer's correction.

    Raises:
        Locked: a review runs, and it is not this account's.
    """
    review = running_review(translation)
    if review is None:
        return False
    if user is None or review.step != Step.LANGUAGE:
        raise Locked
    if not may_take(user, translation, Step.LANGUAGE):
        raise Locked
    return True


def _place(
    translation: PageTranslation, path: str, source_hash: str
) -> tuple[String, TranslationContext]:
    page = translation.source
    rows = StringSegment.objects.filter(
        source__object_id=page.translation_key,
        source__locale_id=page.locale_id,
        context__path=path,
    ).select_related("string", "context")
    found = list(rows.order_by("order"))
    for row in found:
        if str(row.string.data_hash) == source_hash:
            return row.string, row.context
    raise SourceMoved(found[0].string.data if len(found) == 1 else "")


def _write(
    row: StringTranslation | None,
    translation: PageTranslation,
    string: String,
    context: TranslationContext,
    text: str,
    user: Any,
    made_by: MadeBy,
    *,
    corrects: bool,
) -> None:
    was_machine = row is not None and row.translation_type == _MACHINE
    changed = row is None or row.data != text
    row = row or StringTranslation(
        translation_of=string, context=context, locale=translation.section.locale
    )
    is_machine = made_by == MadeBy.MACHINE
    row.data = text
    row.translation_type = _MACHINE if is_machine else _MANUAL
    row.tool_name = DESK
    row.last_translated_by = user
    row.has_error, row.field_error = False, ""
    row.save()
    origin, _created = SegmentOrigin.objects.get_or_create(text=row)
    if is_machine:
        origin.made_by, origin.author, origin.corrected_by = MadeBy.MACHINE, None, None
        origin.confirmed_by, origin.confirmed_at = None, None
    else:
        if was_machine or origin.made_by != MadeBy.HUMAN:
            made_by = MadeBy.REVIEWED_MACHINE
        if was_machine:
            origin.confirmed_by, origin.confirmed_at = user, timezone.now()
        origin.made_by = made_by
        if corrects and (origin.author_id is not None or was_machine):
            origin.corrected_by = user
        elif changed or origin.author_id is None:
            origin.author, origin.corrected_by = user, None
    origin.save()


@transaction.atomic
def confirm_segment(
    *, translation: PageTranslation, path: str, source_hash: str, user: Any
) -> None:
    """Somebody looked at a machine's text and answers for it as it is.

    Who confirms as translator becomes its author; a language reviewer only confirms.

    Raises:
        SourceMoved, Locked: as ``save_segment``.
        ValidationError: there is no machine's text to confirm.
    """
    take_turn()
    corrects = _corrects(translation, user)
    string, context = _place(translation, path, source_hash)
    row = StringTranslation.objects.filter(
        translation_of=string,
        context=context,
        locale=translation.section.locale_id,
        translation_type=_MACHINE,
    ).first()
    if row is None:
        raise ValidationError(_("There is no machine's text to confirm here."), code="confirm")
    row.translation_type = _MANUAL
    row.last_translated_by = user
    row.save()
    origin, _created = SegmentOrigin.objects.get_or_create(text=row)
    origin.made_by = MadeBy.REVIEWED_MACHINE
    origin.confirmed_by, origin.confirmed_at = user, timezone.now()
    if not corrects:
        origin.author = user
    origin.save()
    record_work(
        user=user,
        translation=translation,
        kind="review",
        words=count_words(string.data),
        text=f"{path} {source_hash}",
        made_by=MadeBy.MACHINE,
    )
    recount(translation)


@transaction.atomic
def comment_on(
    *, translation: PageTranslation, path: str, source_hash: str, comment: str, user: Any
) -> SegmentComment:
    """Say something of one text; for the next who works on it.

    Raises:
        ValidationError: nothing was said, or too much.
        SourceMoved: there is no such text any more.
    """
    string, _context = _place(translation, path, source_hash)
    row = SegmentComment(
        translation=translation,
        path=path,
        source_hash=source_hash,
        source_text=string.data,
        comment=comment.strip(),
        user=user,
    )
    row.clean_fields(exclude=("user", "settled_at", "settled_by"))
    row.save()
    return row


def settle_comment(*, comment: SegmentComment, user: Any) -> None:
    if comment.settled_at is None:
        comment.settled_at, comment.settled_by = timezone.now(), user
        comment.save(update_fields=["settled_at", "settled_by"])


@transaction.atomic
def save_slug(*, translation: PageTranslation, slug: str) -> None:
    """The address of the page in its language; "" for the one made from the title.

    Raises:
        Locked: a review runs.
        ValidationError: that is no address.
    """
    if running_review(translation) is not None:
        raise Locked
    if slug:
        validate_slug(slug)
        PageAddress.objects.update_or_create(translation=translation, defaults={"slug": slug})
    else:
        PageAddress.objects.filter(translation=translation).delete()
