"""The portal's own version, against which plugins declare ``requires_portal``."""

import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.specifiers import SpecifierSet
from packaging.version import Version

DISTRIBUTION = "yunhu-portal"


@cache
def portal_version() -> str:
    """Return the installed version; in a checkout that was not installed, the declared one."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        pyproject = Path(__file__).resolve().parents[2] / "pyproject.toml"
        if not pyproject.is_file():
            return "0"
        return str(tomllib.loads(pyproject.read_text("utf-8"))["project"]["version"])


def satisfies(installed: str, specifier: str) -> bool:
    """Tell whether ``installed`` fulfils ``specifier``; pre-releases count as versions."""
    return SpecifierSet(specifier).contains(Version(installed), prereleases=True)
