"""For Rasa's own command line, which knows nothing of what is left out here:

PYTHONPATH=assistant/rasa:assistant/rasa/stubs .venv-rasa/bin/python -m rasa …
"""

from addons import left_out

left_out.install()
