"""The one place that reads the process environment.

Every value is checked here; a bad one stops the start with one line that names the variable.
The table of variables is in ``docs/administrators/environment.md``.
"""

import importlib.util
import ipaddress
import os
import re
import sys
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
_env = environ.FileAwareEnv()


def refuse(variable: str, reason: str) -> NoReturn:
    """Stop the start with one line; a traceback would hide it from the person who installs."""
    line = f"{variable}: {reason}"
    if os.environ.get("PORTAL_RAISE_SETTINGS_ERRORS") == "1":
        raise ImproperlyConfigured(line)
    sys.stderr.write(line + "\n")
    raise SystemExit(2)


def choice(variable: str, allowed: tuple[str, ...], default: str) -> str:
    value = os.environ.get(variable) or default
    if value not in allowed:
        refuse(variable, f"{value!r} is not one of {', '.join(allowed)}")
    return value


def text(variable: str, default: str = "") -> str:
    return str(_env.str(variable, default=default)).strip()


def words(variable: str) -> list[str]:
    return [word.strip() for word in text(variable).split(",") if word.strip()]


def url(variable: str, default: str = "", schemes: tuple[str, ...] = ("http", "https")) -> str:
    """An address such as ``https://www.example.gov.cn`` without a path, or the default."""
    value = text(variable, default).rstrip("/")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        refuse(variable, f"{value!r} is not an address ({error})")
    if parts.scheme not in schemes or not parts.hostname:
        refuse(variable, f"{value!r} must look like {schemes[0]}://host[:port]")
    return value


def places(variable: str) -> list[str]:
    """Hosts with their ports, such as ``feeds.intranet:8080``, in small letters."""
    found = [word.lower() for word in words(variable)]
    for place in found:
        name, colon, port = place.rpartition(":")
        if not (colon and name and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            refuse(variable, f"{place!r} must look like host:port")
        if "/" in name or "*" in name:
            refuse(variable, f"{place!r} must be one host with its port")
    return found


def megabytes(variable: str, default: int) -> int:
    """A size in megabytes, as bytes."""
    value = text(variable) or str(default)
    if not value.isascii() or not value.isdecimal() or not 1 <= int(value) <= 100_000:
        refuse(variable, f"{value!r} is not a number of megabytes (1 to 100000)")
    return int(value) * 1024 * 1024


def embedding_service() -> dict[str, Any]:
    """An embedding service of OpenAI's protocol; empty where no address is set."""
    address = url("ASSISTANT_EMBEDDING_URL")
    if not address:
        return {}
    model = text("ASSISTANT_EMBEDDING_MODEL")
    if not model:
        refuse("ASSISTANT_EMBEDDING_MODEL", "is missing; the name of the service's model")
    return {
        "url": address,
        "model": model,
        "dimensions": whole("ASSISTANT_EMBEDDING_DIMENSIONS", "", 8_192),
        "key": text("ASSISTANT_EMBEDDING_KEY"),
        "timeout": whole("ASSISTANT_EMBEDDING_TIMEOUT_MS", "2000", 60_000) / 1000,
        "prefixes": (
            str(_env.str("ASSISTANT_EMBEDDING_QUESTION_PREFIX", default="")),
            str(_env.str("ASSISTANT_EMBEDDING_ANSWER_PREFIX", default="")),
        ),
    }


def search_embedder(*, service: bool) -> str:
    """The model of the search by meaning; "" leaves words alone."""
    found = text("SEARCH_EMBEDDER") or ("service" if service else "e5")
    if found not in {"e5", "service", "none"}:
        refuse("SEARCH_EMBEDDER", f"{found!r} is not one of e5, service, none")
    if found == "service" and not service:
        refuse("SEARCH_EMBEDDER", "names a service; set ASSISTANT_EMBEDDING_URL, too")
    return "" if found == "none" else found


def meaning_floor(embedder: str) -> float:
    """The least cosine of what has to do with a query: it is another for each model."""
    value = text("SEARCH_MEANING_FLOOR")
    if not value:
        return 0.86 if embedder == "e5" else 0.5
    try:
        floor = float(value)
    except ValueError:
        floor = -1.0
    if not 0 <= floor < 1:
        refuse("SEARCH_MEANING_FLOOR", f"{value!r} is not a number from 0 to 1")
    return floor


def embedders(*, service: bool) -> list[str]:
    """The models that questions are compared with; ``none`` leaves words alone."""
    found = words("ASSISTANT_EMBEDDERS") or (["service", "use"] if service else ["e5", "use"])
    if found == ["none"]:
        return []
    if unknown := set(found) - {"e5", "use", "service"}:
        refuse("ASSISTANT_EMBEDDERS", f"{min(unknown)!r} is not one of e5, use, service, none")
    if "service" in found and not service:
        refuse("ASSISTANT_EMBEDDERS", "names a service; set ASSISTANT_EMBEDDING_URL, too")
    return found


def index_store() -> tuple[str, str]:
    """Where the assistant's index is: files of each machine, or a table of all; and its address."""
    store = choice("ASSISTANT_INDEX_STORE", ("files", "pgvector"), "files")
    address = text("ASSISTANT_INDEX_URL")
    if store == "files":
        if address:
            refuse("ASSISTANT_INDEX_URL", "is for ASSISTANT_INDEX_STORE=pgvector only")
        return store, ""
    if not address.startswith(("postgresql://", "postgres://")):
        refuse("ASSISTANT_INDEX_URL", "must be an address such as postgresql://name:word@host/base")
    if importlib.util.find_spec("pgvector") is None:
        refuse("ASSISTANT_INDEX_STORE", "needs the extra pgvector (pip install …[pgvector])")
    return store, address


def mailers() -> dict[str, Any]:
    """Django's MAILERS from ``EMAIL_URL``; mails go nowhere where it is not set.

    ``smtp://`` speaks plainly, ``smtp+tls://`` asks for TLS, ``smtps://`` begins with it.
    """
    if not text("EMAIL_URL"):
        return {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    schemes = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    try:
        parts = urlsplit(text("EMAIL_URL").rstrip("/"))
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if (
        parts.scheme not in schemes
        or not parts.hostname
        or (parts.path or parts.query or parts.fragment)
    ):  # the value is not repeated: a password stands in it
        refuse("EMAIL_URL", "must look like smtp+tls://name:word@host:587, without a path")
    options: dict[str, Any] = {
        "host": parts.hostname,
        "port": port or schemes[parts.scheme],
        "timeout": 10,
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtps",
    }
    if parts.username:
        options |= {
            "username": unquote(parts.username),
            "password": unquote(parts.password or ""),
        }
    return {
        "default": {"BACKEND": "portal.core.mail.QueuedMail"},
        "server": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": options,
        },
    }


def mail_from() -> str:
    """The address that mails come from. Needed where there is a mail server."""
    value = text("PORTAL_EMAIL_FROM")
    if text("EMAIL_URL") and not value:
        refuse("PORTAL_EMAIL_FROM", "is missing; the address that mails come from")
    if value:
        try:
            validate_email(parseaddr(value)[1])
        except ValidationError:
            refuse("PORTAL_EMAIL_FROM", f"{value!r} is not an address")
    return value or "portal@localhost"


def translator() -> dict[str, Any]:
    """The machine translator of foreign sections; empty where none is set."""
    kind = choice(
        "PORTAL_TRANSLATOR", ("", "libretranslate", "deepl", "openai", "dummy"), default=""
    )
    if not kind:
        return {}
    address = url("PORTAL_TRANSLATOR_URL")
    key, model = text("PORTAL_TRANSLATOR_KEY"), text("PORTAL_TRANSLATOR_MODEL")
    if kind in ("libretranslate", "openai") and not address:
        refuse("PORTAL_TRANSLATOR_URL", f"is missing; the address of {kind}")
    if kind == "deepl" and not key:
        refuse("PORTAL_TRANSLATOR_KEY", "is missing; DeepL needs one")
    if kind == "openai" and not model:
        refuse("PORTAL_TRANSLATOR_MODEL", "is missing; the name of the model")
    return {
        "kind": kind,
        "url": address,
        "key": key,
        "model": model,
        "timeout": whole("PORTAL_TRANSLATOR_TIMEOUT_MS", "30000", 600_000) / 1000,
    }


def dialogue() -> dict[str, Any]:
    """Where Rasa is, and how both sides know each other; empty where no address is set."""
    address = url("RASA_URL")
    if not address:
        return {}
    threads = whole("PORTAL_WEB_THREADS", "4", 1_000)
    found = {
        "url": address,
        "token": text("RASA_TOKEN"),
        "callback_token": text("RASA_CALLBACK_TOKEN"),
        "callback_bind": _bind("RASA_CALLBACK_BIND", "127.0.0.1:5056"),
        "in_flight": whole("RASA_MAX_IN_FLIGHT", str(max(1, threads // 2)), threads),
        "threads": threads,
        "budget": whole("RASA_BUDGET_MS", "4000", 30_000) / 1000,
    }
    for variable in ("RASA_TOKEN", "RASA_CALLBACK_TOKEN"):
        if not text(variable):
            refuse(variable, "is missing; RASA_URL is set, and both sides must know each other")
    if found["token"] == found["callback_token"]:
        refuse("RASA_CALLBACK_TOKEN", "must differ from RASA_TOKEN")
    return found


def refuse_weak_tokens() -> None:
    """In production: what anybody on this machine could guess opens the dialogue to them."""
    for variable in ("RASA_TOKEN", "RASA_CALLBACK_TOKEN") if text("RASA_URL") else ():
        value = text(variable)
        if len(value) < 32 or len(set(value)) < 10:
            refuse(variable, "is too short or too plain; use 40 random characters")


def _bind(variable: str, default: str) -> tuple[str, int]:
    """``host:port`` to listen on."""
    value = text(variable) or default
    host, _, port = value.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65_536:
        refuse(variable, f"{value!r} must look like 127.0.0.1:5056")
    return host.strip("[]"), int(port)


def whole(variable: str, default: str, most: int) -> int:
    """A number from 1 to ``most``, or the default."""
    value = text(variable) or default
    if not value.isascii() or not value.isdecimal() or not 1 <= int(value) <= most:
        refuse(variable, f"{value!r} is not a whole number from 1 to {most}")
    return int(value)


def whole_or_none(variable: str, default: str, most: int) -> int:
    """The same, or 0 for never."""
    return 0 if (text(variable) or default) == "0" else whole(variable, default, most)


def host_name(variable: str) -> str:
    """One host as browsers name it, with its port where it has one; "" for any."""
    value = text(variable).lower()
    if value and not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", value):
        refuse(variable, f"{value!r} must be one host, such as admin.x.gov.cn")
    return value


def networks(variable: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses and networks such as ``10.20.0.0/16``, separated by commas."""
    found = []
    for word in words(variable):
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError as error:
            refuse(variable, f"{word!r} is no address and no network ({error})")
    return found


def data_dir() -> Path:
    path = Path(text("PORTAL_DATA_DIR") or PROJECT_DIR / "var").expanduser()
    path = path if path.is_absolute() else PROJECT_DIR / path
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse("PORTAL_DATA_DIR", f"{path} cannot be made or used ({error.strerror})")
    return path


def database(default_dir: Path) -> dict[str, Any]:
    """Django's DATABASES["default"] from ``DATABASE_URL`` (``sqlite:///…`` or ``postgres://…``)."""
    value = text("DATABASE_URL") or f"sqlite:///{default_dir / 'portal.sqlite3'}"
    if not value.startswith(("sqlite:///", "postgres://", "postgresql://")):
        # Here and not below: of a scheme that it does not know, environ prints all, password too.
        refuse("DATABASE_URL", "must begin with sqlite:/// or postgres://")
    try:
        config: dict[str, Any] = environ.Env.db_url_config(value)
    except (ValueError, KeyError, ImproperlyConfigured) as error:
        refuse("DATABASE_URL", f"cannot be read ({error})")
    # Once for each request: a file that was exchanged, a server that was started anew.
    config["CONN_HEALTH_CHECKS"] = True
    if config["ENGINE"].endswith("sqlite3"):
        wait = whole("PORTAL_DATABASE_WAIT_SECONDS", "20", 600)
        # WAL lets visitors read while an editor saves; IMMEDIATE takes the write lock at the start
        # of a transaction, so that two writers wait for each other instead of failing half-way.
        config["ENGINE"] = "portal.core.sqlite"
        config["OPTIONS"] = {
            "timeout": wait,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                f"PRAGMA busy_timeout={wait * 1000}; "
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
            ),
        }
        config["CONN_MAX_AGE"] = None
    else:
        config["ENGINE"] = "portal.core.postgresql"
        config["CONN_MAX_AGE"] = 600
        # A server that is away must be noticed within seconds, before the first byte and after it;
        # libpq counts in whole seconds from 2 on, and milliseconds for the line.
        options = config.setdefault("OPTIONS", {})
        options.setdefault("connect_timeout", whole("PORTAL_DATABASE_CONNECT_SECONDS", "3", 60))
        options.setdefault("tcp_user_timeout", 15_000)
        options.setdefault("keepalives_idle", 30)
        options.setdefault("keepalives_interval", 5)
        options.setdefault("keepalives_count", 3)
        # Compiling a query just in time costs more than any query of a portal takes (decision 8).
        options.setdefault("options", "-c jit=off")
    return config


def secret_key(directory: Path, *, production: bool) -> str:
    """``PORTAL_SECRET_KEY``; outside production a key made once and kept under the data folder."""
    value = text("PORTAL_SECRET_KEY")
    if value:
        if production and (len(value) < 40 or len(set(value)) < 10):
            refuse(
                "PORTAL_SECRET_KEY",
                "is too short or too plain; use 50 random characters",
            )
        return value
    if production:
        refuse("PORTAL_SECRET_KEY", "is missing; set 50 random characters")
    key_file = directory / "keys" / "development-secret-key"
    if not key_file.exists():
        from django.core.management.utils import get_random_secret_key

        key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of the same start was quicker
            return key_file.read_text().strip()
        with os.fdopen(descriptor, "w") as stream:
            stream.write(get_random_secret_key())
    return key_file.read_text().strip()
