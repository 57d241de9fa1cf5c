from django.db import models


class StructureVersion(models.Model):
    """One row: a random token that changes with anything menus, addresses or footers read.

    A random token instead of a counter: after a rolled-back transaction a counter would reach the
    same number again for different content.
    """

    token = models.BigIntegerField(default=0)
