"""Random edits, reorders and block moves, all the way: the marks on the page are the changes.

The same as ``test_pairing``, with real pages: stored, followed, rendered.
"""

import copy
import random
from typing import Any

import pytest

from portal.foreign.models import PageTranslation
from tests.factories import ArticleFactory, World

from .staleness import change, core, english, marks, open_section, release, released, translate
from .test_marks_on_pages import Marks, read

pytestmark = pytest.mark.one_database
LETTERS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


class Body:
    """Blocks of several kinds; each word in it is known by a number."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.number = 0
        self.blocks = [self._block(kind) for kind in ("p", "p", "heading", "steps", "notice", "p")]

    def words(self) -> list[Any]:
        self.number += 1
        text = "".join(self.chance.choice(LETTERS) for _ in range(24))
        return [self.number, f"{self.number}：{text}"]

    def _block(self, kind: str) -> dict[str, Any]:
        count = {"p": 3, "steps": 4}.get(kind, 1)
        return {
            "kind": kind,
            "id": str(self.chance.getrandbits(64)),
            "words": [self.words() for _ in range(count)],
        }

    def stream(self) -> list[dict[str, Any]]:
        return [
            {
                "type": _TYPES[block["kind"]],
                "id": block["id"],
                "value": _VALUES[block["kind"]](block),
            }
            for block in self.blocks
        ]

    def known(self) -> dict[int, str]:
        return {number: text for block in self.blocks for number, text in block["words"]}

    def change(self) -> None:
        block = self.chance.choice(self.blocks)
        several = block["kind"] in ("p", "steps")
        match self.chance.randrange(6):
            case 0 | 1 if block["words"]:
                self.chance.choice(block["words"])[1] += self.chance.choice(LETTERS)
            case 2 if several:
                block["words"].insert(self.chance.randint(0, len(block["words"])), self.words())
            case 3 if several and len(block["words"]) > 2:
                block["words"].pop(self.chance.randrange(len(block["words"])))
            case 4:
                self.chance.shuffle(block["words"])
            case 5:
                self.chance.shuffle(self.blocks)


_TYPES = {"p": "paragraph", "heading": "heading", "steps": "steps", "notice": "notice"}
_VALUES: dict[str, Any] = {
    "p": lambda block: "".join(f"<p>{text}</p>" for _number, text in block["words"]),
    "heading": lambda block: {"text": block["words"][0][1], "level": "2"},
    "notice": lambda block: {
        "level": "info", "title": "", "text": f"<p>{block['words'][0][1]}</p>",
    },
    "steps": lambda block: {
        "title": "",
        "items": [
            {"type": "item", "id": f"{block['id']}-{number}", "value": {"title": text, "text": ""}}
            for number, text in block["words"]
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_the_marked_texts_are_the_changed_ones(world: World, seed: int) -> None:
    body = Body(seed)
    core(world, world.column)
    page = ArticleFactory(parent=world.column, body=body.stream())
    (row,) = released(page, open_section(world))
    for _round in range(2):
        before = copy.deepcopy(body.known())
        for _ in range(1 + seed % 5):
            body.change()
        after = body.known()
        page = change(page, body=body.stream())
        row = PageTranslation.objects.get(pk=row.pk)
        gone = {text for number, text in before.items() if after.get(number) != text}
        new = {text for number, text in after.items() if number not in before}
        assert set(marks(row)) == gone
        assert {text.present for text in row.added_texts.all()} <= new
        html = read(row)
        found = Marks(html).found
        assert len(found) == len(gone) + row.added_texts.count()
        at = {text for text, mark in found if "New in" not in mark}
        assert {next((t for t in at if t.endswith(english(g))), g) for g in gone} == at
        translate(row)
        release(row)
        row = PageTranslation.objects.get(pk=row.pk)
        assert marks(row) == {}
        assert Marks(read(row)).found == []
