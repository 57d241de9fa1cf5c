"""What a visitor with a middling phone and a slow line sees: paint, shifts, weight.

Chromium is slowed down by its own means: CPU four times, 1.6 Mbit/s, 150 ms for each request. Every
load starts with an empty cache. Values are medians; milliseconds belong to this machine, but the
line is the larger part of them.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LOADS = 5
CPU_SLOWDOWN = 4
LATENCY_MS = 150
BYTES_PER_SECOND = 1_600_000 / 8
PHONE = {"width": 412, "height": 823}
DESK = {"width": 1440, "height": 900}
PIXEL_RATIO = 1.75
# What comes after the page has loaded (late shifts, late pictures) is waited for this long.
SETTLE_MS = 1_000

_OBSERVE = """
window.benchPaint = 0;
window.benchElement = "";
window.benchShift = 0;
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
        window.benchPaint = entry.startTime;
        window.benchElement = entry.element ? entry.element.outerHTML.slice(0, 120) : "";
    }
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
        if (!entry.hadRecentInput) window.benchShift += entry.value;
    }
}).observe({type: "layout-shift", buffered: true});
"""


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


class BrowserFailed(Exception):
    """A page did not load, so that there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One address: paint in ms, shift without unit, kilobytes over the line."""

    paint_ms: float
    shift: float
    weight_kb: float
    images_kb: float
    requests: int
    element: str


@dataclass(frozen=True, slots=True)
class Typed:
    """From the last key to the words in the live preview, in ms, with the CPU as it is."""

    median_ms: float
    worst_ms: float


@dataclass
class _Traffic:
    """Bytes over the line, by kind of request (no slots: Playwright marks its listeners)."""

    kinds: dict[str, str]
    sizes: dict[str, float]

    def follow(self, session: Any) -> None:
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: Mapping[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def _finished(self, event: Mapping[str, Any]) -> None:
        self.sizes[event["requestId"]] = event["encodedDataLength"]

    def kilobytes(self, *, images: bool) -> float:
        return sum(
            size for key, size in self.sizes.items() if (self.kinds.get(key) == "Image") is images
        ) / 1024  # fmt: skip


def measure(
    port: int, addresses: Mapping[str, str], executable: str | None, say: Callable[[str], None]
) -> dict[str, Seen]:
    """Load each address ``LOADS`` times; medians by key.

    Raises:
        NoBrowser: ``executable`` is None.
        BrowserFailed: an address did not answer 200, or was not painted.
    """
    if executable is None:
        raise NoBrowser("The browser's figures were not taken: there is no Chromium here.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            found = {}
            for key, path in addresses.items():
                loads = [_load(browser, f"http://127.0.0.1:{port}{path}") for _ in range(LOADS)]
                found[key] = median_of(loads)
                say(f"  browser: {key:8} painted after {found[key].paint_ms:,.0f} ms")
            return found
        finally:
            browser.close()


def median_of(loads: list[Seen]) -> Seen:
    """The medians of several loads; the element is that of the last one."""
    return Seen(
        paint_ms=statistics.median(load.paint_ms for load in loads),
        shift=statistics.median(load.shift for load in loads),
        weight_kb=statistics.median(load.weight_kb for load in loads),
        images_kb=statistics.median(load.images_kb for load in loads),
        requests=round(statistics.median(load.requests for load in loads)),
        element=loads[-1].element,
    )


def measure_typing(
    port: int,
    editor: Mapping[str, str],
    executable: str | None,
    say: Callable[[str], None],
) -> Typed:
    """Type ``LOADS`` sentences into the long page, each seen in the preview before the next.

    Args:
        port: where the portal answers.
        editor: ``path`` of the form, ``cookie`` (name) and ``session`` (value) of an editor.
        executable: the browser.
        say: progress.

    Raises:
        NoBrowser: ``executable`` is None.
        BrowserFailed: the form or its preview did not come.
    """
    if executable is None:
        raise NoBrowser("Typing was not measured: there is no Chromium here.")
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            times = _type(browser, f"http://127.0.0.1:{port}", editor)
        except Error as error:
            raise BrowserFailed(f"{editor['path']}: {error.message[:300]}") from error
        finally:
            browser.close()
    found = Typed(median_ms=statistics.median(times), worst_ms=max(times))
    say(f"  browser: typing   seen after {found.median_ms:,.0f} ms, worst {found.worst_ms:,.0f} ms")
    return found


def _type(browser: Any, origin: str, editor: Mapping[str, str]) -> list[float]:
    context = browser.new_context(viewport=DESK, locale="zh-CN")
    context.set_default_timeout(60_000)
    context.add_cookies([{"name": editor["cookie"], "value": editor["session"], "url": origin}])
    page = context.new_page()
    page.goto(origin + editor["path"])
    preview = page.frame_locator("iframe#w-preview-iframe")
    preview.locator("[data-preview-list]").wait_for(state="attached")
    page.locator(".Draftail-Editor [role=textbox]").nth(80).click()
    page.wait_for_timeout(3 * SETTLE_MS)
    times = []
    for number in range(LOADS):
        sentence = f"测量用的第{number + 1}句话。"
        started = time.monotonic()
        page.keyboard.insert_text(sentence)
        preview.locator("main").get_by_text(sentence).wait_for()
        times.append(1000 * (time.monotonic() - started))
        page.wait_for_timeout(2 * SETTLE_MS)
    return times


def _load(browser: Any, url: str) -> Seen:
    context = browser.new_context(
        viewport=PHONE,
        device_scale_factor=PIXEL_RATIO,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        # As behind the web server that ends HTTPS.
        extra_http_headers={"X-Forwarded-Proto": "https"},
    )
    try:
        context.add_init_script(_OBSERVE)
        page = context.new_page()
        session = context.new_cdp_session(page)
        traffic = _Traffic({}, {})
        traffic.follow(session)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": False})
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": BYTES_PER_SECOND,
                "uploadThroughput": BYTES_PER_SECOND / 2,
            },
        )
        session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        answer = page.goto(url, wait_until="load", timeout=120_000)
        if answer is None or answer.status != 200:
            raise BrowserFailed(f"{url} answered {answer and answer.status}")
        page.wait_for_timeout(SETTLE_MS)
        paint, shift, element = page.evaluate("[benchPaint, benchShift, benchElement]")
        if not paint:
            raise BrowserFailed(f"{url}: the browser reported no paint")
        return Seen(
            paint_ms=paint,
            shift=shift,
            weight_kb=traffic.kilobytes(images=False),
            images_kb=traffic.kilobytes(images=True),
            requests=len(traffic.sizes),
            element=element,
        )
    finally:
        context.close()
