"""What routers of the public API are made of: ``portal.api``'s own and those of plugins.

It lies in the core because plugins reach it (through ``portal.plugin_api``), and ``portal.api``,
which mounts their routers, knows the plugins.
"""
