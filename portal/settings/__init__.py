"""Settings, chosen by ``PORTAL_ENV`` (dev, production, test).

``portal.settings`` itself is a valid ``DJANGO_SETTINGS_MODULE``; the modules can be named too.
"""

from .environment import choice

ENVIRONMENT = choice("PORTAL_ENV", ("dev", "production", "test"), "dev")

if ENVIRONMENT == "production":
    from .production import *  # noqa: F403
elif ENVIRONMENT == "test":
    from .test import *  # noqa: F403
else:
    from .dev import *  # noqa: F403
