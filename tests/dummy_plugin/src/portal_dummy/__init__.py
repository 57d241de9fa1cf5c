"""A plugin that uses every extension point once; the template for plugins."""
