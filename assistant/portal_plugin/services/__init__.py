"""Services of the plugin: they write, one public verb each."""
