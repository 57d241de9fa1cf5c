"""Guides in other languages: what is translated, what is the same, what stays the original's."""

import pytest
from wagtail.models import Locale
from wagtail_localize.fields import copy_synchronised_fields
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue, TemplateSegmentValue
from wagtail_localize.segments.extract import extract_segments

from portal.core.card_points import CardText
from portal.plugin_api import LanguageLink
from portal.services.cards import GuideCards
from portal.services.models import GuideMaterial, GuidePage, GuideRecord
from portal.services.publishing import problems_of, warnings_of
from portal.services.selectors.shelf import languages_with_guides
from portal.services.switching import same_page_of_services
from tests.factories import World
from tests.factories.pages import PortalHomeFactory

from .factories import make_guide, term

pytestmark = pytest.mark.django_db


@pytest.fixture
def english(world: World) -> Locale:
    return Locale.objects.get_or_create(language_code="en")[0]


def in_english(guide: GuidePage, english: Locale) -> GuidePage:
    """A translated copy below a home in that language."""
    home = PortalHomeFactory(locale=english, slug="en")
    copy = guide.copy(
        to=home,
        update_attrs={"locale": english, "slug": "residence"},
        copy_revisions=False,
        keep_live=False,
        reset_translation_key=False,
        process_child_object=lambda _old, _new, _rel, child: (
            setattr(child, "locale", english) if hasattr(child, "locale") else None
        ),
    )
    found: GuidePage = GuidePage.objects.get(pk=copy.pk)
    return found


def test_words_are_translated_and_codes_are_not(world: World) -> None:
    guide = make_guide(world.column, implementation_code="X1", contact_phone="0999-10000110")
    found = extract_segments(guide)
    # Other values may be overridden by a language; they are offered, and not translated.
    paths = {
        one.path for one in found if isinstance(one, (StringSegmentValue, TemplateSegmentValue))
    }
    assert {"title", "summary", "promised_limit"} <= paths
    assert any(path.startswith("materials.") and path.endswith(".name") for path in paths)
    assert any(path.startswith("steps.") for path in paths)
    assert any(path.startswith("places.") and path.endswith(".address") for path in paths)
    assert not {"implementation_code", "base_code", "contact_phone", "served"} & paths
    assert not any(path.startswith("basis.") for path in paths)
    assert not any(path.endswith((".hours", ".phone", ".english_address")) for path in paths)


def test_what_is_the_same_follows_the_original(world: World, english: Locale) -> None:
    guide = make_guide(world.column, implementation_code="X1")
    other = in_english(guide, english)
    guide.implementation_code = "X2"
    guide.terms = [term("subject", "gongan")]
    guide.materials.add(GuideMaterial(name="照片"))
    guide.save_revision().publish()
    copy_synchronised_fields(GuidePage.objects.get(pk=guide.pk), other)
    other.save()
    other = GuidePage.objects.get(pk=other.pk)
    assert other.implementation_code == "X2"
    assert [word.key for word in other.terms.all()] == ["gongan"]
    assert [row.locale for row in other.materials.all()] == [english, english]


def test_a_translation_through_the_desk_has_its_own_materials(
    world: World, english: Locale
) -> None:
    guide = make_guide(world.column)
    in_english(guide, english)
    source, _created = TranslationSource.get_or_create_from_instance(guide)
    Translation.objects.get_or_create(source=source, target_locale=english)
    page, _made = source.create_or_update_translation(english, publish=False, fallback=True)
    draft = page.get_latest_revision_as_object()
    assert len(draft.materials.all()) == 1
    assert GuideMaterial.objects.filter(page=guide).get().locale != english


def test_codes_records_and_completeness_are_the_originals(world: World, english: Locale) -> None:
    guide = make_guide(world.column, implementation_code="X1", places=[])
    other = in_english(guide, english)
    assert problems_of(other) == []
    assert warnings_of(other) == []
    assert not GuideRecord.objects.filter(page=other.pk).exists()


def test_a_card_in_two_languages(world: World, english: Locale) -> None:
    guide = make_guide(world.column)
    other = in_english(guide, english)
    GuidePage.objects.filter(pk=other.pk).update(live=True, title="Residence permit")
    card = GuideCards().card_text(str(guide.pk), language="en")
    assert isinstance(card, CardText)
    assert (card.title, card.chinese_title, card.page) == (
        "Residence permit", "居住证办理", other.pk,
    )  # fmt: skip


def test_the_switcher_of_the_entrance_leads_to_languages_with_guides(
    world: World, english: Locale
) -> None:
    guide = make_guide(world.column)
    assert languages_with_guides() == {"zh-hans", "zh-hant"}
    in_english(guide, english).save_revision().publish()
    assert languages_with_guides() == {"zh-hans", "zh-hant", "en"}
    home = [LanguageLink(code, code, f"/{code}/", landing="Home") for code in ("en", "ja")]
    found = same_page_of_services(
        home, page=None, site=world.site, language="zh-hans", path="/services/catalogue/?unit=3"
    )
    assert [link.url for link in found] == ["/en/services/catalogue/", "/ja/"]
    assert [link.is_same_page for link in found] == [True, True]
    elsewhere = same_page_of_services(
        home, page=None, site=world.site, language="zh-hans", path="/services/7/ratings/"
    )
    assert elsewhere == home
