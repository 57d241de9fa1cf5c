"""A model for tests: what has the same signs is near."""

import threading
from collections.abc import Sequence

import numpy as np

from portal.text.embedding import Model, Unavailable, Vectors, unit


class Signs:
    """Counts signs into 64 numbers. ``asked`` are the texts that it was given."""

    space = "signs"

    def __init__(self, version: str = "1") -> None:
        self.model = Model("signs", version, 64)
        self.asked: list[str] = []
        self.is_away = False
        self.gate = threading.Event()  # cleared: it takes its time
        self.gate.set()

    def embed(self, texts: Sequence[str], part: str) -> Vectors:
        if self.is_away:
            raise Unavailable("away")
        self.gate.wait(5)
        self.asked += texts
        table = np.zeros((len(texts), 64), np.float32)
        for row, text in enumerate(texts):
            for sign in text:
                table[row, ord(sign) % 64] += 1
        return unit(table)
