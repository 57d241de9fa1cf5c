"""Figures of interpretations, answers and translations, compared with the clauses they cite."""
