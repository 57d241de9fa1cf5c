"""One module for each kind of file; ``portal.text.official.reading`` chooses among them."""
