"""Visitors who send letters all at once, each in a thread, to a portal whose workers are killed."""

import re
import threading
import time
from dataclasses import dataclass, field
from html import unescape

import httpx

from .files import pdf

WRITE, STATUS = "/letters/write/", "/letters/status/"
READING = 2.5  # seconds; whoever is quicker is taken for a program
TRIES = 20
_KEY = re.compile(r'name="key" value="([^"]+)"')
_NUMBER, _CODE = re.compile(r"data-number>([^<]+)<"), re.compile(r"data-code>([^<]+)<")
_ALERT = re.compile(r'role="alert"[^>]*>\s*<p><strong>([^<]+)</strong>')


@dataclass
class Sent:
    """One letter and what became of it; ``number`` is empty where it was refused."""

    text: str
    with_file: bool
    key: str = ""
    status: int = 0
    page: str = ""
    number: str = ""
    code: str = ""
    broken: int = 0  # lines that went dead while the answer was awaited

    @property
    def is_accepted(self) -> bool:
        return bool(self.number)

    @property
    def told(self) -> str:
        """What a refusal says in the place where screen readers read it out."""
        found = _ALERT.search(self.page)
        return unescape(found[1]) if found else ""

    @property
    def has_text_back(self) -> bool:
        area = re.search(r'<textarea name="text"[^>]*>([^<]*)</textarea>', self.page)
        return area is not None and unescape(area[1]).strip() == self.text


@dataclass
class Tally:
    """How far all are, for whoever kills."""

    done: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def one_more(self) -> None:
        with self._lock:
            self.done += 1


class Visitor:
    """Opens so many forms, waits for the others, then sends one after the other."""

    def __init__(self, base: str, number: int, address: str, letters: int) -> None:
        self.line = httpx.Client(
            base_url=base, headers={"X-Forwarded-For": address}, timeout=90, trust_env=False
        )
        self.name = f"访客{number}"
        self.forgets_name = number % 10 == 0  # with the first letter
        self.letters = [
            Sent(f"第{number}位访客的第{place}封信：“路灯”不亮 & <很久>。", place == 1)
            for place in range(letters)
        ]

    def open_forms(self) -> None:
        for letter in self.letters:
            response = self.line.get(WRITE)
            assert response.status_code == 200, response.status_code
            letter.key = _key(response.text)

    def send_all(self, tally: Tally) -> None:
        for letter in self.letters:
            if self.forgets_name and letter is self.letters[0]:
                self._post(letter, name="")
                assert letter.status == 422, letter.status
                assert letter.has_text_back, letter.page[:2000]
                letter.key = _key(letter.page)
                time.sleep(READING)
            self._post(letter, name=self.name)
            tally.one_more()

    def _post(self, letter: Sent, *, name: str) -> None:
        """As a browser does; where the line goes dead, the same form is sent once more."""
        form = {
            "key": letter.key, "seen": "", "kind": "complaint", "subject": "路灯不亮",
            "text": letter.text, "name": name, "may_publish": "on", "homepage": "", "send": "now",
        }  # fmt: skip
        files = {"files": ("说明.pdf", pdf(), "application/pdf")} if letter.with_file else None
        for _try in range(TRIES):
            try:
                response = self.line.post(WRITE, data=form, files=files)
                break
            except httpx.TransportError:
                letter.broken += 1
                time.sleep(0.2)
        else:
            raise AssertionError("nobody answers any more")
        letter.status, letter.page = response.status_code, response.text
        number, code = _NUMBER.search(letter.page), _CODE.search(letter.page)
        if number and code:
            letter.number, letter.code = number[1], code[1]

    def look_up(self, letter: Sent) -> str:
        """The page that number and code open; "" where they open none."""
        response = self.line.post(STATUS, data={"number": letter.number, "code": letter.code})
        return unescape(response.text) if response.status_code == 200 else ""


def _key(page: str) -> str:
    found = _KEY.search(page)
    assert found, page[:2000]
    return unescape(found[1])
