"""A setting that will not do stops the start with one line that names the variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "PORTAL_ENV": "production",
    "PORTAL_SECRET_KEY": "kf7Jx2vQ9wLr4TzB8nYc6HsD1mPe3GaU5oViXqRbWt0jNyEl",
    "PORTAL_ALLOWED_HOSTS": "www.yunhu.gov.cn,.yunhu.gov.cn",
    "PORTAL_BASE_URL": "https://www.yunhu.gov.cn",
}


def start(tmp_path: Path, show: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Load the settings as a start does, with these variables and no others of ours."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PORTAL_", "DJANGO_", "DATABASE_", "REDIS_"))
    }
    code = f"from django.conf import settings; settings.DEBUG; print({show or '1'})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=inherited
        | {"PORTAL_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings"}
        | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


BAD = [
    ("PORTAL_ENV", "prod"),
    ("DATABASE_URL", "mysql://localhost/x"),
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "postgres://u@h:notaport/x"),
    ("REDIS_URL", "http://localhost"),
    ("REDIS_URL", "redis://"),
    ("PORTAL_BASE_URL", "www.yunhu.gov.cn"),
    ("PORTAL_BASE_URL", "https://www.yunhu.gov.cn:port"),
    ("PORTAL_BASE_URL", "ftp://www.yunhu.gov.cn"),
    ("PORTAL_DATA_DIR", "/proc/nowhere"),
]
BAD_IN_PRODUCTION = [
    ("PORTAL_SECRET_KEY", ""),
    ("PORTAL_SECRET_KEY", "short"),
    ("PORTAL_SECRET_KEY", "a" * 60),
    ("PORTAL_ALLOWED_HOSTS", ""),
    ("PORTAL_ALLOWED_HOSTS", "*"),
    ("PORTAL_ALLOWED_HOSTS", "www.yunhu.gov.cn, *"),
    ("PORTAL_BASE_URL", ""),
    ("PORTAL_BASE_URL", "http://www.yunhu.gov.cn"),
    ("PORTAL_SERVE_MEDIA", "yes"),
]


def assert_refused(result: subprocess.CompletedProcess[str], variable: str) -> None:
    assert result.returncode == 2
    assert result.stdout == ""
    [line] = result.stderr.strip().splitlines()
    assert line.startswith(f"{variable}: ")


@pytest.mark.parametrize(("variable", "value"), BAD)
def test_bad_values(tmp_path: Path, variable: str, value: str) -> None:
    assert_refused(start(tmp_path, **{variable: value}), variable)


@pytest.mark.parametrize(("variable", "value"), BAD_IN_PRODUCTION)
def test_what_production_does_not_start_with(tmp_path: Path, variable: str, value: str) -> None:
    assert_refused(start(tmp_path, **GOOD | {variable: value}), variable)


@pytest.mark.parametrize("address", ["postgres://portal:hunter22@h:port/x", "psq://x:hunter22@h/x"])
def test_a_password_is_not_told(tmp_path: Path, address: str) -> None:
    result = start(tmp_path, DATABASE_URL=address)
    assert_refused(result, "DATABASE_URL")
    assert "hunter22" not in result.stderr


def test_production_is_strict(tmp_path: Path) -> None:
    names = (
        "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
        "PORTAL_OPERATOR_STRICT",
    )  # fmt: skip
    show = f"[getattr(settings, name) for name in {names!r}], settings.SECURE_HSTS_SECONDS > 10**7"
    result = start(tmp_path, show, **GOOD)
    assert result.stdout.strip() == "[True, True, True, True] True", result.stderr


def test_production_on_this_machine_may_do_without_https(tmp_path: Path) -> None:
    variables = GOOD | {"PORTAL_BASE_URL": "http://127.0.0.1:8000"}
    assert start(tmp_path, "settings.SECURE_SSL_REDIRECT", **variables).stdout.strip() == "False"


def test_without_any_setting_it_starts_for_development(tmp_path: Path) -> None:
    show = "settings.DATABASES['default']['ENGINE'], settings.DATABASES['default']['NAME']"
    result = start(tmp_path, show)
    assert result.stdout.split() == ["portal.core.sqlite", str(tmp_path / "portal.sqlite3")]


def test_the_development_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first, second = (start(tmp_path, "settings.SECRET_KEY").stdout for _ in range(2))
    assert first == second
    assert len(first.strip()) >= 50
    key = tmp_path / "keys" / "development-secret-key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_secrets_may_stand_in_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(GOOD["PORTAL_SECRET_KEY"] + "\n")
    variables = {name: value for name, value in GOOD.items() if name != "PORTAL_SECRET_KEY"}
    result = start(tmp_path, "settings.SECRET_KEY", **variables, PORTAL_SECRET_KEY_FILE=str(secret))
    assert result.stdout.strip() == GOOD["PORTAL_SECRET_KEY"], result.stderr


def test_postgresql(tmp_path: Path) -> None:
    show = "settings.DATABASES['default']['ENGINE'], settings.DATABASES['default']['NAME']"
    result = start(tmp_path, show, DATABASE_URL="postgres://u:p@db.example:5433/portal")
    assert result.stdout.split() == ["portal.core.postgresql", "portal"]
