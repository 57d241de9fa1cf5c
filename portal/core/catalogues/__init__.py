"""Message catalogues without GNU gettext: extraction, comparison and compilation.

``extraction``  finds the messages of code and templates
``public``      which messages visitors can meet, and the languages that have them
``checking``    what is wrong with a translation
``upstream``    what the admin's packages leave untranslated
``files``       the ``.po`` and ``.mo`` files under ``locales/``
"""
