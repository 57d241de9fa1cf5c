"""The assistant: retrieval and dialogue without Django, and its plugin for the portal."""

import os

# One question is a small matter for a matrix library: its threads cost twice the processor's time
# (they wait by spinning) and answer no sooner. Read when numpy and the sentence model are loaded.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
