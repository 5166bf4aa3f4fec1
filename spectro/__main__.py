"""``python -m spectro``: the same as the command ``spectro``."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
