"""Plugin: sets of pages that go public in one step or not at all."""
