"""Writing: contributions, fees, tasks."""
