"""A city's server. Refuses to start on a setting that would not be safe."""

from urllib.parse import urlsplit

from django.http.request import validate_host

from . import environment as env
from .base import *

SECRET_KEY = env.secret_key(DATA_DIR, production=True)
if not ALLOWED_HOSTS:
    env.refuse("PORTAL_ALLOWED_HOSTS", "is missing; name the hosts, separated by commas")
if any(host.strip() in {"*", ".", ""} for host in ALLOWED_HOSTS):
    env.refuse("PORTAL_ALLOWED_HOSTS", "must name hosts; '*' answers to any name")
if not env.text("PORTAL_BASE_URL"):
    env.refuse(
        "PORTAL_BASE_URL",
        "is missing; the portal's address, such as https://www.x.gov.cn",
    )
if urlsplit(BASE_URL).scheme != "https" and urlsplit(BASE_URL).hostname not in {
    "127.0.0.1",
    "localhost",
}:
    env.refuse("PORTAL_BASE_URL", "must begin with https:// (plain http only on 127.0.0.1)")

if STAFF_HOST and not validate_host(STAFF_HOST.partition(":")[0], ALLOWED_HOSTS):
    env.refuse("PORTAL_ADMIN_HOST", "must be one of the hosts in PORTAL_ALLOWED_HOSTS")
env.refuse_weak_tokens()
if PORTAL_TRANSLATOR.get("kind") == "dummy":
    env.refuse("PORTAL_TRANSLATOR", "'dummy' is for trying things out, not for production")

_https = urlsplit(BASE_URL).scheme == "https"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
# A web server in front (deploy/nginx) sends media; without one the portal may do it itself.
PORTAL_SERVE_MEDIA = env.choice("PORTAL_SERVE_MEDIA", ("0", "1"), "0") == "1"

# Publishing from the command line needs three named accounts and a reason (portal.core.operator).
PORTAL_OPERATOR_STRICT = True
