"""What comes in from editors' machines, looked at before it is kept: files are what they hold."""
