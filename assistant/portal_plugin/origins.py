"""Forms without a cookie: there is nothing of a visitor's to be misused, but where they come from
is looked at all the same."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_foreign(request: HttpRequest) -> bool:
    """Whether another website sent the form."""
    origin = request.headers.get("Origin", "")
    if origin and origin != "null":
        return urlsplit(origin).netloc != request.get_host()
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "same-site", "none")
