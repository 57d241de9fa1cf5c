"""What policies, questions and translations tell of themselves is in their records."""

import pytest

from portal.core.outbox import run_consumers
from portal.library.following import Texts
from portal.library.models import LibraryRecord
from portal.policy_interpretation.disclosure_follower import CatalogueFollower
from portal.policy_interpretation.models import CatalogueEntry, DisclosurePlatform, PolicyTheme
from tests.assistant.factories import make_question
from tests.factories import ArticleFactory, World, open_language, without_foreign
from tests.policy_interpretation.factories import make_policy

from .conftest import record_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def follow() -> None:
    for report in run_consumers([CatalogueFollower(), Texts()]):
        assert not report.error


def test_a_document_keeps_its_own_number_theme_and_genre(world: World) -> None:
    theme = PolicyTheme.objects.get(code="0204")
    page = make_policy(world.column, index_number="000014349/2026-00110", theme=theme, genre="意见")
    record = record_of(page)
    assert record.record_type == "policy"
    assert record.index_no == "000014349/2026-00110"
    assert (record.theme, record.genre, record.doc_no) == ("0204", "意见", page.document_number)
    assert record.made_on == page.issued_on


def test_a_theme_that_only_policies_have_counts_as_its_class(world: World) -> None:
    theme = PolicyTheme.objects.create(code="0299", name="新设", parent_id="02")
    assert record_of(make_policy(world.column, theme=theme)).theme == "02"


def test_two_documents_with_one_number_do_not_share_it(world: World) -> None:
    pages = [make_policy(world.column, index_number="000014349/2026-00111")
             for _number in range(2)]  # fmt: skip
    numbers = {record_of(page).index_no for page in pages}
    assert len(numbers) == 2


def test_the_number_that_the_catalogue_gives_is_the_records(world: World) -> None:
    DisclosurePlatform.objects.create(site=world.site, unified_code="000014349", gives_numbers=True)
    page = make_policy(world.column)
    assert record_of(page).index_no.startswith("YUNHU-B-")
    follow()
    given = CatalogueEntry.objects.get(page=page).index_number
    assert given
    assert record_of(page).index_no == given


def test_a_question_and_a_translation_have_records_in_their_languages(world: World) -> None:
    question = make_question(world.column)
    assert record_of(question).record_type == "faq"
    page = ArticleFactory(parent=world.column)
    home = open_language(world.site, "en")
    column = world.column.copy_for_translation(home.locale)
    column.save_revision().publish()
    with without_foreign():
        translated = page.copy_for_translation(home.locale)
        translated.save_revision().publish()
    record = record_of(translated)
    assert record.language == "en"
    assert record.index_no == f"{record_of(page).index_no}-EN"
    assert LibraryRecord.objects.filter(translation_key=page.translation_key).count() == 2
