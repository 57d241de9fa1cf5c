"""A file of a page's size sent by WhiteNoise as Django middleware, the usual way to send files."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

settings.configure(
    DEBUG=False,
    SECRET_KEY="reference-load-only",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["whitenoise.middleware.WhiteNoiseMiddleware"],
    WHITENOISE_ROOT=os.environ["BENCH_STATIC_ROOT"],
    WHITENOISE_AUTOREFRESH=False,
    STATIC_URL="/static/",
    INSTALLED_APPS=[],
)
application = get_wsgi_application()
