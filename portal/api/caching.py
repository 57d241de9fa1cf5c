"""Validators and lifetimes of answers."""

from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

# A withdrawn page may stay this long in a cache between the portal and its readers.
MAX_AGE = 60


def make_cacheable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give a good answer its lifetime and ETag; a 304 where the caller has it already.

    The ETag is strong, because it is made from the bytes: a page also changes with pictures,
    files and the pages it links to, which no version number of its own would tell.
    """
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    response.headers["ETag"] = f'"{blake2b(response.content, digest_size=16).hexdigest()}"'
    return (
        get_conditional_response(request, etag=response.headers["ETag"], response=response)
        or response
    )
