"""Official documents: what a file says, taken apart without losing a character.

``parsing.parse`` takes a source apart, ``alignment`` compares two versions, ``citing`` quotes a
clause, ``findings`` lists what a person should look at. ``model`` has the types that reader,
parser and portal share.
"""
