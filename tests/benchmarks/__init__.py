"""``python -m tests.benchmarks``: what a page costs, as a multiple of what this machine can do."""
