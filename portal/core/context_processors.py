from typing import Any

from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """``portal`` for public views that are not pages; pages put their own over it."""
    found = getattr(request, "portal", None)
    return {"portal": found} if found is not None else {}
