"""``python -m portal COMMAND``: the same as the ``portal`` script."""

from portal.cli import main

if __name__ == "__main__":
    main()
