"""Sets for tests, and the short way through the reviews."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from portal.bundles.models import Bundle, BundleItem
from portal.core.models import ReviewRound, ReviewSignature, ReviewStep, User
from portal.core.publications import item_key
from portal.core.reviews.duties import current_task
from portal.core.reviews.rounds import hash_of
from portal.core.reviews.services import hand_in, note_opening, sign
from portal.pages.models import ArticlePage
from tests.factories import ArticleFactory, World, member


@dataclass(frozen=True, slots=True)
class Staff:
    """One account for each role at a site."""

    editor: User
    first_checker: User
    secrecy_reviewer: User
    reviewer: User
    releaser: User

    def of(self, step: str) -> User:
        found: User = getattr(self, "releaser" if step == ReviewStep.RELEASE else _ROLES[step])
        return found


_ROLES = {
    ReviewStep.FIRST_CHECK: "first_checker",
    ReviewStep.SECRECY: "secrecy_reviewer",
    ReviewStep.REVIEW: "reviewer",
}
NO_CONCERNS = dict.fromkeys(
    ("state_secrets", "work_secrets", "privacy", "business_secrets", "together"), "none"
)


def make_staff(site: Any) -> Staff:
    return Staff(**{name: member(name, site) for name in Staff.__slots__})


def draft(world: World, user: User | None = None, **fields: Any) -> ArticlePage:
    """A draft that ``user`` wrote, in the portal's column or below ``parent``."""
    fields = {"parent": world.column, "draft": True, "owner": user} | fields
    page: Any = ArticleFactory(**fields)
    page.save_revision(user=user)
    found: ArticlePage = page
    return found


def walk(page: Page, staff: Staff, *, until: str = "") -> ReviewRound:
    """Hand a draft in and have its steps signed, all of them or up to ``until`` (not signed)."""
    review = hand_in(page=Page.objects.get(pk=page.pk).specific, user=staff.editor)
    for step in ReviewStep:
        if step == until:
            break
        task = current_task(review)
        assert task is not None
        assert task.step == step
        sign_step(review, step, staff)
        review.refresh_from_db()
    return review


def sign_step(review: ReviewRound, step: str, staff: Staff) -> None:
    user = staff.of(step)
    note_opening(review=review, user=user)
    answers = NO_CONCERNS if step == ReviewStep.SECRECY else None
    sign(review=review, step=step, user=user, answers=answers)


def make_bundle(site: Any, *pages: Page, owner: User | None = None, **fields: Any) -> Bundle:
    bundle = Bundle.objects.create(
        site=site, title=fields.pop("title", "养老新政"), owner=owner, **fields
    )
    for number, page in enumerate(pages):
        BundleItem.objects.create(
            bundle=bundle,
            page_id=page.pk,
            title=page.title,
            sort_order=number,
            was_public=page.live,
        )
    return bundle


def signed(page: Page, staff: Staff) -> ReviewRound:
    """A page whose reviews are all signed, without walking through them."""
    page = Page.objects.get(pk=page.pk).specific
    revision = page.get_latest_revision()
    review = ReviewRound.objects.create(
        page_id=page.pk,
        item=item_key(page),
        title=page.title,
        site_id=staff.releaser.groups.get().site_role.site_id,
        revision_id=revision.pk,
        content_hash=hash_of(revision),
        provider=staff.editor,
        provider_name=staff.editor.username,
        writers=[staff.editor.pk],
        state=ReviewRound.State.SIGNED,
        finished_at=timezone.now(),
    )
    ReviewSignature.objects.bulk_create(
        ReviewSignature(
            round=review,
            step=step,
            verdict=ReviewSignature.Verdict.SIGNED,
            account=staff.of(step),
            account_name=staff.of(step).username,
            content_hash=review.content_hash,
            opened_at=timezone.now(),
        )
        for step in ReviewStep
    )
    return review


def ready_bundle(world: World, staff: Staff, count: int, **fields: Any) -> Bundle:
    """A set of drafts that only wait for their release."""
    pages = [draft(world, staff.editor, title=f"第{number}篇") for number in range(count)]
    for page in pages:
        signed(page, staff)
    return make_bundle(world.site, *pages, **fields)


def live_of(bundle: Bundle) -> set[bool]:
    return set(
        Page.objects.filter(pk__in=bundle.items.values("page")).values_list("live", flat=True)
    )
