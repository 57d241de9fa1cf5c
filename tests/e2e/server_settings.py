"""What ``make run`` has, but static files come from where they lie.

Collecting and compressing thousands of Wagtail's files takes most of a minute; what a page asks for
and does not get is noticed by the tests all the same.
"""

from portal.settings.dev import *  # noqa: F403

STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
WHITENOISE_USE_FINDERS = True
