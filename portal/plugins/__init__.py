"""The plugin mechanism: discovery, switches per site, extension points, circuit breaker.

Plugins never import from here; they import ``portal.plugin_api``.
"""
