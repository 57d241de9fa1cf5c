"""Release: the only way in which new text of a translation becomes public (R-FOR-06)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from portal.foreign.models import PageTranslation, Step, TeamRole
from portal.foreign.releasing import releasing
from portal.foreign.selectors.names import name_problems
from portal.foreign.selectors.page_outlines import outline_of
from portal.foreign.selectors.parity import ParityProblem, page_problems
from portal.foreign.selectors.review import (
    Review,
    approved_digest,
    language_reviewer,
    running_review,
)
from portal.foreign.selectors.segments import segments_of
from portal.foreign.selectors.texts import Text, authors_of, digest_of, is_chinese, texts_of
from portal.plugin_api import Basis, releasing_as, take_turn

from .drafts import draft_page, place_target, save_draft, snapshot_of
from .live import record_release
from .memory import remember
from .parity import check_release
from .syncing import sync_source

LOG_RELEASED = "foreign.release"


class NotReady(ValidationError):
    """The translation may not go on. One sentence for each reason; nothing was written."""


def text_problems(
    translation: PageTranslation, texts: list[Text], *, by_machine: bool = False
) -> list[str]:
    """What of the texts speaks against their release.

    Args:
        by_machine: texts of a machine are all right; a reviewer will look at each.
    """
    language = translation.section.locale.language_code
    problems = []
    if not texts:
        problems.append(_("The Chinese page is not public, or has no text."))
    missing = [text for text in texts if not text.data or text.has_error]
    if missing:
        problems.append(
            ngettext(
                "%(count)s text is not translated as the Chinese stands now.",
                "%(count)s texts are not translated as the Chinese stands now.",
                len(missing),
            )
            % {"count": len(missing)}
        )
    machine = [text for text in texts if text.is_machine]
    if machine and not by_machine:
        problems.append(
            ngettext(
                "%(count)s text comes from a machine and was not looked at by a person.",
                "%(count)s texts come from a machine and were not looked at by a person.",
                len(machine),
            )
            % {"count": len(machine)}
        )
    chinese = [text for text in texts if is_chinese(text.data, text.source, language)]
    if chinese:
        problems.append(
            ngettext(
                "%(count)s text is still Chinese: “%(first)s”.",
                "%(count)s texts are still Chinese, the first: “%(first)s”.",
                len(chinese),
            )
            % {"count": len(chinese), "first": chinese[0].data[:40]}
        )
    return problems


@transaction.atomic
def release(
    *,
    translation: PageTranslation,
    user: Any,
    override_reason: str = "",
    reviewed_by: Any = None,
    comment: str = "",
) -> Page:
    """Publish the page with all that is written.

    The texts have to be there, all of the present Chinese, none from a machine that nobody looked
    at; they must be those that the language reviewer approved; numbers and names have to agree
    (the parity gate) unless ``override_reason`` says why not.

    Args:
        reviewed_by: another account than the translators', which reviewed the texts outside the
            desk; for imports and demo content. Without it, the review has to stand at its last
            step.

    Raises:
        NotReady: something is missing; the messages say what.
        ParityRefused: the parity gate found differences, and no reason was given.
    """
    take_turn()
    translation = PageTranslation.objects.select_related("section__locale", "source").get(
        pk=translation.pk
    )
    sync_source(translation.source, section_pk=translation.section_id)
    texts = texts_of(translation)
    review = running_review(translation)
    page = _checked(translation, texts, review, reviewed_by, override_reason, user)
    reviewer = reviewed_by or (language_reviewer(review) if review is not None else None)
    translation.refresh_from_db()
    translation.reviewer_role = _role_of(translation, reviewer)
    translation.save(update_fields=["reviewer_role"])
    key = str(review.workflow_state.pk) if review is not None else ""
    with releasing(page.pk), releasing_as(Basis.TRANSLATION, key):
        revision = save_draft(translation=translation, user=user)
        if review is not None:
            _end(review, revision, digest_of(texts), user, comment)
        # Who releases needs no right on pages: the team's membership was asked.
        revision.publish(user=user, skip_permission_checks=True)
    page = Page.objects.get(pk=page.pk).specific
    if not page.live:
        raise NotReady([_("The page did not become public; look at its history.")])
    _record(translation, page, user, reviewer, override_reason)
    return page


def _checked(
    translation: PageTranslation,
    texts: list[Text],
    review: Review | None,
    reviewed_by: Any,
    override_reason: str,
    user: Any,
) -> Page:
    """The page in the language's tree, when nothing speaks against the release of its texts."""
    problems = text_problems(translation, texts)
    problems += _review_problems(review, texts, reviewed_by)
    segments = segments_of(translation)
    problems += [name.message for name in name_problems(translation, segments) if name.blocking]
    if problems:
        raise NotReady(problems)
    # Placed first: the page as it would be is compared with the Chinese one.
    page = place_target(translation=translation, user=user)
    check_release(
        translation,
        override_reason,
        user=user,
        segments=segments,
        of_the_page=_page_problems(translation),
    )
    return page


@transaction.atomic
def sign_release(*, translation: PageTranslation, user: Any, override_reason: str = "") -> None:
    """Take the decision of the last step without publishing: the page waits for its set.

    Raises:
        NotReady, ParityRefused: as ``release``.
    """
    take_turn()
    sync_source(translation.source, section_pk=translation.section_id)
    texts = texts_of(translation)
    review = running_review(translation)
    _checked(translation, texts, review, None, override_reason, user)
    assert review is not None  # _review_problems refuses without one
    review.state.digest = digest_of(texts)
    review.state.signed_by, review.state.signed_at = user, timezone.now()
    review.state.signed_reason = override_reason.strip()
    review.state.save()


def signed_release(translation: PageTranslation, review: Review | None) -> Any:
    """Who signed the release of the texts as they are now; None: nobody, or of other texts."""
    if review is None or review.step != Step.RELEASE or review.state.signed_by is None:
        return None
    is_same = review.state.digest == digest_of(texts_of(translation))
    return review.state.signed_by if is_same else None


def _page_problems(translation: PageTranslation) -> list[ParityProblem]:
    chinese = snapshot_of(translation).as_instance()
    return page_problems(outline_of(chinese), outline_of(draft_page(translation)))


def _end(review: Review, revision: Revision, digest: str, user: Any, comment: str) -> None:
    """Take the last step. Wagtail would publish by itself, with the rights of the account."""
    review.state.revision, review.state.digest = revision, digest
    review.state.save()
    review.state.workflow_state.on_finish = lambda user: None
    review.state.approve(user=user, comment=comment)


def _review_problems(review: Review | None, texts: list[Text], reviewed_by: Any) -> list[str]:
    if reviewed_by is not None:
        if reviewed_by.pk in authors_of(texts):
            return [_("Who translated a text is not its reviewer.")]
        if review is not None:
            return [_("A review of this page runs at the desk; it has to end first.")]
        return []
    if review is None or review.step != Step.RELEASE:
        return [_("The reviews of language and of secrecy and content come first.")]
    if approved_digest(review) != digest_of(texts):
        return [
            _(
                "The texts are not those that the language reviewer approved: the Chinese was "
                "changed. Return the page to its translator."
            )
        ]
    return []


def _role_of(translation: PageTranslation, reviewer: Any) -> str:
    if reviewer is None:
        return ""
    roles = set(translation.section.team.filter(user=reviewer).values_list("role", flat=True))
    if not roles or TeamRole.LANGUAGE_REVIEWER in roles:
        return TeamRole.LANGUAGE_REVIEWER
    return TeamRole(min(roles))


def _record(
    translation: PageTranslation, page: Page, user: Any, reviewer: Any, reason: str
) -> None:
    record_release(translation, user=user)
    remember(translation=translation)
    log(
        instance=page,
        action=LOG_RELEASED,
        user=user,
        data={
            "reviewed_by": reviewer.get_username() if reviewer is not None else "",
            "override_reason": reason,
        },
        revision=page.live_revision,
    )
