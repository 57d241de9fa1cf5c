"""Documents from files: ``mapping`` makes drafts of what was read, ``services`` stores them."""
