from django.db import models


class StructureVersion(models.Model):
    """One row: a random token that changes with anything menus, addresses or footers read.

    A random token instead of a counter: after a rolled-back transaction a counter would reach the
    same number again for different content.

    ``content`` is another, which changes with anything public: lists, pages, pictures, files. What
    is rendered from lists (the sections of a home) is kept for as long as both stay the same.
    """

    token = models.BigIntegerField(default=0)
    content = models.BigIntegerField(default=0)
