"""Existing code, unchanged, on spectro: the names it imports from the references are served by the mirrors.

    import spectro.compat
    spectro.compat.install()

    import librosa                      # the real library
    librosa.feature.mfcc(y=y, sr=sr)    # computed by spectro

    python -m spectro.compat script.py

following.py  when torch itself must see a call
calls.py      what a swapped name does
objects.py    torch modules: the class stays, `forward` is ours
swapping.py   puts wrappers in the place of what is mirrored, library by library
bindings.py   what stood where, to be put back
finder.py     sees modules load; absent.py stands in for libraries that are not installed
children.py   processes that this one starts
profile.py    what was swapped, how long it took and what fell through
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from ...callers import LIBRARIES, warn
from ...config import config
from ...errors import FallbackWarning, ParameterError
from ..fallback import stands_alone
from . import absent, children
from .bindings import Bindings, all_modules, user_modules
from .finder import Finder
from .profile import Profile
from .swapping import Library

__all__ = ["Profile", "install", "install_inherited", "is_installed", "report", "swapped", "uninstall"]

_lock = threading.RLock()
_hook: _Hook | None = None


class _Hook:
    """What one `install` did."""

    def __init__(
        self, only: Sequence[str], fallback: str | None, profile: Profile | None, verbose: bool
    ) -> None:
        self.profile = profile
        self._bindings = Bindings()
        say = _say if verbose else None
        self.libraries = {name: Library(name, self._bindings, profile, say) for name in only}
        self.finder = Finder(only, self.loaded)
        self._config = None if fallback is None else config(fallback=fallback)

    def start(self) -> list[str]:
        """Replace what is loaded already, and wait for the rest; return what could not be replaced."""
        sys.meta_path.insert(0, self.finder)
        loaded = [name for name in self.libraries if name in sys.modules and not stands_alone(name)]
        for name in loaded:
            self.loaded(sys.modules[name])
        return self._bindings.rebind(
            _merged(self.libraries[name].wrapper_of() for name in loaded), user_modules()
        )

    def loaded(self, module: ModuleType) -> None:
        """Take notice of a module of a library that has been loaded."""
        with _lock:
            self.libraries[module.__name__.partition(".")[0]].loaded(module)

    @contextmanager
    def paused(self, pause: bool) -> Iterator[None]:
        """Let every swapped name pass its calls on for a block, if `pause` says so."""
        swaps = [swap for library in self.libraries.values() for swap in library.swaps.values()]
        for swap in swaps:
            swap.active = not pause
        try:
            yield
        finally:
            for swap in swaps:
                swap.active = True

    def stop(self) -> None:
        """Put everything back; names that were imported meanwhile become the reference's again."""
        sys.meta_path.remove(self.finder)
        swaps = [swap for library in self.libraries.values() for swap in library.swaps.values()]
        for swap in swaps:
            swap.active = False
        self._bindings.restore()
        wrappers = _merged(library.original_of() for library in self.libraries.values())
        Bindings().rebind(wrappers, all_modules())  # the libraries' late modules have imported some, too
        for name in self.libraries:
            absent.remove(name)
        if self._config is not None:
            self._config.undo()


def install(
    only: Sequence[str] | None = None,
    *,
    fallback: str | None = None,
    profile: bool | Profile = False,
    verbose: bool = False,
    inherit: bool = True,
) -> None:
    """Serve the references' names by spectro, in this process and in those it starts.

    Names that other modules have imported already are replaced there too; where one is held in a
    container, a default or a closure, a `FallbackWarning` says so.

    Parameters
    ----------
    only : sequence of str, optional
        Some of "torch", "torchaudio", "librosa", "madmom"; default all.
    fallback : {"warn", "silent", "error"}, optional
        What happens when the reference itself serves a spectral call: `config(fallback=...)`.
    profile : bool or Profile
        Count calls, for `report()`.
    verbose : bool
        Say on stderr, once for each function, who serves it.
    inherit : bool
        Whether processes that this one starts are swapped too.

    Raises
    ------
    ParameterError
        For an unknown library, or if the hook is installed already.
    """
    global _hook
    names = tuple(LIBRARIES if only is None else only)
    unknown = sorted(set(names) - set(LIBRARIES))
    if unknown or not names:
        raise ParameterError(f"only must name some of {', '.join(LIBRARIES)}, got {only!r}")
    with _lock:
        if _hook is not None:
            raise ParameterError("spectro.compat is installed already: uninstall() first")
        counts = profile if isinstance(profile, Profile) else Profile() if profile else None
        _hook = _Hook(names, fallback, counts, verbose)
        with _no_collection():
            stuck = _hook.start()
        if inherit:
            options: dict[str, Any] = {"only": names, "fallback": fallback, "verbose": verbose}
            children.tell(options | ({"profile": children.collect(counts)} if counts is not None else {}))
    if stuck:
        warn(
            f"held since before install(), so these stay the reference's own: {', '.join(stuck)}",
            FallbackWarning,
        )


def uninstall() -> None:
    """Put everything back as it was before `install`; nothing if it is not installed."""
    global _hook
    with _lock:
        if _hook is not None:
            _hook.stop()
            _hook = None
            children.leave()


def is_installed() -> bool:
    """Return whether the hook is installed."""
    return _hook is not None


def report() -> Profile | None:
    """Return what was counted so far (with ``install(profile=True)``), here and in the processes started."""
    if _hook is None or _hook.profile is None:
        return None
    return children.gathered(_hook.profile)


def install_inherited(options: dict[str, Any]) -> Finder:
    """Install in a process that a swapped one started (startup/sitecustomize.py)."""
    counts = None
    if "profile" in options:
        counts = Profile()
        children.join(counts, options["profile"])
    install(
        options["only"],
        fallback=options["fallback"],
        profile=counts or False,
        verbose=options["verbose"],
        inherit=False,
    )
    assert _hook is not None
    return _hook.finder


@contextmanager
def swapped(wanted: bool) -> Iterator[None]:
    """Have the hook in force inside the block, or out of force, whichever it is outside."""
    if not wanted and _hook is None:
        yield
    elif _hook is None:
        install(inherit=False)
        try:
            yield
        finally:
            uninstall()
    else:
        with _hook.paused(not wanted):
            yield


@contextmanager
def _no_collection() -> Iterator[None]:
    """Have Python look for garbage later: where torch is loaded that takes longer than all of a start."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _merged(parts: Iterable[dict[int, Any]]) -> dict[int, Any]:
    return {key: value for part in parts for key, value in part.items()}


def _say(line: str) -> None:
    print(f"spectro: {line}", file=sys.stderr)
