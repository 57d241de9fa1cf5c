"""One style sheet to send, made of all the parts in their order."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import storage as static_files
from django.core.files.storage import FileSystemStorage
from django.template import Context, Template

import portal.core
from portal.core.static_storage import FOLDER, JOINED, PARTS, PortalStaticFilesStorage

SOURCE = Path(portal.core.__path__[0]) / "static" / FOLDER
# Linked by themselves: paper, error pages without a database, the admin, previews, the style guide.
APART = {
    "print.css", "error.css", "admin.css", "shared_preview.css", "style-guide.css",
    "style-guide-frame.css", "filters.css",
}  # fmt: skip
LINKS = Template("{% load portal_assets %}{% portal_styles %}")


@pytest.fixture
def collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PortalStaticFilesStorage:
    """The sheets as ``collectstatic`` leaves them."""
    storage = PortalStaticFilesStorage(location=str(tmp_path), base_url="/static/")
    (tmp_path / FOLDER).mkdir(parents=True)
    for name in PARTS:
        (tmp_path / FOLDER / name).write_text(f"/* {name} */ p {{ color: red }}", encoding="utf-8")
    paths = {f"{FOLDER}/{n}": (FileSystemStorage(str(tmp_path)), f"{FOLDER}/{n}") for n in PARTS}
    for _name, _hashed, done in storage.post_process(paths):
        assert not isinstance(done, Exception)
    monkeypatch.setattr(static_files.staticfiles_storage, "_wrapped", storage)
    return storage


def test_no_sheet_is_forgotten() -> None:
    assert {path.name for path in SOURCE.glob("*.css")} - APART == set(PARTS)


def test_all_parts_in_their_order(collected: PortalStaticFilesStorage) -> None:
    address = collected.url(JOINED)
    assert address.startswith(f"/static/{FOLDER}/all.")
    joined = Path(collected.path(address.removeprefix("/static/"))).read_text(encoding="utf-8")
    places = [joined.index(f"/* {name} */") for name in PARTS]
    assert places == sorted(places)


def test_collecting_again_takes_what_is_new(collected: PortalStaticFilesStorage) -> None:
    before = collected.url(JOINED)
    changed = f"{FOLDER}/{PARTS[-1]}"
    Path(collected.path(changed)).write_text("/* new */", encoding="utf-8")
    paths = {f"{FOLDER}/{n}": (collected, f"{FOLDER}/{n}") for n in PARTS}
    list(collected.post_process(paths))
    assert collected.url(JOINED) != before
    assert Path(collected.path(JOINED)).read_text(encoding="utf-8").endswith("/* new */")


def test_pages_link_to_one_sheet(collected: PortalStaticFilesStorage) -> None:
    html = LINKS.render(Context())
    assert html.count("<link") == 1
    assert collected.url(JOINED) in html


def test_pages_link_to_the_parts_where_nothing_is_collected() -> None:
    html = LINKS.render(Context())
    assert [html.index(f"/{name}") for name in PARTS] == sorted(
        html.index(f"/{name}") for name in PARTS
    )
