"""What citizens and programs are told; and that a proof can be checked without the portal."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from portal.evidence.models import Entry
from portal.evidence.services.log import Draft, append
from portal.evidence.services.signing import sign_day
from tests.factories import World

from .conftest import follow, new_article

pytestmark = pytest.mark.django_db
SCRIPT = Path("portal/evidence/static/evidence/check_proof.py")


def shown(page: Any, path: str = "/verify/") -> Any:
    return Client().get(path, {"page": page if isinstance(page, str) else page.pk})


@pytest.fixture
def article(city: World) -> Any:
    page = new_article(city, title="公园夜间开放")
    follow()
    sign_day()
    return page


def test_a_page_as_it_was_published(article: Any) -> None:
    entry = Entry.objects.filter(key=f"page:{article.pk}").latest("seq")
    response = shown(article)
    body = response.content.decode()
    assert response.status_code == 200
    assert entry.digest in body
    assert 'class="evidence__result evidence__result--good"' in body
    assert reverse("api-v1:get_page_evidence", args=[article.pk]) in body
    assert shown(article, "/en/verify/").status_code in (200, 404)


def test_a_page_that_was_changed_says_so(article: Any) -> None:
    Page.objects.filter(pk=article.pk).update(title="公园夜间关闭")
    body = shown(article).content.decode()
    assert "evidence__result--bad" in body
    assert "evidence__result--good" not in body
    told = Client().get(reverse("api-v1:get_page_evidence", args=[article.pk])).json()
    assert told["is_as_published"] is False


def test_a_page_is_found_by_its_address(article: Any) -> None:
    body = shown(article.url).content.decode()
    assert article.title in body
    assert "evidence__result--good" in body


@pytest.mark.parametrize("typed", ["999999", "/nowhere/", "http://[", "%00", "9" * 80, "-1"])
def test_what_is_no_page_is_answered_plainly(city: World, typed: str) -> None:
    response = shown(typed)
    assert response.status_code == 404
    assert b'role="alert"' in response.content


def test_drafts_are_not_told_of(city: World, article: Any) -> None:
    article.unpublish()
    assert shown(article).status_code == 404
    assert Client().get(f"/api/v1/evidence/pages/{article.pk}").status_code == 404


def test_without_a_page_it_explains_itself(article: Any) -> None:
    body = Client().get("/verify/").content.decode()
    assert "check_proof.py" in body or "check_proof." in body
    assert "<form" in body
    assert "<script>" not in body
    assert ' style="' not in body


def test_the_key_is_at_a_fixed_address(article: Any) -> None:
    response = Client().get("/verify/key.pem")
    assert response.content.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert Client().get("/verify/keys/0000.pem").status_code == 404


def test_roots_as_a_feed(article: Any) -> None:
    response = Client().get("/verify/roots.xml")
    assert response.status_code == 200
    assert b"evidence/roots/" in response.content


def test_consistency_between_days(article: Any) -> None:
    import datetime

    from portal.evidence import merkle
    from portal.evidence.models import Root

    first = Root.objects.get()
    append([Draft("thing", 1, Entry.Action.ADDED, "0" * 64, {"a": "1"})])
    second = sign_day(first.day + datetime.timedelta(days=1))
    assert second is not None
    url = f"/api/v1/evidence/roots/{second.day}?since={first.day}"
    told = Client().get(url).json()
    proof = [bytes.fromhex(step) for step in told["consistency"]]
    assert merkle.verify_consistency(
        first.size, second.size, bytes.fromhex(first.root), bytes.fromhex(told["root"]), proof
    )
    back = f"/api/v1/evidence/roots/{first.day}?since={second.day}"
    assert Client().get(back).status_code == 404


# --- offline --------------------------------------------------------------------------------------
def offline(told: Any, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    path = folder / "proof.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path), *more],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_proof_is_checked_without_the_portal(article: Any, tmp_path: Path) -> None:
    told = Client().get(reverse("api-v1:get_page_evidence", args=[article.pk])).json()
    key = tmp_path / "key.pem"
    key.write_bytes(Client().get("/verify/key.pem").content)
    good = offline(told, tmp_path, "--key", str(key))
    assert good.returncode == 0, good.stdout + good.stderr
    changes: list[tuple[Any, str, Any]] = [
        (told, "digest", "0" * 64),
        (told["proof"], "leaf", told["proof"]["leaf"].replace("page:", "pagf:")),
        (told["proof"], "inclusion", told["proof"]["inclusion"][1:]),
        (told["proof"]["root"], "root", "0" * 64),
        (told["proof"]["root"], "statement", told["proof"]["root"]["statement"] + "x"),
        (told["proof"]["root"], "signature", "AA" + told["proof"]["root"]["signature"][2:]),
    ]
    for place, name, value in changes:
        kept = place[name]
        place[name] = value
        assert offline(told, tmp_path, "--key", str(key)).returncode == 1, name
        place[name] = kept
    assert offline({"proof": 1}, tmp_path).returncode == 2


def test_a_proof_by_another_key_is_refused(article: Any, tmp_path: Path) -> None:
    from portal.evidence.signing import Ed25519

    told = Client().get(reverse("api-v1:get_page_evidence", args=[article.pk])).json()
    other = tmp_path / "other.pem"
    other.write_text(Ed25519().prepare_key())
    assert offline(told, tmp_path, "--key", str(other)).returncode == 1


def test_the_link_stands_at_the_end_of_an_article(article: Any) -> None:
    body = Client().get(article.url).content.decode()
    assert f"verify/?page={article.pk}" in body
