"""Rasa as seen from the portal's side: where it lies, when it is trained, how it is started.

Without Django, like the supervisor that it serves. What runs inside Rasa is in ``assistant/rasa``.
"""
