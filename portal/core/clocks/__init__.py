"""Deadlines: one calendar, one way to count, one record of what was promised.

``calendar`` and ``worktime`` count and know neither Django nor a database. ``kinds`` says which
deadlines there are, ``terms`` what holds for them at a site. ``services`` write, ``selectors``
read, ``alarms`` tells in time, ``wording`` says a deadline in words. Plugins reach all of it
through ``portal.plugin_api``.
"""
