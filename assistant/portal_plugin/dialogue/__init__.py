"""Between Rasa and the portal: the bounded client, the views that Rasa calls back, the actions."""
