"""Figures of a translation agree with the Chinese before it becomes public, or somebody says why."""

import pytest
from wagtail_localize.models import StringTranslation

from portal.foreign.models import PageTranslation, ParityOverride
from portal.foreign.selectors.parity import parity_problems, problems_of
from portal.foreign.selectors.segments import Segment
from portal.foreign.services.parity import ParityRefused, check_release
from portal.foreign.services.syncing import sync_source
from tests.factories import ArticleFactory, UserFactory, World

from .staleness import core, open_section, translate

pytestmark = pytest.mark.django_db

CHINESE = "<p>请于2026年3月1日前提交2份材料，收费200元。</p>"


def translated(world: World, words: str) -> PageTranslation:
    section = open_section(world)
    page = ArticleFactory(parent=world.column, title="办事指南", body=[("rich_text", CHINESE)])
    core(world, page)
    sync_source(page)
    translation = PageTranslation.objects.get(source_id=page.pk, section=section)
    translate(translation, lambda text: words if "2026" in text else "Guide")
    return translation


def test_agreeing_figures_pass(world: World) -> None:
    words = "Submit two copies by 1 March 2026; the fee is 200 yuan."
    translation = translated(world, words)
    assert parity_problems(translation) == []
    assert check_release(translation) is None
    assert not ParityOverride.objects.exists()


def test_a_wrong_figure_is_refused_with_its_place(world: World) -> None:
    translation = translated(world, "Submit two copies by 1 March 2026; the fee is 300 yuan.")
    with pytest.raises(ParityRefused) as refused:
        check_release(translation, "  ")
    [problem] = refused.value.problems
    assert problem.source[slice(*problem.mismatch.source_span)] == "200元"
    assert problem.target[slice(*problem.mismatch.target_span)] == "300 yuan"
    assert "300 yuan" in problem.sentence
    assert not ParityOverride.objects.exists()


def test_a_reason_is_kept_with_what_was_found(world: World) -> None:
    translation = translated(world, "Submit two copies by 1 March 2026; the fee is 300 yuan.")
    user = UserFactory()
    check_release(translation, "The fee was raised; the Chinese follows today.", user=user)
    kept = ParityOverride.objects.get()
    assert kept.user == user
    assert kept.reason.startswith("The fee was raised")
    assert [(row["source"], row["target"]) for row in kept.findings] == [("200元", "300 yuan")]


def test_what_has_no_translation_yet_is_no_mismatch(world: World) -> None:
    translation = translated(world, "Submit two copies by 1 March 2026; the fee is 300 yuan.")
    StringTranslation.objects.all().delete()
    assert parity_problems(translation) == []


def segment(position: int, source: str, text: str) -> Segment:
    return Segment("body.x", position, "Text", source, "h", "", text, "", "current")


def found(*segments: Segment) -> list[str]:
    problems = problems_of(segments, source_language="zh-hans", target_language="en")
    return [problem.mismatch.kind for problem in problems]


def test_neighbours_in_a_block_may_share_a_figure() -> None:
    assert not found(
        segment(0, "收费200元", "There is a fee."), segment(1, "请预约", "Book; it is 200 yuan.")
    )


def test_figures_exchanged_between_paragraphs_are_found() -> None:
    kinds = found(
        segment(0, "成人200元", "Adults 100 yuan"), segment(1, "儿童100元", "Children 200 yuan")
    )
    assert kinds == ["money", "money"]


def test_a_lost_link_is_found() -> None:
    kinds = found(segment(0, '见<a id="a1">办法</a>', "See the measures"))
    assert kinds == ["structure"]
