"""Service guides and what people took part in, in bulk: rows as publishing and sending leave them.

A guide is one of the demo city's with a name, codes and a place of its own in the same column; its
materials, steps, counters and words are those of its pattern.
"""

import copy
import datetime
import random
import uuid
from collections import Counter
from typing import Any

BATCH = 500
_FOR = (
    "个体工商户", "小微企业", "外商投资企业", "社会团体", "老年人", "残疾人", "退役军人", "新业态从业者",
    "高校毕业生", "外来务工人员", "港澳台居民", "外国人", "农民专业合作社", "民办学校", "医疗机构",
    "未成年人", "低收入家庭", "科研人员", "进城落户人员", "重点项目",
)  # fmt: skip
_DEED = (
    "",
    "变更",
    "注销",
    "补办",
    "延续",
    "查询",
    "异议处理",
    "备案",
    "年报",
    "代办",
    "加急",
    "预审",
)


def fill_guides(wanted: int) -> int:
    """Bring the number of public Chinese guides to ``wanted``; how many there are."""
    from portal.core import structure
    from portal.services.models import GuidePage, GuideRecord

    public = GuidePage.objects.filter(
        live=True, alias_of=None, locale__language_code="zh-hans"
    ).order_by("pk")
    patterns = list(public.exclude(slug__startswith="bench-guide-")[:40])
    for pattern in patterns:
        pattern.kept_terms = list(pattern.terms.all())
    first = GuidePage.objects.filter(slug__startswith="bench-guide-").count()
    missing = wanted - public.count()
    for start in range(first, first + missing, BATCH):
        _write(patterns, range(start, min(start + BATCH, first + missing)))
    structure.touch()
    there = public.count()
    if GuideRecord.objects.filter(page__in=public.values("pk")).count() != there:
        raise SystemExit("Not every guide has its record: see the log of the followers.")
    return there


def _write(patterns: list[Any], numbers: range) -> None:
    from django.db import transaction
    from django.db.models import F
    from modelcluster.models import get_all_child_relations
    from wagtail.models import Page

    from portal.core import followers, structure
    from portal.core.models import ListingCount, ListingRow, Publication
    from portal.pages.bulk_insert import insert, last_step, reserve_ids
    from portal.services.models import GuidePage

    relations = get_all_child_relations(GuidePage)
    with transaction.atomic():
        pks = reserve_ids(Page, len(numbers))
        steps: dict[str, int] = {}
        pages, children, rows, publications, terms = [], [], [], [], []
        for number, pk in zip(numbers, pks, strict=True):
            pattern = patterns[number % len(patterns)]
            above = pattern.path[: -Page.steplen]
            if above not in steps:
                steps[above] = last_step(Page.objects.get(path=above))
            steps[above] += 1
            page = _clone(pattern, number, pk, Page._get_path(above, pattern.depth, steps[above]))
            pages.append(page)
            terms += [(pk, term.pk) for term in pattern.kept_terms]
            for relation in relations:
                for child in getattr(pattern, relation.get_accessor_name()).all():
                    made = copy.copy(child)
                    made.pk = None
                    setattr(made, relation.field.attname, pk)
                    if hasattr(made, "translation_key"):
                        made.translation_key = uuid.uuid4()
                    children.append((relation.related_model, made))
            for row in ListingRow.objects.filter(page=pattern.pk):
                row.pk, row.page_id, row.title = None, pk, page.title
                row.date = page.first_published_at
                rows.append(row)
            publications.append(_publication(Publication, pattern, page))
        for above in steps:
            count = sum(1 for page in pages if page.path.startswith(above))
            Page.objects.filter(path=above).update(numchild=F("numchild") + count)
        insert(Page, pages)
        insert(GuidePage, pages)
        for model in {model for model, _child in children}:
            insert(model, [child for kind, child in children if kind is model])
        through: Any = GuidePage.terms.through
        insert(through, [through(guidepage_id=pk, serviceterm_id=term) for pk, term in terms])
        insert(ListingRow, rows)
        for container, number in Counter(row.container_id for row in rows).items():
            ListingCount.objects.filter(container=container).update(count=F("count") + number)
        insert(Publication, publications)
        by_site: dict[int | None, list[Any]] = {}
        found = structure.current()
        for page in GuidePage.objects.filter(pk__in=[page.pk for page in pages]):
            by_site.setdefault(found.site_pk_for(page.path), []).append(page)
        for site, group in by_site.items():
            followers.tell_published(group, site)


def _clone(pattern: Any, number: int, pk: int, path: str) -> Any:
    page = copy.copy(pattern)
    name = f"{_FOR[number // len(_DEED) % len(_FOR)]}{pattern.title}{_DEED[number % len(_DEED)]}"
    page.pk = page.id = page.page_ptr_id = pk
    page.path = path
    page.title = page.draft_title = f"{name}（{number // 240 + 1}）"[:255]
    page.slug = f"bench-guide-{number}"
    page.url_path = f"{pattern.url_path.rstrip('/').rpartition('/')[0]}/{page.slug}/"
    page.translation_key = uuid.uuid4()
    page.latest_revision_id = page.live_revision_id = None
    page.base_code = f"B{number:08d}"
    page.implementation_code = f"I{number:010d}"
    page.first_published_at = pattern.first_published_at - datetime.timedelta(hours=number % 8000)
    return page


def _publication(model: Any, pattern: Any, page: Any) -> Any:
    row = model.objects.filter(page_id=pattern.pk).order_by("-pk").first()
    row.pk, row.page_id, row.title = None, page.pk, page.title
    row.item = str(page.translation_key)
    return row


# --- taking part ----------------------------------------------------------------------------------
def fullest(kind: Any, what: str) -> Any:
    """The activity of the demo city in which most took part; its result is public."""
    return max(kind.objects.filter(live=True), key=lambda page: getattr(page, what).count())


def fill_participation(wanted: int) -> dict[str, int]:
    """One solicitation with as many opinions, one survey with as many sheets, as there shall be."""
    from django.db import transaction

    from portal.pages.bulk_insert import insert, reserve_ids
    from portal.participation.models import (
        Activity,
        AnswerSheet,
        FreeText,
        Opinion,
        OpinionSender,
        SolicitationPage,
        SurveyPage,
    )
    from portal.participation.questions import questions_of
    from portal.participation.services import solicitations, surveys

    page = fullest(SolicitationPage, "opinions")
    clauses = sorted(set(page.opinions.values_list("clause", flat=True)))
    at = Activity.objects.get(page=page.pk).opens_at
    texts = list(page.opinions.values_list("text", flat=True)[:50])
    survey = fullest(SurveyPage, "sheets")
    sheets = list(survey.sheets.order_by("pk")[:200])
    words = list(FreeText.objects.filter(survey=survey).order_by("pk")[:50])
    there = page.opinions.filter(key__startswith="b").count()
    for start in range(there, wanted, 2_000):
        numbers = range(start, min(start + 2_000, wanted))
        chance = random.Random(start)
        with transaction.atomic():
            pks = reserve_ids(Opinion, len(numbers))
            made = [
                Opinion(
                    pk=pk, solicitation_id=page.pk, clause=chance.choice(clauses),
                    text=f"{chance.choice(texts)}（{number}）", key=f"b{number:030d}",
                    language="zh-hans", sent_at=at + datetime.timedelta(seconds=30 * number),
                    decided_at=at + datetime.timedelta(days=30),
                    verdict=chance.choice(("", "adopted", "partly", "not_adopted", "not_adopted")),
                    reason=chance.choice(("", "已有规定", "不属于本办法范围", "采纳后修改")),
                    is_shown=chance.random() < 0.3,
                )
                for number, pk in zip(numbers, pks, strict=True)
            ]  # fmt: skip
            insert(Opinion, made)
            insert(OpinionSender, [
                OpinionSender(opinion_id=row.pk, name="李先生", contact="13900000000",
                              kept_until=datetime.date(2099, 1, 1))
                for row in made if chance.random() < 0.5
            ])  # fmt: skip
            insert(AnswerSheet, [
                AnswerSheet(survey_id=survey.pk, answers=chance.choice(sheets).answers,
                            key=f"b{number:030d}", language="zh-hans", sent_at=at)
                for number in numbers
            ])  # fmt: skip
            insert(FreeText, [
                FreeText(survey_id=survey.pk, question=word.question, text=f"{word.text}{number}",
                         state=chance.choice(("shown", "hidden", "hidden", "new")))
                for number in numbers[::5] for word in [chance.choice(words)]
            ])  # fmt: skip
    solicitations.recount(page=page, clauses=clauses)
    surveys.recount(page=survey)
    Activity.objects.filter(page=page.pk).update(received=page.opinions.count())
    assert questions_of(survey.questions)
    return {"solicitation": page.pk, "survey": survey.pk}
