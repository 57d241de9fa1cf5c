"""``make run``: one machine, no secrets to set, reachable from this machine only."""

from . import environment as env
from .base import *  # noqa: F403

SECRET_KEY = env.secret_key(DATA_DIR, production=False)  # noqa: F405
ALLOWED_HOSTS = [
    *ALLOWED_HOSTS,
    "127.0.0.1",
    "localhost",
    ".localhost",
    "[::1]",
    "testserver",
]  # noqa: F405
PORTAL_SERVE_MEDIA = True
