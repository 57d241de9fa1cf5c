"""Settings of visitors, the elder view, banners and reading aloud, as people meet them."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from . import tools
from .addresses import EXPECTED_STATUS, OWN_HOST, PUBLIC_PAGES
from .browsing import (
    DESKTOP,
    PHONE,
    ZOOMED,
    axe_violations,
    sideways_scroll,
    sign_in,
    small_targets,
    watched_page,
)
from .serving import Portal

pytestmark = pytest.mark.e2e
NewContext = Callable[..., BrowserContext]
ARTICLE = PUBLIC_PAGES["notice"]
TITLE = "暴雨橙色预警"

# Notes what <html> says at the moment when its <body> begins, long before anything is painted.
AT_FIRST_SIGHT = """
    new MutationObserver((_changes, observer) => {
        if (document.body) {
            observer.disconnect();
            window.atFirstSight = {...document.documentElement.dataset};
        }
    }).observe(document, {childList: true, subtree: true});
"""


def at_first_sight(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate("window.atFirstSight")
    return {name: value for name, value in found.items() if name != "theme"}


# --- the panel ----------------------------------------------------------------------------------
def test_settings_by_keyboard(portal: Portal, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(AT_FIRST_SIGHT)
    page, watch = watched_page(context)
    page.goto(portal.url)
    opener = page.locator("[data-settings-open]")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.focus()
    page.keyboard.press("Enter")
    panel = page.locator("[data-settings]")
    expect(panel).to_be_visible()
    expect(panel.locator("#panel-view-standard")).to_be_focused()
    panel.locator("#panel-size-normal").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-font-size", "large")
    expect(page.locator("[data-settings-status]")).not_to_be_empty()
    panel.locator("#panel-contrast-normal").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()

    for path in (PUBLIC_PAGES["sub-site by path"], ARTICLE, "/yaowen/"):
        page.goto(portal.at(path))
        assert at_first_sight(page) == {"fontSize": "large", "contrast": "high"}, path
    assert not context.cookies(), "with JavaScript pages stay the same for everybody"

    page.locator("[data-settings-open]").click()
    page.locator("[data-settings-reset]").click()
    assert page.evaluate("({...document.documentElement.dataset})") == {"theme": "lake"}
    assert watch.problems == []


def test_two_windows_agree(portal: Portal, new_context: NewContext) -> None:
    context = new_context()
    first, _ = watched_page(context)
    second, _ = watched_page(context)
    first.goto(portal.url)
    second.goto(portal.at(ARTICLE))
    first.locator(".utility button[data-size=larger]").click()
    expect(second.locator("html")).to_have_attribute("data-font-size", "larger")
    expect(second.locator(".utility button[data-size=larger]")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_without_script(portal: Portal, new_context: NewContext) -> None:
    context = new_context(java_script_enabled=False)
    page, watch = watched_page(context)
    page.goto(portal.at(ARTICLE))
    page.locator("[data-settings-open]").click()
    page.locator("label", has=page.locator("#page-view-elder")).click()
    page.locator("label", has=page.locator("#page-contrast-dark")).click()
    page.locator(".settings-form button[type=submit]").first.click()
    assert page.url == portal.at(ARTICLE)
    html = page.locator("html")
    expect(html).to_have_attribute("data-view", "elder")
    expect(html).to_have_attribute("data-contrast", "dark")
    page.locator(".elder-bar__item--back").click()
    assert page.url == portal.at(ARTICLE)
    assert html.get_attribute("data-view") is None
    expect(html).to_have_attribute("data-contrast", "dark")
    assert watch.problems == []


def test_the_script_takes_over_what_the_form_kept(portal: Portal, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(AT_FIRST_SIGHT)
    page, watch = watched_page(context)
    page.goto(portal.at("/preferences/?next=" + ARTICLE))
    page.locator("label", has=page.locator("#page-size-larger")).click()
    page.locator(".settings-form button[type=submit]").first.click()
    page.wait_for_url(portal.at(ARTICLE))
    assert at_first_sight(page) == {"fontSize": "larger"}
    names = {cookie["name"] for cookie in context.cookies()}
    assert "portal_preferences" not in names
    page.goto(portal.url)
    assert at_first_sight(page) == {"fontSize": "larger"}
    assert watch.problems == []


# --- elder view ---------------------------------------------------------------------------------
def test_an_address_for_a_poster(portal: Portal, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(AT_FIRST_SIGHT)
    page, watch = watched_page(context)
    page.goto(portal.url)
    page.locator(".utility button[data-size=large]").click()
    page.goto(portal.at(ARTICLE + "?view=elder"))
    assert page.url == portal.at(ARTICLE)
    assert at_first_sight(page) == {"view": "elder", "fontSize": "large"}
    back = page.locator(".elder-bar__item--back")
    expect(back).to_be_visible()
    back.click()
    assert page.evaluate("document.documentElement.dataset.view") is None
    expect(page.locator(".utility__view")).to_be_focused()
    assert watch.problems == []


def test_settings_come_along_to_another_host(portal: Portal, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(AT_FIRST_SIGHT)
    page, watch = watched_page(context)
    page.goto(portal.url)
    page.locator(".utility__view").click()
    page.locator(f'main a[href^="http://{OWN_HOST}"]').first.click()
    page.wait_for_url(portal.host(OWN_HOST) + "/**")
    assert "settings" not in page.url
    assert at_first_sight(page) == {"view": "elder"}
    assert watch.problems == []


@pytest.fixture(scope="module")
def axe_contexts(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """One visitor for each view; the choice is stored before the first page."""
    made = {}
    for name, stored in VIEWS.items():
        made[name] = browser.new_context(viewport=DESKTOP, locale="zh-CN")
        made[name].add_init_script(path=tools.axe_source())
        made[name].add_init_script(f'localStorage.setItem("portal:preferences", "{stored}")')
    yield made
    for context in made.values():
        context.close()


VIEWS = {
    "elder": "view:elder",
    "largest": "view:elder&size:larger",
    "high": "contrast:high",
    "dark": "contrast:dark",
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", [*PUBLIC_PAGES, "settings"])
def test_each_view_of_each_page(
    portal: Portal, axe_contexts: dict[str, BrowserContext], kind: str, view: str
) -> None:
    page, watch = watched_page(axe_contexts[view], expected_status=EXPECTED_STATUS.get(kind, 200))
    page.goto(portal.at(PUBLIC_PAGES.get(kind, "/preferences/")))
    found = [f"axe: {line}" for line in axe_violations(page)]
    for size in (PHONE, ZOOMED):
        page.set_viewport_size(size)
        found += [f"{size['width']}, sideways: {line}" for line in sideways_scroll(page)]
    if view == "elder":
        # A row and a card answer to a finger with their whole area.
        main = ".elder-bar__item, .button, .menu__button, .row, .service, .cards--links .card"
        found += [f"below 60: {line}" for line in small_targets(page, main, 60)]
        found += [f"below 44: {line}" for line in small_targets(page)]
    assert found + watch.problems == []
    page.close()


def test_the_elder_home_begins_with_what_people_need(
    portal: Portal, new_context: NewContext
) -> None:
    context = new_context()
    page, _watch = watched_page(context)
    page.set_viewport_size(PHONE)
    page.goto(portal.at("/?view=elder"))
    tops = page.evaluate(
        """() => [...document.querySelectorAll(".sections > .section")]
            .filter(section => section.checkVisibility())
            .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
            .map(section => section.className)"""
    )
    assert tops[0].endswith(("section--links", "section--services"))
    sizes = page.evaluate(
        """() => ({
            body: parseFloat(getComputedStyle(document.querySelector(".row__title a")).fontSize),
            scenes: [...document.querySelectorAll(".hero__scene")].filter(s => s.checkVisibility()).length,
            shadows: [...document.querySelectorAll("body *")].filter(
                e => getComputedStyle(e).boxShadow !== "none" && e.checkVisibility()).length,
            cursor: getComputedStyle(document.body).cursor,
        })"""
    )
    assert sizes["body"] >= 18
    assert sizes["scenes"] == 0
    assert sizes["shadows"] == 0
    assert "arrow" in sizes["cursor"]
    expect(
        page.locator("header a[href^='tel:'], .elder-bar a[href^='tel:']").locator("visible=true")
    ).to_have_count(1)


# --- banner and mourning ------------------------------------------------------------------------
@pytest.fixture
def banner(portal: Portal, new_context: NewContext) -> Iterator[Page]:
    """Somebody switches a banner on; afterwards everything is switched off again."""
    page, _watch = watched_page(new_context())
    sign_in(page, portal, "admin")
    page.goto(portal.at("/admin/emergency-banners/new/"))
    page.locator("[name=level]").select_option("orange")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=text]").fill("请不要涉水行走。请留在高处。")
    page.locator("[name=phone]").fill("12345")
    page.locator("footer button[type=submit]").first.click()
    page.wait_for_url("**/admin/site-modes/")
    yield page
    page.goto(portal.at("/admin/site-modes/"))
    while page.locator("button[name=end]").count():
        page.locator("button[name=end]").first.click()
        page.wait_for_load_state()


def test_a_banner_is_put_away_once_and_comes_back_when_it_changes(
    banner: Page, portal: Portal, new_context: NewContext
) -> None:
    context = new_context()
    context.add_init_script(path=tools.axe_source())
    page, watch = watched_page(context)
    page.goto(portal.url)
    shown = page.locator("[data-banner]")
    expect(shown).to_contain_text(TITLE)
    assert axe_violations(page) == []
    dismiss = page.locator("[data-dismiss]")
    box = dismiss.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    dismiss.click()
    expect(shown).to_be_hidden()
    expect(page.locator("#main")).to_be_focused()
    page.goto(portal.at(ARTICLE))
    expect(shown).to_be_hidden()

    banner.get_by_role("link", name=TITLE).click()
    banner.locator("[name=text]").fill("雨势减弱。")
    banner.locator("footer button[type=submit]").first.click()
    banner.wait_for_url("**/admin/site-modes/")
    page.goto(portal.at(ARTICLE))
    expect(shown).to_contain_text("雨势减弱")
    page.set_viewport_size(ZOOMED)
    assert sideways_scroll(page) == []
    assert watch.problems == []


def test_grey_spares_the_banner_and_fixed_parts(
    banner: Page, portal: Portal, new_context: NewContext
) -> None:
    banner.locator("button[name=grey]").first.click()
    banner.wait_for_load_state()
    page, watch = watched_page(new_context())
    page.goto(portal.url)
    assert colourful(page, ".site-header, .hero__scene") is False
    assert colourful(page, ".alert-banner") is True
    banner.goto(portal.at("/admin/site-modes/"))
    banner.locator("button[name=end][value^=grey]").first.click()
    banner.wait_for_load_state()
    page.reload()
    assert colourful(page, ".hero__scene") is True
    assert watch.problems == []


def colourful(page: Page, selector: str) -> bool:
    """Whether a picture of the part has a pixel that is not grey."""
    from io import BytesIO

    from PIL import Image, ImageChops

    for part in page.locator(selector).all():
        picture = Image.open(BytesIO(part.screenshot())).convert("RGB")
        red, green, blue = picture.split()
        spread = ImageChops.add(
            ImageChops.difference(red, green), ImageChops.difference(green, blue)
        )
        extremes = spread.getextrema()
        if extremes[1] > 24:  # the edges of letters are smoothed with a little colour
            return True
    return False


# --- reading aloud ------------------------------------------------------------------------------
# A voice that says nothing; the test decides when a sentence ends.
VOICE = """
    window.spoken = [];
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    const voices = [{lang: "zh-CN", name: "test", localService: true}];
    let current = null;
    Object.defineProperty(window, "speechSynthesis", {value: {
        getVoices: () => window.mute ? [] : voices,
        speak(utterance) { current = utterance; window.spoken.push(utterance.text); },
        cancel() { current = null; },
        addEventListener() {},
    }});
    window.finishSentence = () => { const done = current; current = null; done?.onend?.(); };
"""


@pytest.fixture
def listener(portal: Portal, new_context: NewContext) -> Page:
    context = new_context()
    context.add_init_script(VOICE)
    page, _watch = watched_page(context)
    page.goto(portal.at(ARTICLE))
    return page


def spoken(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.spoken")
    return found


def wait_until_spoken(page: Page, count: int = 1, part: str = "") -> None:
    """Not ``wait_for_function``: the policy of the page refuses code made from text."""
    page.evaluate(
        """([count, part]) => new Promise(done => {
            const look = () => window.spoken.length >= count && window.spoken.at(-1).includes(part)
                ? done() : setTimeout(look, 20);
            look();
        })""",
        [count, part],
    )


def test_an_article_is_read_sentence_by_sentence(listener: Page) -> None:
    page = listener
    page.locator(".page-tools [data-read-page]").click()
    play = page.locator("[data-reader-play]")
    expect(play).to_be_focused()
    wait_until_spoken(page)
    title = page.locator("h1").inner_text()
    assert spoken(page) == [title]
    while not spoken(page)[-1].endswith("。"):  # date and source stand between
        page.evaluate("finishSentence()")
    first = spoken(page)[-1]
    count = len(spoken(page))
    assert page.evaluate("[...CSS.highlights.get('portal-reading')].map(String)") == [first]

    page.keyboard.press("Enter")  # pause
    page.evaluate("finishSentence()")
    assert len(spoken(page)) == count
    page.keyboard.press("Enter")  # goes on with the same sentence
    assert spoken(page)[count:] == [first]
    page.locator("[data-reader-forward]").click()
    assert spoken(page)[-1] != first
    page.locator("[data-reader-speed]").select_option("1.6")
    page.locator("[data-reader-stop]").click()
    count = len(spoken(page))
    page.evaluate("finishSentence()")
    assert len(spoken(page)) == count
    assert page.evaluate("CSS.highlights.get('portal-reading').size") == 0


def test_nothing_of_the_text_is_left_out(listener: Page) -> None:
    page = listener
    page.locator(".page-tools [data-read-page]").click()
    wait_until_spoken(page)
    page.evaluate("for (let i = 0; i < 400; i += 1) finishSentence()")
    heard = "".join("".join(spoken(page)).split())
    for paragraph in page.locator(".prose p").all():
        assert "".join(paragraph.inner_text().split()) in heard
    assert "打印" not in heard, "what the page only offers is not its text"


def test_a_click_on_a_paragraph_starts_there(listener: Page) -> None:
    page = listener
    paragraph = page.locator(".prose > p").nth(1)
    paragraph.click()
    assert spoken(page) == [], "nobody asked for reading yet"
    page.locator(".page-tools [data-read-page]").click()
    paragraph.click()
    wait_until_spoken(page, 2)
    assert paragraph.inner_text().startswith(spoken(page)[-1][:8])


def test_point_and_read(listener: Page) -> None:
    page = listener
    page.locator(".page-tools [data-read-page]").click()
    page.locator("[data-reader-stop]").click()
    page.locator("label.reader__point").click()
    page.locator(".nav__item").nth(1).focus()
    wait_until_spoken(page, part="要闻")


def test_it_stays_open_where_wanted_and_closes_for_good(listener: Page, portal: Portal) -> None:
    page = listener
    page.evaluate("portalPreferences.change('reading', 'on')")
    page.goto(portal.url)
    bar = page.locator("[data-reader]")
    expect(bar).to_be_visible()
    page.locator("[data-reader-close]").click()
    expect(bar).to_be_hidden()
    page.goto(portal.at(ARTICLE))
    expect(bar).to_be_hidden()


def test_a_browser_without_a_voice_says_so(listener: Page) -> None:
    page = listener
    page.evaluate("window.mute = true")
    page.locator(".page-tools [data-read-page]").click()
    status = page.locator("[data-reader-status]")
    expect(status).to_have_text(page.locator("[data-reader]").get_attribute("data-no-voice") or "")


def test_without_the_interface_nothing_is_offered(portal: Portal, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(
        "delete window.speechSynthesis; window.SpeechSynthesisUtterance = undefined"
    )
    page, watch = watched_page(context)
    page.goto(portal.at(ARTICLE))
    assert page.locator("[data-needs-speech]:visible").count() == 0
    expect(page.locator("[data-reader]")).to_be_hidden()
    assert watch.problems == []
