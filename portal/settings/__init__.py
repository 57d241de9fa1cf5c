"""Settings, chosen by ``PORTAL_ENV`` (dev, production, test).

``portal.settings`` itself is a valid ``DJANGO_SETTINGS_MODULE``; the modules can be named too.
"""

from .environment import choice

ENVIRONMENT = choice("PORTAL_ENV", ("dev", "production", "test"), "dev")

if ENVIRONMENT == "production":
    from .production import *
elif ENVIRONMENT == "test":
    from .test import *
else:
    from .dev import *
