"""Translations as files for the tools of translators: PO and XLIFF 2.1, there and back."""
