"""Writes: lists, reasons, records of scans."""
