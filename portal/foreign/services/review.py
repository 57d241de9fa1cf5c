"""The way from a translation to its release: hand in, language, secrecy and content, release."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Page, Task, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from portal.foreign.models import (
    ContentReviewTask,
    ForeignSection,
    LanguageReviewTask,
    PageTranslation,
    ReleaseTask,
    SectionWorkflow,
    Step,
)
from portal.foreign.selectors.review import Review, may_take, objection, review_of, running_review
from portal.foreign.selectors.texts import digest_of, texts_of
from portal.plugin_api import holder_of, take_turn
from portal.text.words import count_words

from .drafts import place_target, save_draft
from .release import NotReady, release, sign_release, text_problems
from .syncing import recount, sync_source
from .work_records import record_work

_STEPS: tuple[type[Task], ...] = (LanguageReviewTask, ContentReviewTask, ReleaseTask)


@transaction.atomic
def provision_section_workflow(section: ForeignSection) -> Workflow:
    """The review workflow of a section, assigned to its root. Idempotent.

    The root may be made later; then this is called again.
    """
    found = SectionWorkflow.objects.select_related("workflow").filter(section=section).first()
    if found is None:
        with override("zh-hans"):
            name = _("%(section)s: translation and release") % {"section": section}
            workflow = Workflow.objects.create(name=name[:255], active=True)
            for number, kind in enumerate(_STEPS):
                step = kind.step
                title = f"{section} · {step.label}"
                task = kind.objects.create(name=title[:255], active=True, section=section)
                WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=number)
        found = SectionWorkflow.objects.create(section=section, workflow=workflow)
    root = Page.objects.filter(
        translation_key=section.site.root_page.translation_key, locale_id=section.locale_id
    ).first()
    if root is not None:
        WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": found.workflow})
    result: Workflow = found.workflow
    return result


@transaction.atomic
def submit(*, translation: PageTranslation, user: Any, comment: str = "") -> WorkflowState:
    """Hand a translation in. A returned one starts again at the language review.

    Raises:
        NotReady: texts are missing or still Chinese, or a review runs already. A machine's texts
            may be handed in; the language reviewer looks at each.
    """
    take_turn()
    if running_review(translation) is not None:
        raise NotReady([_("This page is being reviewed already.")])
    sync_source(translation.source, section_pk=translation.section_id)
    translation.refresh_from_db()
    missing = text_problems(translation, texts_of(translation), by_machine=True)
    if missing:
        raise NotReady(missing)
    place_target(translation=translation, user=user)
    before = review_of(translation)
    if before is not None:
        before.workflow_state.cancel(user=user)
    save_draft(translation=translation, user=user)
    workflow = provision_section_workflow(translation.section)
    page = Page.objects.get(pk=translation.target_id).specific
    state: WorkflowState = workflow.start(page, user)
    if comment.strip():
        state.current_task_state.comment = comment.strip()
        state.current_task_state.save()
    _count(translation)
    return state


@transaction.atomic
def approve(
    *, translation: PageTranslation, user: Any, comment: str = "", override_reason: str = ""
) -> Step:
    """Take the step that waits; the last one releases the page. Returns the step taken.

    A page that waits to go public with others is signed and waits.

    Raises:
        PermissionDenied: the step is not among the account's.
        NotReady: nothing waits, another person has to take it, or texts speak against it.
        ParityRefused: at the release, see ``release``.
    """
    take_turn()
    review = _own(translation, user)
    step = review.step
    texts = texts_of(translation)
    if step == Step.RELEASE and holder_of(translation.target) is not None:
        sign_release(translation=translation, user=user, override_reason=override_reason)
        return step
    if step == Step.RELEASE:
        release(
            translation=translation,
            user=user,
            override_reason=override_reason,
            comment=comment or override_reason,
        )
        return step
    problems = text_problems(translation, texts)
    if problems:
        raise NotReady(problems)
    if step == Step.LANGUAGE:
        save_draft(translation=translation, user=user)
        words = sum(count_words(text.source) for text in texts)
        record_work(
            user=user,
            translation=translation,
            kind="review",
            words=words,
            text=f"review {digest_of(texts)}",
        )
    elif step == Step.CONTENT:
        record_work(
            user=user,
            translation=translation,
            kind="content_review",
            words=sum(count_words(text.source) for text in texts),
            text=f"content {digest_of(texts)}",
        )
    review.state.digest = digest_of(texts)
    review.state.save(update_fields=["digest"])
    review.state.approve(user=user, comment=comment.strip())
    _count(translation)
    return step


@transaction.atomic
def send_back(*, translation: PageTranslation, user: Any, comment: str) -> None:
    """Return a page to its translator, with the reason.

    Raises:
        ValidationError: no reason was given.
        PermissionDenied, NotReady: as ``approve``.
    """
    take_turn()
    review = _own(translation, user, returning=True)
    if not comment.strip():
        raise ValidationError(_("Say what has to be changed."), code="comment")
    review.state.reject(user=user, comment=comment.strip())
    _count(translation)


@transaction.atomic
def take_back(*, translation: PageTranslation, user: Any) -> None:
    """Who handed a page in takes it back, to go on with the texts.

    Raises:
        NotReady: nothing waits, or somebody else handed it in.
    """
    take_turn()
    review = running_review(translation)
    if review is None or review.workflow_state.requested_by_id != user.pk:
        raise NotReady([_("Only who handed the page in takes it back.")])
    review.workflow_state.cancel(user=user)
    _count(translation)


def _own(translation: PageTranslation, user: Any, *, returning: bool = False) -> Review:
    review = running_review(translation)
    if review is None:
        raise NotReady([_("No step of a review waits for this page.")])
    if not may_take(user, translation, review.step):
        raise PermissionDenied
    reason = "" if returning else objection(user, translation, review)
    if reason:
        raise NotReady([reason])
    return review


def _count(translation: PageTranslation) -> None:
    translation.refresh_from_db()
    recount(translation)
