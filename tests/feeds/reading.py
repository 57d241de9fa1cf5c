"""Reading feeds and sitemaps with tools that are not of this house."""

import json
from pathlib import Path
from typing import Any

import feedparser
import jsonschema
from django.test import Client
from lxml import etree

_HERE = Path(__file__).parent


def read_xml(client: Client, path: str, **extra: Any) -> Any:
    """A feed as a reader program has it; not one thing in it may be malformed."""
    response = client.get(path, **extra)
    assert response.status_code == 200, path
    found = feedparser.parse(response.content, sanitize_html=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


def read_json(client: Client, path: str, **extra: Any) -> dict[str, Any]:
    response = client.get(path, **extra)
    assert response.status_code == 200, path
    said: dict[str, Any] = json.loads(response.content)
    check_json_feed(said)
    return said


def check_json_feed(said: dict[str, Any]) -> None:
    schema = json.loads((_HERE / "json_feed.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(said)


def read_sitemap(content: bytes) -> Any:
    """A sitemap or an index of sitemaps that its schema accepts."""
    root = etree.fromstring(content)
    name = "siteindex.xsd" if root.tag.endswith("}sitemapindex") else "sitemap.xsd"
    schema = etree.XMLSchema(etree.parse(str(_HERE / "schemas" / name)))
    schema.assertValid(root)
    return root


S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
X = "{http://www.w3.org/1999/xhtml}"


def addresses(root: Any) -> dict[str, dict[str, str]]:
    """{address: {language: address}} of a sitemap."""
    return {
        url.findtext(f"{S}loc"): {
            link.get("hreflang"): link.get("href") for link in url.iter(f"{X}link")
        }
        for url in root.iter(f"{S}url")
    }


def whole_sitemap(client: Client, **extra: Any) -> dict[str, dict[str, str]]:
    """What all parts of a host's sitemap hold together."""
    found: dict[str, dict[str, str]] = {}
    index = client.get("/sitemap.xml", **extra)
    assert index.status_code == 200
    for part in read_sitemap(index.content).iter(f"{S}loc"):
        path = "/" + part.text.partition("://")[2].partition("/")[2]
        answer = client.get(path, **extra)
        assert answer.status_code == 200, path
        held = addresses(read_sitemap(answer.content))
        assert not held.keys() & found.keys(), "no address stands in two parts"
        found |= held
    return found
