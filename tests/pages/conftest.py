"""What tests of pages read from a response."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

META = re.compile(r'<meta name="([A-Z]\w+)" content="([^"]*)">')


@pytest.fixture
def tags(client: Client) -> Callable[..., list[tuple[str, str]]]:
    """The tags of the national standard on a page, in their order."""

    def read(path: str, host: str = "testserver") -> list[tuple[str, str]]:
        response: HttpResponse = client.get(path, headers={"host": host})
        assert response.status_code == 200, path
        return META.findall(response.content.decode())

    return read
