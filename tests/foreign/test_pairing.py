"""Random edits, moves, insertions and deletions: what is called changed is what was changed."""

import copy
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.foreign.pairing import Text, pair

WORDS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


class Page:
    """A page of blocks with paragraphs; knows of each paragraph what became of it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.count = 0
        self.blocks: list[tuple[str, list[tuple[int, str]]]] = [
            (f"body.{number}", [self.new() for _ in range(chance.randint(1, 5))])
            for number in range(chance.randint(1, 4))
        ]

    def new(self) -> tuple[int, str]:
        """A paragraph with a name for good. Long, and unlike all others."""
        self.count += 1
        words = "".join(self.chance.choice(WORDS) for _ in range(40))
        return (self.count, f"{self.count}：{words}。")

    def texts(self) -> list[tuple[int, Text]]:
        return [
            (name, Text(path, words, words)) for path, block in self.blocks for name, words in block
        ]

    def change(self) -> None:
        _path, block = self.chance.choice(self.blocks)
        at = self.chance.randrange(len(block)) if block else 0
        match self.chance.randrange(6):
            case 0 | 1 if block:
                name, words = block[at]
                block[at] = (name, words.replace("。", "改" + self.chance.choice(WORDS) + "。"))
            case 2:
                block.insert(self.chance.randint(0, len(block)), self.new())
            case 3 if block:
                del block[at]
            case 4:
                self.chance.shuffle(block)
            case 5:
                self.chance.shuffle(self.blocks)


@settings(deadline=None, max_examples=300)
@given(st.integers(min_value=0), st.integers(1, 8))
def test_what_was_changed_is_what_is_called_changed(seed: int, steps: int) -> None:
    page = Page(random.Random(seed))
    before = copy.deepcopy(page).texts()
    for _ in range(steps):
        page.change()
    after = page.texts()
    found = pair([text for _name, text in before], [text for _name, text in after])
    old = {name: text.words for name, text in before}
    new = {name: text.words for name, text in after}
    changed = {name for name in old if name in new and old[name] != new[name]}
    assert {before[at][0] for at in found.same} == {
        name for name in old if new.get(name) == old[name]
    }
    assert {before[at][0] for at in [*found.changed, *found.removed]} == changed | (
        old.keys() - new.keys()
    )
    wrong = {
        (before[a][0], after[b][0])
        for a, b in found.changed.items()
        if before[a][0] in changed and before[a][0] != after[b][0]
    }
    assert not wrong
    assert {after[at][0] for at in found.added} <= new.keys() - old.keys()


@given(st.lists(st.sampled_from("甲乙丙"), max_size=12), st.randoms())
def test_equal_texts_are_counted(words: list[str], chance: random.Random) -> None:
    """Of texts that occur several times as many count as the same as are still there."""
    new = [word for word in words if chance.random() > 0.3]
    chance.shuffle(new)
    found = pair([Text("body", word, word) for word in words], [Text("body", w, w) for w in new])
    assert len(found.same) == len(new)
    assert not found.changed
    assert not found.added
    assert len(found.removed) == len(words) - len(new)


def test_an_inserted_paragraph_does_not_move_the_marks() -> None:
    old = [Text("body", word, word) for word in ("第一段的内容", "第二段的内容")]
    new = ["全新开头", "第一段改了的内容", "第二段的内容"]
    found = pair(old, [Text("body", word, word) for word in new])
    assert found.changed == {0: 1}
    assert found.added == [0]
