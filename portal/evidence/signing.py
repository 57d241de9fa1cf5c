"""The built-in provider of signatures: Ed25519 (RFC 8032)."""

import contextlib
import datetime
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .places import key_folder

_NAME = "evidence-ed25519.pem"


class Ed25519:
    """The key lies below ``var/keys`` or where a setting says, for the portal's account only."""

    algorithm = "Ed25519"

    def public_key(self) -> str:
        return _public(self._key())

    def sign(self, statement: bytes) -> bytes:
        return self._key().sign(statement)

    def verify(self, statement: bytes, signature: bytes, public_key: str) -> bool:
        try:
            key = load_pem_public_key(public_key.encode())
            if not isinstance(key, Ed25519PublicKey):
                return False
            key.verify(signature, statement)
        except (InvalidSignature, ValueError):
            return False
        return True

    def prepare_key(self) -> str:
        path = self._path(".next")
        if not path.exists():
            self._make(path)
        return _public(_private(path.read_bytes(), str(path)))

    def adopt_key(self, public_key: str) -> None:
        path, following = self._path(), self._path(".next")
        if self.public_key() == public_key:
            return
        if _public(_private(following.read_bytes(), str(following))) != public_key:
            raise ImproperlyConfigured(f"{following} is not the key that was handed over to")
        with contextlib.suppress(FileNotFoundError):
            day = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S%f")
            os.link(path, path.with_name(f"{path.stem}-until-{day}.pem"))
        following.replace(path)

    @staticmethod
    def _path(suffix: str = "") -> Path:
        path = Path(settings.EVIDENCE_KEY_PATH or key_folder() / _NAME)
        return path.with_name(path.name + suffix)

    def _key(self) -> Ed25519PrivateKey:
        path = self._path()
        try:
            return _private(path.read_bytes(), str(path))
        except FileNotFoundError:
            return self._make(path)

    def _make(self, path: Path) -> Ed25519PrivateKey:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = Ed25519PrivateKey.generate()
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        part = path.with_name(f"{path.name}.{os.getpid()}")
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)  # whoever was first has made the key
        except FileExistsError:
            return _private(path.read_bytes(), str(path))
        finally:
            part.unlink()
        return key


def _private(text: bytes, where: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(text, None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"{where} is no private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"{where} is no Ed25519 key")
    return key


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
