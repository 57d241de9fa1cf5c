"""From publications to indexes: rows of documents, and the process that copies them."""
