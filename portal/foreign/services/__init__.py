"""What changes the tables; one public verb each."""
