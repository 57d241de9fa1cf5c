"""Service guides (办事指南): how a thing is done, where, with which papers; one entrance."""
