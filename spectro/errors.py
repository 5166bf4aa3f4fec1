"""The errors and warnings of the native API.

Every error is a `SpectroError` and also the builtin a caller would expect
(`ValueError` for a bad value, `TypeError` for a bad type), so code that already
catches the builtin keeps working. The compat namespaces raise the reference's
classes instead.
"""

from __future__ import annotations

__all__ = [
    "ArrayTypeError",
    "BackendError",
    "DowncastWarning",
    "FallbackError",
    "FallbackWarning",
    "GradientError",
    "LibraryAttributeError",
    "LibraryImportError",
    "MissingLibraryError",
    "NolaError",
    "NolaWarning",
    "ParameterError",
    "SpectroError",
]


class SpectroError(Exception):
    """Base of everything spectro raises on purpose."""


class ParameterError(SpectroError, ValueError):
    """An argument has a value (or an array a shape) the function cannot use."""


class NolaError(ParameterError, RuntimeError):
    """An inverse STFT was refused because no window covers some sample (torch raises RuntimeError)."""


class ArrayTypeError(SpectroError, TypeError):
    """An argument has a type or dtype the function cannot use."""


class GradientError(SpectroError, RuntimeError):
    """The call would have dropped a gradient silently."""


class BackendError(SpectroError, RuntimeError):
    """A backend that was asked for by name cannot serve the call."""


class FallbackError(SpectroError, RuntimeError):
    """The reference library would have served a call, which `config(fallback="error")` forbids."""


class MissingLibraryError(SpectroError):
    """An optional library that this call needs is not installed.

    Always raised as one of the two classes below: Python's ImportError and AttributeError
    cannot be bases of one class.
    """


class LibraryImportError(MissingLibraryError, ImportError):
    """A call or an import needs a library that is not installed."""


class LibraryAttributeError(MissingLibraryError, AttributeError):
    """A name would come from a library that is not installed."""


class DowncastWarning(UserWarning):
    """A result has fewer bits than the input (MLX has no complex128, and no float64 on a GPU)."""


class FallbackWarning(UserWarning):
    """A call was served by the reference library because spectro does not mirror it."""


class NolaWarning(UserWarning):
    """An inverse STFT met samples that no analysis window covers (NOLA, non-zero overlap-add)."""
