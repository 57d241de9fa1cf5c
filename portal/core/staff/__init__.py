"""Access of staff: from where, for how long, with which password, until when.

``middleware`` stands before the admin; ``backend`` says who may sign in; ``passwords`` holds the
rules for them; ``closing`` ends accounts whose time is over.
"""
