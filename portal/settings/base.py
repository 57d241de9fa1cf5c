"""What all environments share. Values from outside come through ``environment`` only."""

import datetime
from pathlib import Path
from typing import Any

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from portal.plugins.discovery import discover_apps

from . import environment as env

PROJECT_DIR: Path = env.PROJECT_DIR
DATA_DIR: Path = env.data_dir()
DEBUG = False

BASE_URL: str = env.url("PORTAL_BASE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS: list[str] = env.words("PORTAL_ALLOWED_HOSTS")
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "core.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False  # the page route decides; plugin addresses end as their authors wrote them

PORTAL_PLUGIN_APPS: list[str] = discover_apps(disabled=env.words("PORTAL_PLUGINS_DISABLED"))
INSTALLED_APPS = [
    "portal.plugins",
    "portal.core",
    "portal.pages",
    *PORTAL_PLUGIN_APPS,
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.core.admin.users_app.PortalUsersConfig",  # wagtail.users
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtailmedia",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "portal.core.health.HealthMiddleware",  # probes ask by address, whatever hosts are allowed
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.core.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.core.middleware.PortalMiddleware",
    "portal.core.variants.VariantMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.core.audit.middleware.AuditMiddleware",
    "portal.core.staff.middleware.StaffMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.core.staff.backend.StaffBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.whole("PORTAL_PASSWORD_LENGTH", "10", 64)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "portal.core.staff.passwords.KindsOfSigns",
        "OPTIONS": {"kinds": env.whole("PORTAL_PASSWORD_KINDS", "3", 4)},
    },
]
AXES_FAILURE_LIMIT = env.whole("PORTAL_LOCKOUT_FAILURES", "5", 100)
AXES_COOLOFF_TIME = datetime.timedelta(minutes=env.whole("PORTAL_LOCKOUT_MINUTES", "30", 10_080))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "portal/locked_out.html"
AXES_ENABLE_ADMIN = False

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.core.context_processors.portal",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

DATABASES = {"default": env.database(DATA_DIR)}
_redis_url = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
PORTAL_REDIS_URL = env.text("REDIS_URL") if _redis_url else ""
if _redis_url:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": env.text("REDIS_URL"),
            "KEY_PREFIX": "portal",
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    SESSION_ENGINE = "django.contrib.sessions.backends.db"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- finished pages as files (docs/administrators/page-store.md) --------------------------------
PORTAL_PAGE_STORE = env.choice("PORTAL_PAGE_STORE", ("0", "1"), "1") == "1"
if "portal.publishing.apps.PublishingConfig" in PORTAL_PLUGIN_APPS:
    # Outside all that changes an answer; the probes come first.
    MIDDLEWARE.insert(1, "portal.publishing.middleware.PageStoreMiddleware")
else:
    PORTAL_PAGE_STORE = False

# --- search ----------------------------------------------------------------------------------
# A cluster for the public search; without one each machine keeps an index of its own.
OPENSEARCH_URL = env.url("OPENSEARCH_URL")

# --- mail (docs/administrators/environment.md) -------------------------------------------------
MAILERS = env.mailers()
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.mail_from()

# --- languages -------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("zh-hans", "简体中文"),
    ("en", "English"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("ru", "Русский"),
    ("fr", "Français"),
    ("ar", "العربية"),
]
WAGTAILADMIN_PERMITTED_LANGUAGES = [
    ("zh-hans", "简体中文"),
    ("en", "English"),
    ("ja", "日本語"),
    ("ko", "한국어"),
]
# The portal's own messages, then what the admin's packages leave in English.
LOCALE_PATHS = [PROJECT_DIR / "locales", PROJECT_DIR / "locales" / "upstream"]
USE_I18N = WAGTAIL_I18N_ENABLED = True
FORMAT_MODULE_PATH = "portal.settings.formats"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
# A translation must never go live with Chinese text in it.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False

# --- files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "portal.core.media_storage.MediaStorage"},
    # Beside the media, where no web server looks (docs/administrators/media.md).
    "withheld": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "withheld", "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "portal.core.static_storage.PortalStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
# The private key that signs the log of evidence; "": made below DATA_DIR / "keys".
EVIDENCE_KEY_PATH = env.text("PORTAL_EVIDENCE_KEY_PATH")
FILE_UPLOAD_PERMISSIONS = 0o644
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long page has many blocks

# --- wagtail ---------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = _("Government portal")
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILIMAGES_IMAGE_MODEL = "core.PortalImage"
WAGTAILDOCS_DOCUMENT_MODEL = "core.PortalDocument"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "svg", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = env.megabytes("PORTAL_MAX_IMAGE_MB", 15)
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000  # a rendition of more takes half a gigabyte of memory
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.core.admin.image_forms.PortalImageForm"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "core.PortalMedia",
    "MEDIA_FORM_BASE": "portal.core.admin.media_forms.PortalMediaForm",
    "VIDEO_EXTENSIONS": ["mp4", "m4v", "webm"],  # what every browser plays
    "AUDIO_EXTENSIONS": ["mp3", "m4a", "ogg", "opus", "wav"],
}
PORTAL_MAX_MEDIA_SIZE = env.megabytes("PORTAL_MAX_MEDIA_MB", 500)
WAGTAILDOCS_EXTENSIONS = [
    "csv", "doc", "docx", "epub", "et", "json", "ods", "odt", "ofd", "pdf", "ppt", "pptx",
    "rtf", "txt", "wps", "xls", "xlsx", "xml", "zip",
]  # fmt: skip
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.core.admin.document_forms.PortalDocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "portal.core.search"}}
PORTAL_PLUGIN_SWITCH_RULE = "portal.core.permissions.can_switch_plugins"
# The last review publishes the version that was signed.
WAGTAIL_FINISH_WORKFLOW_ACTION = "portal.core.reviews.finishing.finish"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_AUTOSAVE_INTERVAL = 1500  # after the preview, which the editor is waiting for
WAGTAIL_AUTO_UPDATE_PREVIEW_INTERVAL = 100  # the form waits for a pause in typing itself
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {
            "features": [
                "h2", "h3", "h4", "bold", "ol", "ul", "link", "document-link", "hr",
                "superscript", "subscript",
            ]
        },
    }
}  # fmt: skip

# --- the resource library (docs/administrators/library.md) -------------------------------------
LIBRARY_CHECK_OUTSIDE_LINKS = env.choice("PORTAL_CHECK_OUTSIDE_LINKS", ("0", "1"), "0") == "1"

# --- reposting (docs/administrators/reposting.md) ------------------------------------------------
PORTAL_INNER_HOSTS: list[str] = env.places("PORTAL_INNER_HOSTS")

# --- the assistant's models (docs/administrators/assistant.md) ---------------------------------
ASSISTANT_EMBEDDING_SERVICE = env.embedding_service()
ASSISTANT_EMBEDDERS: list[str] = env.embedders(service=bool(ASSISTANT_EMBEDDING_SERVICE))
# The model of the search by meaning; a service is the assistant's.
SEARCH_EMBEDDER = env.search_embedder(service=bool(ASSISTANT_EMBEDDING_SERVICE))
SEARCH_MEANING_FLOOR = env.meaning_floor(SEARCH_EMBEDDER)
ASSISTANT_INDEX_STORE, ASSISTANT_INDEX_URL = env.index_store()

# --- the assistant's answers (docs/administrators/answers.md) -----------------------------------
ASSISTANT_TRANSLATION_LAG_DAYS = env.whole("ASSISTANT_TRANSLATION_LAG_DAYS", "10", 365)
ASSISTANT_RETENTION_DAYS = env.whole("ASSISTANT_RETENTION_DAYS", "180", 3_650)
ASSISTANT_VISITOR_PER_MINUTE = env.whole("ASSISTANT_VISITOR_PER_MINUTE", "60", 100_000)
ASSISTANT_PER_MINUTE = env.whole("ASSISTANT_PER_MINUTE", "3000", 1_000_000)
ASSISTANT_HOTLINE = env.text("ASSISTANT_HOTLINE", "12345")
ASSISTANT_GENERATOR_URL = env.url("ASSISTANT_GENERATOR_URL")
ASSISTANT_GENERATOR = env.text("ASSISTANT_GENERATOR")
ASSISTANT_GENERATOR_KEY = env.text("ASSISTANT_GENERATOR_KEY")

# --- search (docs/administrators/environment.md) ----------------------------------------------
SEARCH_VISITOR_PER_MINUTE = env.whole("SEARCH_VISITOR_PER_MINUTE", "120", 100_000)
SEARCH_SUGGESTIONS_PER_MINUTE = env.whole("SEARCH_SUGGESTIONS_PER_MINUTE", "600", 100_000)

# --- proofreading (docs/administrators/proofreading.md) -----------------------------------------
PORTAL_SWEEP_DAYS = env.whole("PORTAL_SWEEP_DAYS", "7", 365)

# --- foreign sections (docs/administrators/machine-translation.md) ------------------------------
PORTAL_TRANSLATOR: dict[str, Any] = env.translator()

# --- the assistant's dialogue (docs/administrators/dialogue.md) ---------------------------------
ASSISTANT_DIALOGUE: dict[str, Any] = env.dialogue()

# --- the log of the public search (docs/administrators/search-log.md) ---------------------------
SEARCH_PRIVACY_THRESHOLD = env.whole("SEARCH_PRIVACY_THRESHOLD", "5", 1_000)
SEARCH_LOG_DAYS = env.whole("SEARCH_LOG_DAYS", "7", 365)
SEARCH_RARE_DAYS = env.whole("SEARCH_RARE_DAYS", "90", 3_650)
SEARCH_STATISTICS_DAYS = env.whole("SEARCH_STATISTICS_DAYS", "1095", 36_500)
# Off in tests: they say themselves when the log is written.
SEARCH_LOG_IN_BACKGROUND = True

# --- visits (docs/administrators/visits.md) ------------------------------------------------------
VISITS_COUNTED = env.choice("PORTAL_VISITS", ("0", "1"), "1") == "1"
VISITS_FOLDER = DATA_DIR / "visits"
VISITS_LOG_DAYS = env.whole("PORTAL_VISITS_LOG_DAYS", "30", 3_650)
VISITS_NGINX_LOG = env.text("PORTAL_VISITS_NGINX_LOG")
VISITS_ROBOTS: list[str] = env.words("PORTAL_VISITS_ROBOTS")

# --- access of staff (docs/administrators/staff-access.md) ----------------------------------------
STAFF_HOST = env.host_name("PORTAL_ADMIN_HOST")
STAFF_NETWORKS = env.networks("PORTAL_ADMIN_NETWORKS")
STAFF_IDLE_MINUTES = env.whole("PORTAL_IDLE_MINUTES", "30", 480)
STAFF_SESSION_KEEPS_NETWORK = env.choice("PORTAL_SESSION_KEEPS_NETWORK", ("0", "1"), "1") == "1"
STAFF_PASSWORD_DAYS = env.whole_or_none("PORTAL_PASSWORD_DAYS", "180", 3_650)
STAFF_IDLE_DAYS = env.whole_or_none("PORTAL_ACCOUNT_IDLE_DAYS", "90", 3_650)
if 0 < STAFF_IDLE_DAYS < 30:
    env.refuse("PORTAL_ACCOUNT_IDLE_DAYS", "must be 0 (never) or at least 30")
STAFF_MAIL_DOMAINS: list[str] = [one.lower() for one in env.words("PORTAL_STAFF_MAIL_DOMAINS")]

if STAFF_HOST:
    WAGTAILADMIN_BASE_URL = f"{BASE_URL.partition('://')[0]}://{STAFF_HOST}"

# --- the audit log (docs/administrators/audit-log.md) --------------------------------------------
AUDIT_DAYS = env.whole("PORTAL_AUDIT_DAYS", "400", 36_500)
if AUDIT_DAYS < 366:
    env.refuse("PORTAL_AUDIT_DAYS", "must be 366 or more: the log is kept for at least a year")
# The database itself refuses to change entries.
AUDIT_GUARDS = True
# Keys that the present one took the place of: sessions and the audit log stay readable.
SECRET_KEY_FALLBACKS: list[str] = env.words("PORTAL_SECRET_KEY_FALLBACKS")

# --- security --------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
}
# Wagtail's editor writes inline scripts and styles; visitors never get this policy.
PORTAL_ADMIN_CSP = SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-src": [CSP.SELF],
    "worker-src": [CSP.SELF, "blob:"],
}

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"briefly": {"()": "portal.core.outage_log.Briefly"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "portal": {"level": "INFO"},
        "django.request": {"level": "ERROR", "filters": ["briefly"]},
    },
}
