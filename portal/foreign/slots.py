"""What the plugin contributes to the portal's registries; registered by being imported."""

from . import card_slots, letter_slots, script_slots, section_slots, trust_slots

__all__ = ["card_slots", "letter_slots", "script_slots", "section_slots", "trust_slots"]
