"""Services: one public verb each, atomic."""
