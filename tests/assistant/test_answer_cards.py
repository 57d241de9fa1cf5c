"""Approved answers as counter cards: for whom there is one, what stands on it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page

from assistant.portal_plugin.answering.presented import presented
from assistant.portal_plugin.models import QuestionPage, Trust
from portal.core import structure
from portal.foreign.models import ForeignSection, Term, TermName
from portal.testing import disable_plugin
from tests.factories import ArticleFactory, OrganisationFactory, World
from tests.factories.pages import publish
from tests.foreign.factories import Section, make_section

from .asking import ask
from .factories import make_question, republish, source

pytestmark = pytest.mark.django_db
CHINESE = "<p>到户籍派出所办理。</p><ul><li>出生医学证明</li><li>父母身份证</li></ul>"
ENGLISH = "<p>At the police station.</p><ul><li>Birth certificate</li><li>Identity cards</li></ul>"


@pytest.fixture
def english(world: World) -> Section:
    return make_section(world)


@pytest.fixture
def pair(column: Page, english: Section) -> tuple[QuestionPage, QuestionPage]:
    office = OrganisationFactory(
        full_name="云湖市公安局",
        english_name="Yunhu Public Security Bureau",
        address="望湖大道5号",
        phone="0999-10000266",
    )
    original = make_question(column, answer=CHINESE, owner_unit=office)
    translation = make_question(
        column,
        "How do I register a newborn?",
        answer=ENGLISH,
        language="en",
        translation_of=original,
        source_state=original.text_state,
        trust=Trust.HUMAN,
        owner_unit=office,
    )
    return original, translation


def path_of(entry: Page, language: str = "en") -> str:
    return f"/{language}/card/assistant.entries/{entry.pk}/"


def html_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


# --- the way to it -------------------------------------------------------------------------------
def test_an_answer_in_another_language_leads_to_its_card(
    client: Client, pair: tuple[QuestionPage, QuestionPage]
) -> None:
    original, translation = pair
    given = ask("How?", original, language="en")
    html = html_of(client, f"/assistant/answers/{given.record.pk}/?lang=en")
    assert f'href="{path_of(translation)}">Counter card' in html
    assert presented(given.record, "https://city.example")["card"] == (
        f"https://city.example{path_of(translation)}"
    )
    assert f'href="{path_of(translation)}"' in html_of(client, translation.url)


@pytest.mark.parametrize(
    "state", ["chinese", "untranslated", "withdrawn", "off", "closed", "no_section"]
)
def test_no_way_where_there_is_no_card(
    client: Client,
    column: Page,
    english: Section,
    pair: tuple[QuestionPage, QuestionPage],
    state: str,
) -> None:
    original, translation = pair
    language = "en"
    if state == "chinese":
        language = "zh-hans"
    elif state == "untranslated":
        language = "ja"
    elif state == "no_section":
        language = "ko"
        make_question(
            column, "신생아?", language="ko", answer="<p>경찰서.</p>", translation_of=original
        )
    given = ask("How?", original, language=language)
    address = f"/assistant/answers/{given.record.pk}/?lang={language}"
    if state == "withdrawn":
        original.unpublish()
    elif state == "closed":
        ForeignSection.objects.update(state=ForeignSection.State.CLOSED)
        Page.objects.filter(pk=english.root.pk).update(live=False)
        structure.touch()
    if state == "off":
        with disable_plugin("foreign"):
            assert "/card/" not in html_of(client, address)
            assert client.get(path_of(translation)).status_code == 404
        return
    assert "/card/" not in html_of(client, address)
    assert presented(given.record, "", language=language)["card"] == "" or state == "withdrawn"
    if state in {"withdrawn", "closed"}:
        assert client.get(path_of(translation)).status_code == (410 if state == "closed" else 404)


# --- what stands on it ---------------------------------------------------------------------------
def test_both_languages_stand_side_by_side_with_the_office(
    client: Client, pair: tuple[QuestionPage, QuestionPage]
) -> None:
    _original, translation = pair
    html = html_of(client, path_of(translation))
    assert "How do I register a newborn?" in html
    assert "新生儿怎么上户口？" in html
    assert '<p class="line__own">Birth certificate</p>' in html
    assert '<p class="line__chinese" lang="zh-Hans" dir="ltr">出生医学证明</p>' in html
    assert "云湖市公安局" in html
    assert "Yunhu Public Security Bureau" in html
    assert "Wànghú Dàdào 5 hào" in html
    assert 'href="tel:+8699910000266"' in html
    assert f'src="/qr/{translation.pk}.svg"' in html
    assert "The Chinese text prevails." in html
    assert translation.full_url in html


def test_the_chinese_number_leads_to_the_same_card(
    client: Client, pair: tuple[QuestionPage, QuestionPage]
) -> None:
    original, translation = pair
    response = client.get(path_of(original))
    assert response.status_code == 302
    assert response.headers["Location"] == path_of(translation)


def test_names_of_the_term_base_stand_in_both_languages(
    client: Client, pair: tuple[QuestionPage, QuestionPage]
) -> None:
    _original, translation = pair
    term = Term.objects.create(source="出生医学证明", kind=Term.Kind.LAW)
    TermName.objects.create(
        term=term,
        locale=Locale.objects.get(language_code="en"),
        name="Medical Certificate of Birth",
        status=TermName.Status.APPROVED,
    )
    assert "Medical Certificate of Birth" in html_of(client, path_of(translation))


def test_what_the_entry_does_not_say_its_source_does(
    client: Client, column: Page, english: Section
) -> None:
    guide = publish(
        ArticleFactory(
            parent=column,
            title="落户指南",
            body=[("paragraph", "<p>柳岸路68号，电话0999-10000777。</p>")],
            draft=True,
        )
    )
    silent = OrganisationFactory(address="", phone="")
    original = make_question(column, sources=[source(guide)], owner_unit=silent)
    translation = make_question(column, "How?", language="en", translation_of=original)
    html = html_of(client, path_of(translation))
    assert "Liǔàn Lù 68 hào" in html
    assert 'href="tel:+8699910000777"' in html


def test_a_translation_that_is_behind_shows_the_chinese(
    client: Client, pair: tuple[QuestionPage, QuestionPage]
) -> None:
    original, translation = pair
    republish(original, answer="<p>现在到政务中心办理。</p>")
    html = html_of(client, path_of(translation))
    assert "At the police station." not in html
    assert "现在到政务中心办理。" in html
    assert "The Chinese text has changed; its translation follows." in html


def test_without_a_translation_there_are_labels_and_the_chinese(
    client: Client, column: Page, english: Section
) -> None:
    html = html_of(client, path_of(make_question(column)))
    assert "not translated yet" in html
    assert "到户籍派出所办理" in html


def test_nothing_on_a_card_is_of_who_asks(
    client: Client, pair: tuple[QuestionPage, QuestionPage], django_user_model: Any
) -> None:
    _original, translation = pair
    before = client.get(path_of(translation)).content
    client.force_login(django_user_model.objects.create_superuser("someone", "a@b.cn", "x"))
    after = client.get(path_of(translation))
    assert after.content == before
    assert not after.cookies
    assert after.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "٣"])
def test_what_is_no_entry_is_not_there(client: Client, english: Section, key: str) -> None:
    assert client.get(f"/en/card/assistant.entries/{key}/").status_code == 404
    assert client.get(f"/en/card/no.such/{key}/").status_code == 404


def test_an_article_is_no_entry(client: Client, english: Section) -> None:
    assert client.get(path_of(english.article)).status_code == 404


def test_a_draft_and_what_is_hidden_have_no_card(
    client: Client, column: Page, english: Section
) -> None:
    from wagtail.models import PageViewRestriction

    draft = make_question(column, live=False)
    assert client.get(path_of(draft)).status_code == 404
    public = make_question(column, "怎么办？")
    PageViewRestriction.objects.create(page=column, restriction_type="login")
    structure.touch()
    assert client.get(path_of(public)).status_code == 404


def test_the_address_is_reversed_like_other_cards(english: Section) -> None:
    from django.utils.translation import override

    with override("en"):
        assert (
            reverse("foreign_language:text_card", args=["assistant.entries", "7"])
            == "/en/card/assistant.entries/7/"
        )
