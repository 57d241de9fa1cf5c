"""Django's SQLite, but that a database file which is gone is missed, not made anew and empty."""
