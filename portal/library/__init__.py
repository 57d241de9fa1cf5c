"""The unified resource library: one record for every public item, and the gate that asks for it."""
