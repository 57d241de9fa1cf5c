"""The public JSON API below ``/api/v1/``: read only, for anybody, what the public may see.

``portal.urls`` mounts it; nobody else imports it. ``portal.core.public_api`` decides what is shown,
``entrance`` is the door that every request goes through, the routers translate; those of plugins
come from the registry ``api_routers``.
"""
