"""``make run``: one machine, no secrets to set, reachable from this machine only."""

from . import environment as env
from .base import *

SECRET_KEY = env.secret_key(DATA_DIR, production=False)
ALLOWED_HOSTS = [
    *ALLOWED_HOSTS,
    "127.0.0.1",
    "localhost",
    ".localhost",
    "[::1]",
    "testserver",
]
PORTAL_SERVE_MEDIA = True
