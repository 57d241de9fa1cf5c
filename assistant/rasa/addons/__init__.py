"""What this installation adds to Rasa. Runs in Rasa's environment and knows nothing of the portal."""
