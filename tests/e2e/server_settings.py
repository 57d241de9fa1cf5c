"""What ``make run`` has, with static files that are named by content but not compressed.

Compressing thousands of Wagtail's files takes most of a minute and no browser test looks at it.
"""

from portal.settings.dev import *  # noqa: F403

STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}
