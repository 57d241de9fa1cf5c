"""Engines behind one interface: tantivy in the process, OpenSearch for many machines."""
