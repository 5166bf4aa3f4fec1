"""Drop-in namespaces: change the import, keep the code.

    import spectro.compat.torch as torch
    from spectro.compat import torchaudio

Or keep the imports too, and let a hook serve them (hook/):

    spectro.compat.install()
    python -m spectro.compat script.py

A namespace translates names, defaults, argument checks, dtypes, layouts and
errors of its reference, then calls the core. Arrays of any supported library go
in, and the same kind comes out. Names that are not mirrored come from the real
library, with a `FallbackWarning` (fallback.py); which ones are is declared
where they are written (registry.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .hook import install, is_installed, report, uninstall

__all__ = ["install", "is_installed", "report", "uninstall"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import hook

    return getattr(hook, name)
