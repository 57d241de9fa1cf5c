"""The audit log: who did what, when, from where, with which result.

``recording`` writes an entry within the transaction of what happened, so that neither is without
the other. ``sealing`` links the entries after the commit, one number after the other. ``checking``
finds what was changed, taken out or put in. ``sources`` says which events are recorded, ``guards``
has the database refuse to change them, ``words`` says an event in words.
"""
