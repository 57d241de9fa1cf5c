"""H5 packages: what is refused, who may ask for them, and the sandbox around them."""

import io
import random
import zipfile
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction

from portal.core.gate import PublishRefused
from portal.core.models import PortalDocument
from portal.policy_interpretation import animations
from portal.policy_interpretation.animations import PackageProblem, inspect
from portal.policy_interpretation.models import InterpretationPage, PolicyPage
from tests.factories import World

from .factories import make_policy, make_product

HTML = "<!doctype html><script src='a.js'></script>"


def packed(files: dict[str, str | bytes], **options: Any) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **{"compression": zipfile.ZIP_DEFLATED} | options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer


# --- what a package may hold -------------------------------------------------------------------
def test_a_package_says_where_it_starts() -> None:
    assert inspect(packed({"index.html": HTML, "a.js": "1"})).start == "index.html"
    assert inspect(packed({"电梯/Index.HTML": HTML, "电梯/a.js": "1"})).start == "电梯/Index.HTML"
    litter = packed({"x/index.html": HTML, "__MACOSX/x/._index.html": "", "x/.DS_Store": b"\0"})
    assert inspect(litter).entries == 1


@pytest.mark.parametrize(
    "files",
    [
        {"readme.txt": "nothing to show"},
        {"a/index.html": HTML, "b/index.html": HTML},
        {"index.html": HTML, "../outside.js": "1"},
        {"index.html": HTML, "/etc/passwd.txt": "1"},
        {"index.html": HTML, "C:/x.js": "1"},
        {"index.html": HTML, "a\\..\\b.js": "1"},
        {"index.html": HTML, "a//b.js": "1"},
        {"index.html": HTML, "tab\tname.js": "1"},
        {"index.html": HTML, "INDEX.html": HTML},
        {"index.html": HTML, "more.zip": b"PK"},
        {"index.html": HTML, "run.php": "<?php"},
        {"index.html": HTML, "app.exe": b"MZ"},
        {"index.html": HTML, "noending": "1"},
        {"index.html": HTML} | {f"{number}.js": "" for number in range(500)},
        {},
    ],
    ids=lambda files: next(reversed(files), "empty"),
)
def test_what_is_refused(files: dict[str, str | bytes]) -> None:
    with pytest.raises(PackageProblem):
        inspect(packed(files))


def test_a_bomb_is_refused_before_it_is_read() -> None:
    bomb = packed({"index.html": HTML, "zeros.txt": b"\0" * (20 * 1024 * 1024)})
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(PackageProblem):
        inspect(bomb)


def test_too_large_whole_and_single(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = random.Random(1).randbytes(3000)
    monkeypatch.setattr(animations, "LARGEST_ENTRY", 2999)
    with pytest.raises(PackageProblem):
        inspect(packed({"index.html": HTML, "a.png": noise}))
    monkeypatch.setattr(animations, "LARGEST_ENTRY", 3000)
    monkeypatch.setattr(animations, "LARGEST_CONTENT", 5999)
    with pytest.raises(PackageProblem):
        inspect(packed({"index.html": HTML, "a.png": noise, "b.png": noise}))
    monkeypatch.setattr(animations, "LARGEST_FILE", 3000)
    with pytest.raises(PackageProblem):
        inspect(packed({"index.html": HTML, "a.png": noise}))


def test_a_link_to_another_file_is_refused() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.html", HTML)
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(PackageProblem):
        inspect(buffer)


def test_a_locked_or_strangely_packed_one_is_refused() -> None:
    data = bytearray(packed({"index.html": HTML}).getvalue())
    locked = bytearray(data)
    locked[6] |= 1
    central = locked.index(b"PK\x01\x02")
    locked[central + 8] |= 1
    for found in (
        bytes(locked),
        packed({"index.html": HTML}, compression=zipfile.ZIP_BZIP2).getvalue(),
    ):
        with pytest.raises(PackageProblem):
            inspect(io.BytesIO(found))


def test_a_lie_about_the_size_is_found() -> None:
    data = bytearray(packed({"index.html": HTML * 50}, compression=zipfile.ZIP_STORED).getvalue())
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    with pytest.raises(PackageProblem):
        inspect(io.BytesIO(bytes(data)))


@given(st.binary(max_size=400), st.integers(0, 300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_bytes_end_in_a_traceback(noise: bytes, at: int) -> None:
    good = packed({"index.html": HTML, "a.js": "1" * 50}).getvalue()
    for data in (noise, good[:at] + noise + good[at + len(noise) :]):
        with suppress(PackageProblem):
            inspect(io.BytesIO(data))


# --- where it is shown -------------------------------------------------------------------------


def document_of(files: dict[str, str | bytes]) -> PortalDocument:
    document = PortalDocument(title="动画", file=ContentFile(packed(files).getvalue(), "h5.zip"))
    document.save()
    return document


def animation(document: PortalDocument) -> dict[str, Any]:
    value = {
        "title": "加装电梯", "package": document.pk, "shape": "wide", "fallback": "<p>文字版</p>",
    }  # fmt: skip
    return {"type": "animation", "value": value}


@pytest.fixture
def policy(column: Page) -> PolicyPage:
    return make_policy(column)


@pytest.fixture
def document(db: None) -> PortalDocument:
    return document_of(
        {
            "index.html": HTML,
            "img/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "sound.mp3": b"ID3" + bytes(200),
        }
    )


@pytest.fixture
def product(column: Page, policy: PolicyPage, document: PortalDocument) -> InterpretationPage:
    return make_product(column, policy, form="animation", body=[animation(document)])


def frame_of(client: Client, page: Page) -> str:
    text = client.get(page.url).content.decode()
    return text.split('class="animation__frame" src="')[1].split('"')[0]


def test_the_page_holds_a_sandbox_and_the_words(
    client: Client, product: InterpretationPage
) -> None:
    response = client.get(product.url)
    text = response.content.decode()
    frame = frame_of(client, product)
    assert 'sandbox="allow-scripts"' in text
    assert "allow-same-origin" not in text
    assert "文字版" in text
    policy = response.headers["Content-Security-Policy"]
    [sources] = [part for part in policy.split("; ") if part.startswith("frame-src")]
    assert f"http://testserver{animations.root_of(frame)}" in sources
    assert "unsafe" not in policy


def test_the_sandbox_reaches_nothing_but_itself(
    client: Client, product: InterpretationPage
) -> None:
    frame = frame_of(client, product)
    response = client.get(frame)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    own = f"http://testserver{animations.root_of(frame)}"
    rules = dict(
        rule.split(" ", 1) for rule in response.headers["Content-Security-Policy"].split("; ")
    )
    assert rules["sandbox"] == "allow-scripts"
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == own
    assert rules["script-src"] == f"{own} 'unsafe-inline'"
    assert rules["form-action"] == rules["base-uri"] == "'none'"
    assert rules["frame-ancestors"] == "'self'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    drawing = client.get(animations.root_of(frame) + "img/a.svg")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in drawing.headers["Content-Security-Policy"]


def test_sound_is_given_in_parts(client: Client, product: InterpretationPage) -> None:
    address = animations.root_of(frame_of(client, product)) + "sound.mp3"
    response = client.get(address, headers={"range": "bytes=0-2"})
    assert (response.status_code, b"".join(response.streaming_content)) == (206, b"ID3")
    assert "sandbox" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["nothing.js", "../index.html", "img", "img/", "%00", "index.html/x"]
)
def test_what_is_not_in_it_is_not_found(
    client: Client, product: InterpretationPage, path: str
) -> None:
    root = animations.root_of(frame_of(client, product))
    assert client.get(root + path).status_code == 404


def test_who_may_not_ask(
    client: Client, world: World, column: Page, product: InterpretationPage
) -> None:
    frame = frame_of(client, product)
    root = animations.root_of(frame)
    other = document_of({"index.html": "geheim"})
    digest = other.get_file_hash()[:12]
    # A document that no public product shows, a wrong sum, keys that are none.
    for key in (
        f"{product.pk}-{other.pk}-{digest}", f"{product.pk}-{other.pk}-{'0' * 12}", "1-2", "x-y-z",
        "preview-", f"preview-{other.pk}", "preview-1~2~3", "--",
    ):  # fmt: skip
        assert client.get(f"/policies/h5/{key}/index.html").status_code == 404, key
    restriction = PageViewRestriction.objects.create(
        page=column, restriction_type=PageViewRestriction.LOGIN
    )
    assert client.get(frame).status_code == 404
    restriction.delete()
    assert client.get(frame).status_code == 200
    product.unpublish()
    assert client.get(frame).status_code == 404
    assert root.endswith("/")


def test_an_alias_shows_the_animation_of_its_original(
    client: Client, world: World, product: InterpretationPage
) -> None:
    alias = product.create_alias(parent=world.hubin_column)
    assert frame_of(client, alias) == frame_of(client, product)


def test_a_preview_holds_for_an_hour(client: Client, document: PortalDocument) -> None:
    with time_machine.travel("2026-06-01 08:00:00+00:00", tick=False):
        address = animations.frame_url(document, page=None, is_preview=True)
        response = client.get(address)
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
    with time_machine.travel("2026-06-01 09:00:01+00:00", tick=False):
        assert client.get(address).status_code == 404


def test_another_file_has_another_address(
    client: Client, product: InterpretationPage, document: PortalDocument
) -> None:
    before = frame_of(client, product)
    document.file.save("neu.zip", ContentFile(packed({"index.html": "neu"}).getvalue()))
    document.file_hash = ""
    document._set_file_hash()
    document.save()
    product.save_revision().publish()
    after = frame_of(client, product)
    assert before != after
    assert client.get(before).status_code == 404
    assert client.get(after).content == b"neu"


def test_a_package_that_is_none_is_not_published(column: Page, policy: PolicyPage) -> None:
    broken = document_of({"readme.txt": "no start"})
    with pytest.raises(PublishRefused):
        make_product(column, policy, form="animation", body=[animation(broken)])
