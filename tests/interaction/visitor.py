"""A visitor who writes letters through the public pages, for tests of the package."""

import re
import time
from html import unescape
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from portal.interaction import form_keys

WRITE, STATUS, PUBLIC = "/letters/write/", "/letters/status/", "/letters/public/"
_NUMBER = re.compile(r"data-number>([^<]+)<")
_CODE = re.compile(r"data-code>([^<]+)<")


def key_of(token: str = "", *, age: float = 60) -> str:
    """The key of a form that was opened so many seconds ago."""
    with mock.patch("django.core.signing.time.time", return_value=time.time() - age):
        return form_keys.key_for(token or form_keys.new_token())


def sheet(**changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "key": key_of(),
        "seen": "",
        "kind": "complaint",
        "subject": "夜间施工噪音",
        "text": "工地连续三夜施工到两点，老人无法入睡，请责令停工。",
        "name": "赵小明",
        "phone": "0999-10005678",
        "email": "xiaoming@example.com",
        "may_publish": "on",
        "homepage": "",
        "send": "now",
    }
    return {name: value for name, value in (told | changes).items() if value is not None}


def attached(data: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def receipt(response: HttpResponse) -> tuple[str, str]:
    """Number and code, as they stand on the page after sending."""
    html = response.content.decode()
    number, code = _NUMBER.search(html), _CODE.search(html)
    assert response.status_code == 200, response.status_code
    assert number, html
    assert code, html
    return number[1], code[1]


def send(client: Client, url: str = WRITE, **changes: Any) -> tuple[str, str]:
    return receipt(client.post(url, sheet(**changes)))


def words(response: HttpResponse) -> str:
    """The text of a page as a person reads it."""
    return unescape(response.content.decode())


def key_in(response: HttpResponse) -> str:
    found = re.search(r'name="key" value="([^"]+)"', response.content.decode())
    assert found
    return unescape(found[1])


def opened_in(response: HttpResponse) -> str:
    found = re.search(r'name="opened" value="([^"]+)"', response.content.decode())
    assert found
    return unescape(found[1])
