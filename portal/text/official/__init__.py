"""Official documents: what a file says, taken apart without losing a character.

``model`` has the types that reader, parser and portal share.
"""
