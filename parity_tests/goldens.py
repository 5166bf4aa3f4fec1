"""The references' answers on disk: what proves parity where no reference is installed.

    goldens/torch-2.13.0/index.json           versions, input checksums, exception classes
    goldens/torch-2.13.0/torch.stft.npz       "<case>.64" and "<case>.32" for every case of a function

The float32 answer R is kept, without loss, as its distance from the float64 answer T: the number of
float32 steps from T rounded to R. That is 0 or a few units, which compress to a bit or two. Files are
written with fixed dates and in a fixed order, so the same answers make the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .case import RELEASES, Case
from .references import Answer
from .signals import Recipe

__all__ = ["FOLDER", "folder_of", "load", "recipes_of", "recorded_inputs", "recorded_keys", "save"]

FOLDER = Path(__file__).resolve().parent / "goldens"
_DATE = (1980, 1, 1, 0, 0, 0)


def _version_order(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.name.rpartition("-")[2].split(".") if part.isdigit())


@lru_cache
def folder_of(reference: str, release: str = "") -> Path:
    """Return the goldens of the newest version of a reference, or of the newest of one of its releases.

    Raises
    ------
    FileNotFoundError
    """
    release = release or RELEASES.get(reference, "")
    folders = sorted(FOLDER.glob(f"{reference}-{release}*"), key=_version_order)
    if not folders:
        raise FileNotFoundError(f"no goldens for {reference} {release} in {FOLDER}")
    return folders[-1]


@lru_cache(maxsize=8)
def _index(folder: Path) -> dict[str, Any]:
    index: dict[str, Any] = json.loads((folder / "index.json").read_text())
    return index


@lru_cache(maxsize=64)
def _arrays(path: Path) -> dict[str, np.ndarray]:
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def load(case: Case) -> Answer | None:
    """Return the golden answer to a case, or None if there is none."""
    folder = folder_of(case.reference, case.release)
    raised = _index(folder)["errors"].get(case.function, {}).get(case.key)
    if raised is not None:
        return Answer(error=raised[0] if raised else "", bases=tuple(raised[1:]))
    arrays = _arrays(folder / f"{case.function}.npz")
    if f"{case.key}.64" not in arrays:
        return None
    truth = arrays[f"{case.key}.64"]
    return Answer(_from_steps(arrays[f"{case.key}.32"], truth), truth)


def recorded_inputs() -> dict[str, str]:
    """Return the checksums of the inputs that the goldens were made with."""
    return {
        name: checksum
        for folder in sorted(FOLDER.iterdir())
        for name, checksum in _index(folder)["inputs"].items()
    }


def recorded_keys(reference: str, release: str = "") -> set[tuple[str, str]]:
    """Return (function, key) of every golden of a release of a reference."""
    folder = folder_of(reference, release)
    keys = {(f, key) for f, errors in _index(folder)["errors"].items() for key in errors}
    for path in folder.glob("*.npz"):
        keys |= {(path.name.removesuffix(".npz"), name[:-3]) for name in _arrays(path)}
    return keys


def save(folder: Path, answers: Iterable[tuple[Case, Answer]], versions: dict[str, str]) -> None:
    """Write the answers of one reference, replacing what is in `folder`."""
    arrays: dict[str, dict[str, np.ndarray]] = defaultdict(dict)
    errors: dict[str, dict[str, list[str]]] = defaultdict(dict)
    inputs: dict[str, str] = {}
    for case, answer in answers:
        inputs.update((recipe.name, recipe.checksum()) for recipe in recipes_of(case))
        if answer.float32 is None or answer.float64 is None:
            errors[case.function][case.key] = [answer.error, *answer.bases]
        elif case.native and case.bad:
            errors[case.function][case.key] = []  # the reference let it pass; that is all that is asked
        else:
            steps = _to_steps(answer.float32, answer.float64)
            arrays[case.function] |= {f"{case.key}.32": steps, f"{case.key}.64": answer.float64}
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for function, named in arrays.items():
        _write_npz(folder / f"{function}.npz", named)
    index = {"versions": versions, "inputs": inputs, "errors": errors}
    (folder / "index.json").write_text(json.dumps(index, indent=1, sort_keys=True) + "\n")


_NARROW = {np.dtype(np.float64): np.dtype(np.float32), np.dtype(np.complex128): np.dtype(np.complex64)}


def _rounded(truth: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", under="ignore"):
        return truth.astype(_NARROW[truth.dtype])


def _bits(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x).reshape(-1).view(np.int32).astype(np.int64)


def _to_steps(reference32: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return R as integer steps from T; R itself if it is not the float32 or complex64 that goes with T."""
    narrow = _NARROW.get(truth.dtype)
    if narrow != reference32.dtype or truth.size == 0:
        return reference32
    steps = _bits(reference32) - _bits(_rounded(truth))
    types = (np.int8, np.int16, np.int32, np.int64)
    return steps.astype(next(t for t in types if abs(steps).max() <= np.iinfo(t).max))


def _from_steps(steps: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return R from `_to_steps`."""
    if steps.dtype.kind != "i" or truth.dtype not in _NARROW:
        return steps
    bits = _bits(_rounded(truth)) + steps
    return bits.astype(np.int32).view(_NARROW[truth.dtype]).reshape(truth.shape)


def recipes_of(case: Case) -> list[Recipe]:
    """Return the recipes of a case: its input and those among its options."""
    found: list[Recipe] = []

    def look(value: Any) -> None:
        if isinstance(value, Recipe):
            found.append(value)
        elif isinstance(value, dict):
            for item in value.values():
                look(item)

    look(case.x)
    look(dict(case.options))
    return found


def _write_npz(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in sorted(arrays.items()):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asarray(array, order="C"), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue(), compresslevel=9)
