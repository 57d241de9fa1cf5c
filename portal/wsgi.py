"""What the web server runs: visits counted, stored pages served, the portal for the rest."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

from portal.core.sqlite.base import serve_only
from portal.visits.front import with_visits_counted

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
serve_only()
application: Any = get_wsgi_application()

from django.conf import settings  # noqa: E402 - after the set-up

if settings.PORTAL_PAGE_STORE:
    from portal.publishing.front import PageStoreFront
    from portal.publishing.store.layout import store_folder

    application = PageStoreFront(application, store_folder(settings.DATA_DIR))
# The counter stands before everything else, whatever answers.
application = with_visits_counted(application)
