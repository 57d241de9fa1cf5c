"""What this installation adds to Rasa: runs in Rasa's environment, knows nothing of the portal."""
