"""What waits in the reviews of the demo city, and the people who review there."""

from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from portal.core.models import ReviewRound, ReviewStep, User
from portal.core.reviews import secrecy
from portal.core.reviews.dates import earlier_date
from portal.core.reviews.services import (
    explain_date,
    hand_in,
    make_urgent,
    note_opening,
    send_back,
    sign,
)

from .models import ArticlePage

if TYPE_CHECKING:
    from .demo_content import DemoLoader

# One account for each step, the same at every site: what waits for them is one list.
REVIEWERS = {
    ReviewStep.FIRST_CHECK: ("first-checker", "first_checker"),
    ReviewStep.SECRECY: ("secrecy-reviewer", "secrecy_reviewer"),
    ReviewStep.REVIEW: ("reviewer", "reviewer"),
    ReviewStep.RELEASE: ("releaser", "releaser"),
}


def load_reviews(loader: "DemoLoader", rows: list[dict[str, Any]]) -> None:
    """Draft, hand in and sign what ``reviews.yaml`` says; what is there already stays."""
    for row in rows:
        column = loader.pages[row["column"]]
        if not Page.objects.child_of(column).filter(slug=row["slug"]).exists():
            _load(loader, column, row)


def hand_in_and_sign(page: Page, author: User, steps: int) -> None:
    """Hand a draft in, and have the first steps signed by the city's reviewers."""
    review = hand_in(page=Page.objects.get(pk=page.pk).specific, user=author)
    if earlier_date(review) is not None:  # the demo's days are told from the day of its loading
        explain_date(review=review, reason="文件按成文日期标注时间，随本组材料一并发布。")
        review.refresh_from_db()
    for step in list(ReviewStep)[:steps]:
        _sign(review, step)


def _load(loader: "DemoLoader", column: Page, row: dict[str, Any]) -> None:
    author = User.objects.get(username=row["author"])
    body = [("paragraph", f"<p>{text}</p>") for text in row["body"]]
    fields = {
        "source": row["source"],
        "summary": row["summary"],
        "owner": author,
        "body": ArticlePage._meta.get_field("body").stream_block.normalize(body),
    }
    page = loader.add(column, ArticlePage, row["slug"], row["title"], fields, publish=False)
    page.save_revision(user=author)
    review = hand_in(page=page, user=author)
    if "urgent" in row:
        make_urgent(review=review, user=author, reason=row["urgent"])
    for step in row.get("signed", ()):
        _sign(review, ReviewStep(step))
    if "returned" in row:
        step = list(ReviewStep)[len(row.get("signed", ()))]
        person = _person(review, step)
        send_back(review=review, step=step, user=person, reason=row["returned"])


def _sign(review: ReviewRound, step: ReviewStep) -> None:
    answers = dict.fromkeys(secrecy.QUESTIONS, secrecy.NONE)
    sign(
        review=review,
        step=step,
        user=_person(review, step),
        answers=answers if step == ReviewStep.SECRECY else None,
    )


def _person(review: ReviewRound, step: ReviewStep) -> User:
    person = User.objects.get(username=REVIEWERS[step][0])
    note_opening(review=review, user=person)
    return person
