"""What follows from saving an interpretation: what the public may ask of it, clause by clause."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from wagtail.models import Page

from portal.plugin_api import unit_for
from portal.policy_interpretation import animations
from portal.policy_interpretation.models import (
    AnimationPackage,
    ClauseExplanation,
    InterpretationLink,
    InterpretationPage,
    PolicyPage,
)


@transaction.atomic
def follow_save(*, page: InterpretationPage) -> None:
    """Bring explanations and packages in line with what is stored; in the save's transaction.

    Drafts are revisions and do not come here. An alias shows its original: nothing is its own.
    """
    if not page.live or page.alias_of_id is not None:
        withdraw(page_pk=page.pk)
        return
    _write_explanations(page)
    _write_packages(page)


@transaction.atomic
def begin(*, policy: PolicyPage, column: Page, form: str, user: Any) -> InterpretationPage:
    """A draft that interprets a document, titled after it, in a column; the account owns it."""
    page = InterpretationPage(
        title=gettext("Interpretation of “%(title)s”") % {"title": policy.title[:200]},
        form=form,
        source=str(unit_for(user, column.path) or ""),
        live=False,
        owner=user,
    )
    page.interprets = [InterpretationLink(policy_id=policy.alias_of_id or policy.pk)]
    column.add_child(instance=page)
    page.save_revision(user=user, log_action=True)
    return page


@transaction.atomic
def withdraw(*, page_pk: int) -> None:
    """Take back what a product contributed to its documents; for every way out of the public."""
    ClauseExplanation.objects.filter(product_id=page_pk).delete()
    AnimationPackage.objects.filter(product_id=page_pk).delete()


def explanations_in(
    blocks: list[dict[str, object]], first_policy: int | None
) -> list[tuple[int, str, int, str]]:
    """(document, clause, position, rich text) of each clause that the blocks explain.

    Args:
        blocks: ``raw_data`` of the field ``plain_words``.
        first_policy: the document that blocks without one of their own speak of.
    """
    found = []
    for position, block in enumerate(blocks):
        value = block["value"]
        assert isinstance(value, dict)
        policy = value.get("policy") or first_policy
        text = value.get("text") or ""
        if policy is None or not str(text).strip():
            continue
        found += [(int(policy), clause, position, str(text)) for clause in value["clauses"] or ()]
    return found


def _write_explanations(page: InterpretationPage) -> None:
    link = page.interprets.first()
    wanted = explanations_in(list(page.plain_words.raw_data), link.policy_id if link else None)
    # A document that was deleted meanwhile, or one chosen where it is carried as an alias.
    originals = {
        pk: original or pk
        for pk, original in PolicyPage.objects.filter(
            pk__in={policy for policy, *_rest in wanted}
        ).values_list("pk", "alias_of_id")
    }
    rows = [
        (originals[policy], clause, position, text)
        for policy, clause, position, text in wanted
        if policy in originals
    ]
    stored = page.explanations.order_by("position", "pk")
    if list(stored.values_list("policy_id", "clause", "position", "text")) == rows:
        return
    stored.delete()
    ClauseExplanation.objects.bulk_create(
        ClauseExplanation(
            product=page, policy_id=policy, clause=clause, position=position, text=text
        )
        for policy, clause, position, text in rows
    )


def _write_packages(page: InterpretationPage) -> None:
    found = {}
    for child in page.body:
        document = child.value.get("package") if child.block_type == "animation" else None
        if document is not None:
            found[document.pk] = (document.get_file_hash(), document)
    kept = set()
    for row in page.packages.all():
        if row.document_id in found and row.digest == found[row.document_id][0]:
            kept.add(row.document_id)
        else:
            row.delete()
    for pk, (digest, document) in found.items():
        if pk in kept:
            continue
        try:
            start = animations.check_document(document).start
        except animations.PackageProblem:
            continue  # the gate has said so; the page shows the words in the animation's place
        AnimationPackage.objects.create(product=page, document=document, digest=digest, start=start)
