"""``python -m spectro``: the same as the command ``spectro``."""

import sys

from .cli import main

sys.exit(main())
