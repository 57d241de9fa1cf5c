"""What editors bring in from outside: pasted texts, Word files; and one-click typesetting.

Reading and typesetting know no Django (``portal.text``); here a clean text becomes blocks of a
body, its pictures go to the site's collection, and the editor hears what happened.
"""
