from portal.plugin_api import signature_provider

from .signing import Ed25519

signature_provider.provide(Ed25519())
