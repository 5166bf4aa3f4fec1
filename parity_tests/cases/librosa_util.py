"""librosa.util: frames, lengths, norms, masks and peaks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import FLOAT, Case
from ..signals import Recipe, power, signal, spectrum
from .librosa_calls import NUMPY, Function, array, bad, case

__all__ = ["cases"]

INDEX = array("indices", [9, 3, 3, 0, 27, 14])
ROWS = power("chirp", 64, 32)
OTHER = power("noise", 64, 32)
SIGNED = Recipe("signed-rows", lambda: spectrum("music", 64, 64).values().real.copy())
INTEGERS = array("integer-rows", [[0, 0, 3], [4, -5, 6], [0, 0, 0]])
COMPLEX = spectrum("stereo", 64, 64)
ENVELOPE = Recipe("envelope", lambda: np.abs(signal("long").values())[::10].copy())
ENVELOPES = Recipe("envelopes", lambda: np.abs(signal("stereo").values())[:, ::4].copy())
PEAKS: dict[str, Any] = {"pre_max": 3, "post_max": 3, "pre_avg": 5, "post_avg": 6, "delta": 0.05, "wait": 4}
MEAN, MEDIAN = Function("mean", np.mean), Function("median", np.median)


def _frames() -> list[Case]:
    found = []
    for x in ("chirp", "stereo", "surround"):
        for length, hop in ((64, 16), (33, 50), (1, 1)):
            found.append(case("util.frame", x=signal(x), frame_length=length, hop_length=hop))
    found.append(case("util.frame", x=signal("stereo"), frame_length=2, hop_length=1, axis=0))
    found.append(case("util.frame", x=signal("surround"), frame_length=2, hop_length=1, axis=1))
    found.append(case("util.frame", x=signal("surround"), frame_length=2, hop_length=1, axis=-2))
    found.append(
        case(
            "util.frame",
            ("numpy32",),
            x=signal("chirp"),
            frame_length=8,
            hop_length=8,
            writeable=True,
            subok=True,
        )
    )
    for name, sizes in (("util.pad_center", (721, 800)), ("util.fix_length", (1, 720, 800, 719))):
        for size in sizes:
            found.append(case(name, data=signal("chirp"), size=size))
            found.append(case(name, data=signal("noise"), size=size, mode="edge"))
        found += [case(name, data=signal("stereo"), size=size, axis=0) for size in (3, 4)]
        found += [case(name, data=signal("stereo"), size=700, mode=mode) for mode in ("reflect", "constant")]
    for options in ({}, {"x_max": 20}, {"x_min": 2}, {"x_min": None, "x_max": 14}, {"pad": False}):
        found += [case("util.fix_frames", frames=INDEX, **options)]
        found += [case("util.fix_frames", NUMPY, frames=[5, 5, 1], **options)]
    for axes, ndim in ((-1, 3), ([-2], 2), (0, 4), ([0], 1), ([1], 3)):
        found.append(case("util.expand_to", x=signal("short"), axes=axes, ndim=ndim))
    found += [
        case("util.expand_to", x=signal("stereo"), axes=axes, ndim=4) for axes in ([0, 1], [-3, -1], [1, 3])
    ]
    bounds = [0, 4, 9, 15, 21]
    for how in (None, MEDIAN, MEAN):
        found += [
            case("util.sync", data=ROWS, idx=bounds, aggregate=how),
            case("util.sync", data=ROWS, idx=bounds, aggregate=how, pad=False),
        ]
        found.append(case("util.sync", data=ROWS, idx=[slice(0, 3), slice(2, 20, 2)], aggregate=how, axis=0))
        found.append(case("util.sync", data=signal("surround"), idx=[10, 100], aggregate=how))
    for options in ({}, {"idx_min": 2}, {"idx_max": 20}, {"step": 2}, {"pad": False}):
        found.append(_slices(INDEX, **options))
        found.append(_slices([1, 8, 4], **options))
    for value in (3, 3.7, -2.5, np.float32(1.5)):
        found += [
            case("util.valid_int", NUMPY, x=value),
            case("util.valid_int", NUMPY, x=value, cast=Function("ceil", np.ceil)),
        ]
    found += [case("util.is_positive_int", NUMPY, x=x) for x in (3, 0, -1, 2.0, None, "3", True, np.int16(4))]
    return found


def _slices(idx: Any, **options: Any) -> Case:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        found = ns.librosa.util.index_to_slice(**options)
        return np.array([[s.start, s.stop, s.step or 0] for s in found])

    return Case("librosa.util.index_to_slice", "librosa", call, None, {"idx": idx} | options, kinds=NUMPY)


def _values() -> list[Case]:
    found = []
    x: Any
    for norm in (None, 0, 0.5, 1, 2, 3.5, np.inf, -np.inf):
        for x in (ROWS, SIGNED):
            found.append(case("util.normalize", S=x, norm=norm))
            found.append(case("util.normalize", S=x, norm=norm, axis=-1, fill=False, threshold=0.25))
        if norm != 0:
            found.append(case("util.normalize", S=ROWS, norm=norm, axis=1, fill=True, threshold=0.25))
    found += [case("util.normalize", S=x, axis=axis) for x in (ROWS, COMPLEX) for axis in (0, None)]
    found += [case("util.normalize", NUMPY, S=INTEGERS, norm=norm) for norm in (1, np.inf)]
    for p in (0.5, 1, 2, 4.0, np.inf):
        found.append(case("util.softmask", X=ROWS, X_ref=OTHER, power=p))
        found.append(case("util.softmask", X=ROWS, X_ref=ROWS, power=p, split_zeros=True))
    for x in (ROWS, COMPLEX, INTEGERS, signal("chirp"), signal("integer"), 3, 2.5, 1j):
        found.append(case("util.tiny", NUMPY, x=x))
        if x is not INTEGERS:
            found.append(
                case("util.abs2", NUMPY, x=x) if not isinstance(x, Recipe) else case("util.abs2", x=x)
            )
    found += [case("util.abs2", x=x, dtype=FLOAT) for x in (ROWS, COMPLEX)]
    for x in (signal("chirp"), signal("noise"), signal("surround"), signal("dc"), 0.5, 3):
        kinds = NUMPY if not isinstance(x, Recipe) else ("numpy32", "numpy64", "torch32", "torch64", "mlx")
        found.append(case("util.phasor", kinds, angles=x))
        found.append(case("util.phasor", kinds, angles=x, mag=2.0 if not isinstance(x, Recipe) else x))
    names = ("float32", "float64", "int16", "complex64", "complex128", "float16", "bool", "int64")
    for name in names:
        found += [_dtype("dtype_r2c", name), _dtype("dtype_c2r", name)]
    found += [
        _dtype("dtype_r2c", "int8", default="complex128"),
        _dtype("dtype_c2r", "int8", default="float64"),
    ]
    for name in ("chirp", "noise", "click", "silence", "dc", "music", "stereo", "batch", "surround"):
        found.append(case("util.valid_audio", ("numpy32", "numpy64"), y=signal(name)))
    return found


def _dtype(name: str, d: str, **options: Any) -> Case:
    def call(ns: Any, x: Any, **options: Any) -> Any:
        return np.zeros(1, getattr(ns.librosa.util, name)(**options))

    return Case(f"librosa.util.{name}", "librosa", call, None, {"d": d} | options, kinds=NUMPY)


def _peaks() -> list[Case]:
    found = []
    for name in ("localmax", "localmin"):
        for x in (ROWS, OTHER, SIGNED, signal("stereo")):
            found += [case(f"util.{name}", x=x), case(f"util.{name}", x=x, axis=-1)]
        found.append(case(f"util.{name}", x=array("plateaus", [1.0, 2.0, 2.0, 1.0, 0.0, 0.0, 3.0])))
    for changed in (
        {},
        {"wait": 0},
        {"wait": 30},
        {"delta": 0.0},
        {"delta": 0.5},
        {"pre_max": 0, "post_max": 1},
        {"pre_max": 2.4, "post_avg": 3.2},
        {"pre_avg": 500, "post_avg": 500},
    ):
        found.append(case("util.peak_pick", x=ENVELOPE, **PEAKS | changed))
        found.append(case("util.peak_pick", x=ENVELOPES, **PEAKS | changed, sparse=False))
    found.append(case("util.peak_pick", x=ROWS, **PEAKS, sparse=False, axis=0))
    found.append(case("util.peak_pick", x=signal("dc"), **PEAKS | {"delta": 0.0}))
    found.append(case("util.peak_pick", x=signal("silence"), **PEAKS))
    return found


def _bad() -> list[Case]:
    found = [bad("util.peak_pick", x=ENVELOPE, **PEAKS | {key: -1}) for key in PEAKS]
    found += [
        bad("util.valid_audio", y=y)
        for y in (
            signal("nan"),
            signal("infinite"),
            signal("integer"),
            signal("complex"),
            signal("scalar"),
            [0.5],
            None,
        )
    ]
    return [
        *found,
        bad("util.peak_pick", x=ENVELOPES, **PEAKS),
        bad("util.frame", x=signal("short"), frame_length=71, hop_length=1),
        bad("util.frame", x=signal("short"), frame_length=7, hop_length=0),
        bad("util.frame", x=signal("short"), frame_length=7, hop_length=-3),
        bad("util.pad_center", data=signal("short"), size=10),
        bad("util.expand_to", x=signal("stereo"), axes=[0], ndim=3),
        bad("util.expand_to", x=signal("stereo"), axes=[0, 1], ndim=1),
        bad("util.fix_frames", frames=[1, -2]),
        bad("util.sync", data=ROWS, idx=[0.5, 2.5]),
        bad("util.sync", data=ROWS, idx=[slice(0, 1), 4]),
        bad("util.valid_int", x=3, cast=7),
        bad("util.normalize", S=signal("nan")),
        bad("util.normalize", S=ROWS, norm=-1),
        bad("util.normalize", S=ROWS, norm="inf"),
        bad("util.normalize", S=ROWS, norm=0, fill=True),
        bad("util.normalize", S=ROWS, fill=3),
        bad("util.normalize", S=ROWS, threshold=0),
        bad("util.softmask", X=ROWS, X_ref=signal("short")),
        bad("util.softmask", X=SIGNED, X_ref=SIGNED),
        bad("util.softmask", X=ROWS, X_ref=OTHER, power=0),
    ]


def cases() -> list[Case]:
    """Return the cases of librosa.util."""
    return _frames() + _values() + _peaks() + _bad()
