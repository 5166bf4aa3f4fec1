"""Lets a bare checkout import `spectro.kernels` and `spectro.parity_tests`.

There they stand beside the package's folder; in a wheel they are inside it, and this does nothing.
"""

import os.path  # pathlib alone would be a fifth of the time that `import spectro` takes
import sys

_root = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
if os.path.isfile(os.path.join(_root, "pyproject.toml")) and os.path.isdir(
    os.path.join(_root, "parity_tests")
):
    sys.modules[__package__].__path__.append(_root)
