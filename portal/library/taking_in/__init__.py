"""Taking items in from files of old sites and other systems."""
