"""Names that something public has, as people begin to type them, and their words for corrections.

A file of this machine holds them, made from ``Document`` rows and following them: all processes
read it, one writes it.
"""
