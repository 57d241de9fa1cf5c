"""What changes the database: one public verb each, in one transaction."""
