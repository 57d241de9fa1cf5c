"""Django's PostgreSQL, but that a server which is away holds up nobody (``core.connecting``)."""
