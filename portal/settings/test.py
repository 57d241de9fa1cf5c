"""The test suite: fast hashing, tasks at once, a data folder of its own."""

import os

from .scratch import data_folder

os.environ["PORTAL_DATA_DIR"] = os.environ.get("PORTAL_DATA_DIR") or data_folder()

from . import environment as env
from .base import *

SECRET_KEY = "only-for-the-test-suite"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost", ".localhost", ".gov.cn"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
PORTAL_SERVE_MEDIA = True
DATABASES = {"default": env.database(DATA_DIR)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
AXES_ENABLED = False  # the lock-out has a test of its own that turns it on
# Tests empty their tables; those of the guards put them up themselves.
AUDIT_GUARDS = False
# Tests travel in time; those of passwords say how old they may be.
STAFF_PASSWORD_DAYS = 0
# A failing plugin fails its test instead of being skipped; tests of the breaker turn this off.
PORTAL_PLUGIN_ERRORS_RAISE = True
# Words alone: tests that need vectors bring a small model of their own.
ASSISTANT_EMBEDDERS = []
SEARCH_EMBEDDER = ""
# Whatever this machine runs: tests that need a dialogue bring one.
ASSISTANT_DIALOGUE = {}
# Nothing writes beside a test: whoever wants the log writes it (``portal.search.services.log``).
SEARCH_LOG_IN_BACKGROUND = False
# Each test sees what is rendered; tests of the store turn it on.
PORTAL_PAGE_STORE = False
