"""Drop-in namespaces: change the import, keep the code.

    import spectro.compat.torch as torch
    from spectro.compat import torchaudio

A namespace translates names, defaults, argument checks, dtypes, layouts and
errors of its reference, then calls the core. Arrays of any supported library go
in, and the same kind comes out. Names that are not mirrored come from the real
library, with a `FallbackWarning` (fallback.py); which ones are is declared
where they are written (registry.py).
"""
