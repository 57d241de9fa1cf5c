"""Daily roots and keys."""

import base64
import datetime
from pathlib import Path

import pytest
from django.db import transaction

from portal.evidence.models import Entry, Root, SigningKey
from portal.evidence.services import signing
from portal.evidence.services.log import Draft, append, the_log
from portal.evidence.services.sealing import take_baseline
from portal.evidence.services.signing import CannotSign, current_key, rotate, sign_day
from portal.evidence.signing import Ed25519

from .conftest import check

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 6)


def entered(*pks: int) -> None:
    append([Draft("thing", pk, Entry.Action.ADDED, f"{pk:064x}", {"a": "1"}) for pk in pks])


def test_a_root_is_signed_once_a_day_over_all_that_is_there(db: None) -> None:
    assert sign_day(DAY) is None, "nothing to sign"
    entered(1, 2)
    made = sign_day(DAY)
    assert made is not None
    entered(3)
    again = sign_day(DAY)
    assert again == made
    assert made.size == 2
    assert signing.root_holds(made, the_log().identity)
    assert sign_day(DAY + datetime.timedelta(days=1)).size == 3  # type: ignore[union-attr]


@pytest.mark.parametrize("field", ["day", "size", "root", "signed_at"])
def test_a_signature_binds_everything(db: None, field: str) -> None:
    entered(1)
    made = sign_day(DAY)
    assert made is not None
    changed = {
        "day": DAY + datetime.timedelta(days=1), "size": 2, "root": "ab" * 32,
        "signed_at": made.signed_at + datetime.timedelta(microseconds=1),
    }  # fmt: skip
    setattr(made, field, changed[field])
    assert signing.root_holds(made, the_log().identity) is False


def test_the_private_key_is_for_the_portal_only(own_folder: Path) -> None:
    current_key()
    path = own_folder / "keys" / "evidence-ed25519.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE" in path.read_text()
    assert "PRIVATE" not in SigningKey.objects.get().public_key


@pytest.mark.django_db(transaction=True)
def test_a_new_key_is_signed_by_the_old_one_and_old_roots_hold() -> None:
    take_baseline()
    entered(1)
    first = sign_day(DAY)
    old = current_key()
    rotate(user=None)
    new = current_key()
    assert new.pk != old.pk
    assert new.before_id == old.pk
    second = sign_day(DAY + datetime.timedelta(days=1))
    assert first is not None
    assert second is not None
    identity = the_log().identity
    assert [signing.root_holds(root, identity) for root in (first, second)] == [True, True]
    assert signing.key_holds(new, identity)
    assert second.key_id == new.pk
    assert not check().findings
    SigningKey.objects.filter(pk=new.pk).update(handed_over=base64.b64encode(b"0" * 64).decode())
    assert "key-changed" in {found.code for found in check().findings}


def test_dying_between_table_and_key_file_is_made_up_for(own_folder: Path) -> None:
    entered(1)
    old = current_key()
    rotate(user=None)  # the transaction of this test never commits: the file is not exchanged
    assert Ed25519().public_key() == old.public_key
    assert current_key().public_key == Ed25519().public_key() != old.public_key


def test_a_key_that_nobody_handed_over_to_does_not_sign(own_folder: Path) -> None:
    entered(1)
    sign_day(DAY)
    (own_folder / "keys" / "evidence-ed25519.pem").unlink()
    with pytest.raises(CannotSign), transaction.atomic():
        sign_day(DAY + datetime.timedelta(days=1))
    assert Root.objects.count() == 1
