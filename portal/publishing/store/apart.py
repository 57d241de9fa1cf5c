"""Which pages a web server in front may send by itself, and which it must leave to the portal.

nginx sends a finished page with the headers that all pages have. A page with others (another
security policy because it shows a map, a link to its JSON …) or with a time limit gets a mark
beside its file; ``deploy/nginx/portal.conf`` looks for it.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils.csp import build_policy

# What deploy/nginx sets to values of its own; a different value here would not be sent there.
_ANY_VALUE = frozenset(
    {
        "cross-origin-opener-policy",
        "permissions-policy",
        "referrer-policy",
        "strict-transport-security",
        "x-content-type-options",
    }
)
VARIANTS = {"zh-hant": "zh-Hant"}


def language_of(path: str) -> str:
    """What ``Content-Language`` is for an address, as ``deploy/nginx/portal-maps.conf`` has it."""
    first, slash, _rest = path[1:].partition("/")
    if slash and first in VARIANTS:
        return VARIANTS[first]
    codes = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    return first if slash and first in codes else str(settings.LANGUAGE_CODE)


def is_apart(path: str, headers: Sequence[tuple[str, str]], holds_until: float | None) -> bool:
    """Whether a page needs more than its file says."""
    if holds_until is not None:
        return True
    expected = {
        "cache-control": "no-cache",
        "content-language": language_of(path),
        "content-security-policy": build_policy(settings.SECURE_CSP),
        "content-type": "text/html; charset=utf-8",
        "vary": "Accept-Encoding",
        "x-frame-options": settings.X_FRAME_OPTIONS,
    }
    return any(
        expected.get(name.lower()) != value
        for name, value in headers
        if name.lower() not in _ANY_VALUE
    )
