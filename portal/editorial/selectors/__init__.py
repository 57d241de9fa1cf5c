"""Reading: contributions, fees, tasks, columns."""
