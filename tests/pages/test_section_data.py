"""Sections from YAML: keys become pages and images, and what no block has is refused."""

import pytest

from portal.pages.section_data import SectionDataError, SectionReader

READER = SectionReader(page={"guide": 7}.__getitem__, image={"lake": 3}.__getitem__)


def raw(*rows: dict[str, object]) -> list[dict[str, object]]:
    return list(READER.read(rows).raw_data)


def test_choosers_take_keys() -> None:
    (hero,) = raw({"kind": "hero", "title": "湖", "image": "lake", "links": [{"page": "guide"}]})
    assert hero["value"]["image"] == 3
    assert hero["value"]["links"][0]["value"]["page"] == 7


def test_columns_hold_rows_again() -> None:
    (columns,) = raw(
        {"kind": "columns", "columns": [[{"kind": "text", "title": "左", "body": "字"}], []]}
    )
    first, second = (column["value"] for column in columns["value"]["columns"])
    assert first[0]["value"] == "<h2>左</h2><p>字</p>"
    assert second == []


def test_rich_text_inside_a_block_is_plain_mark_up() -> None:
    (notice,) = raw({"kind": "notice", "text": "请看[指南](page:guide)。"})
    assert notice["value"]["text"] == '<p>请看<a linktype="page" id="7">指南</a>。</p>'


def test_every_block_and_member_has_an_id_of_its_own() -> None:
    (links,) = raw({"kind": "links", "items": [{"page": "guide"}, {"page": "guide"}]})
    ids = [links["id"], *(item["id"] for item in links["value"]["items"])]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"kind": "hreo"}, "hreo"),
        ({"kind": "hero", "titel": "x"}, "titel"),
        ({"kind": "columns", "columns": [[{"kind": "columns"}]]}, "columns"),
        ({"kind": "links", "items": [{"pgae": "guide"}]}, "pgae"),
    ],
)
def test_mistakes_are_named(row: dict[str, object], named: str) -> None:
    with pytest.raises(SectionDataError, match=named):
        raw(row)


def test_a_starter_knows_no_pages() -> None:
    with pytest.raises(SectionDataError, match="guide"):
        SectionReader().read([{"kind": "links", "items": [{"page": "guide"}]}])
