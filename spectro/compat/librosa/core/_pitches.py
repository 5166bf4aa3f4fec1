"""`librosa.core.convert`: Hz, mel, MIDI numbers, notes and octaves.

MIDI number m is 440 * 2^((m - 69) / 12) Hz; octaves are counted from A0 = 440 / 16 Hz.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from ....config import settings
from ....errors import ParameterError
from ....filterbanks import mel as filterbanks
from ....typing import Array
from ... import fallback
from ...registry import mirrors

__all__ = [
    "A4_to_tuning",
    "hz_to_mel",
    "hz_to_midi",
    "hz_to_note",
    "hz_to_octs",
    "mel_to_hz",
    "midi_to_hz",
    "midi_to_note",
    "note_to_hz",
    "note_to_midi",
    "octs_to_hz",
    "tuning_to_A4",
]

_NOTE = re.compile(
    "^(?P<letter>[A-G])(?P<accidentals>[#♯𝄪b!♭𝄫♮n]*)(?P<octave>[+-]?[0-9]+)?(?P<cents>[+-][0-9]+)?$",
    re.IGNORECASE,
)
_SEMITONE = dict(zip("CDEFGAB", (0, 2, 4, 5, 7, 9, 11), strict=True))
_ACCIDENTAL = {"#": 1, "♯": 1, "𝄪": 2, "b": -1, "!": -1, "♭": -1, "𝄫": -2, "♮": 0}
_SHARPS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")


def _in_float(x: Array) -> tuple[np.ndarray, Any]:
    """Return `x` in float64, and the dtype of what is made of it: its own if that is floating."""
    values = np.asanyarray(x)
    return values.astype(np.float64), values.dtype if values.dtype.kind == "f" else np.dtype(np.float64)


@mirrors("librosa.hz_to_mel", tier=1, numpy=True)
def hz_to_mel(frequencies: Array, *, htk: bool = False) -> Any:
    """Return mel on Slaney's scale or HTK's: mirrors `librosa.hz_to_mel`."""
    hz, dtype = _in_float(frequencies)
    return filterbanks.hz_to_mel(hz, "htk" if htk else "slaney").astype(dtype)[()]


@mirrors("librosa.mel_to_hz", tier=1, numpy=True)
def mel_to_hz(mels: Array, *, htk: bool = False) -> Any:
    """Return Hz of mel: mirrors `librosa.mel_to_hz`."""
    mel, dtype = _in_float(mels)
    return filterbanks.mel_to_hz(mel, "htk" if htk else "slaney").astype(dtype)[()]


@mirrors("librosa.hz_to_midi", tier=1, numpy=True)
def hz_to_midi(frequencies: Array) -> Any:
    """Return MIDI numbers with fractions, float64: mirrors `librosa.hz_to_midi`."""
    return 12 * (np.log2(_in_float(frequencies)[0]) - np.log2(440.0)) + 69


@mirrors("librosa.midi_to_hz", tier=1, numpy=True)
def midi_to_hz(notes: Array) -> Any:
    """Return Hz of MIDI numbers: mirrors `librosa.midi_to_hz`."""
    midi, dtype = _in_float(notes)
    return np.asarray(440.0 * 2.0 ** ((midi - 69.0) / 12.0)).astype(dtype)[()]


@mirrors("librosa.hz_to_octs", tier=1, numpy=True)
def hz_to_octs(frequencies: Array, *, tuning: float = 0.0, bins_per_octave: int = 12) -> Any:
    """Return octaves above A0, which lies `tuning` bins off 27.5 Hz: mirrors `librosa.hz_to_octs`."""
    hz, dtype = _in_float(frequencies)
    return np.asarray(np.log2(hz / _lowest_a(tuning, bins_per_octave))).astype(dtype)[()]


@mirrors("librosa.octs_to_hz", tier=1, numpy=True)
def octs_to_hz(octs: Array, *, tuning: float = 0.0, bins_per_octave: int = 12) -> Any:
    """Return Hz of octaves above A0: mirrors `librosa.octs_to_hz`."""
    octaves, dtype = _in_float(octs)
    return np.asarray(_lowest_a(tuning, bins_per_octave) * 2.0**octaves).astype(dtype)[()]


def _lowest_a(tuning: float, bins_per_octave: int) -> float:
    return 440.0 * 2.0 ** (tuning / bins_per_octave) / 16


@mirrors("librosa.A4_to_tuning", tier=1, numpy=True)
def A4_to_tuning(A4: Array, *, bins_per_octave: int = 12) -> Any:
    """Return how many bins A4 in Hz lies off 440, float64: mirrors `librosa.A4_to_tuning`."""
    return bins_per_octave * (np.log2(_in_float(A4)[0]) - np.log2(440.0))


@mirrors("librosa.tuning_to_A4", tier=1, numpy=True)
def tuning_to_A4(tuning: Array, *, bins_per_octave: int = 12) -> Any:
    """Return A4 in Hz, `tuning` bins off 440: mirrors `librosa.tuning_to_A4`."""
    bins, dtype = _in_float(tuning)
    return np.asarray(440.0 * 2.0 ** (bins / bins_per_octave)).astype(dtype)[()]


@mirrors("librosa.note_to_midi", tier=1)
def note_to_midi(note: str | Iterable[str], *, round_midi: bool = True) -> Any:
    """Return the MIDI numbers of notes such as "C4", "Bb3" or "A4+25": mirrors `librosa.note_to_midi`.

    Parameters
    ----------
    note : str or iterable of str
        A letter, sharps and flats, the octave (0 if none) and cents.
    round_midi : bool
        Whether to drop the cents.

    Raises
    ------
    ParameterError
        For what is not a note.
    """
    if not isinstance(note, str):
        return np.array([note_to_midi(item, round_midi=round_midi) for item in note])
    if not note and settings().librosa != "0.11":
        return np.nan
    found = _NOTE.match(note)
    if found is None:
        raise ParameterError(f"note must be a letter with accidentals, octave and cents, got {note!r}")
    octave, cents = int(found["octave"] or 0), int(found["cents"] or 0) * 1e-2
    accidentals = sum(_ACCIDENTAL[sign] for sign in found["accidentals"])
    midi = 12 * (octave + 1) + _SEMITONE[found["letter"].upper()] + accidentals + cents
    return int(np.round(midi)) if round_midi else midi


@mirrors("librosa.note_to_hz", tier=1)
def note_to_hz(note: str | Iterable[str], **kwargs: Any) -> Any:
    """Return Hz of notes, options as for `note_to_midi`: mirrors `librosa.note_to_hz`."""
    return midi_to_hz(note_to_midi(note, **kwargs))


@mirrors("librosa.note_to_hz", release="1.0")
def _note_to_hz_1(note: str | Iterable[str], *, round_midi: bool = False) -> Any:
    """Mirror `note_to_hz` of librosa 1.0, which keeps cents."""
    return midi_to_hz(note_to_midi(note, round_midi=round_midi))


@mirrors("librosa.midi_to_note", tier=1, numpy=True)
def midi_to_note(
    midi: Array, *, octave: bool = True, cents: bool = False, key: str = "C:maj", unicode: bool = True
) -> Any:
    """Return the names of MIDI numbers: mirrors `librosa.midi_to_note`.

    Parameters
    ----------
    midi : float or array
    octave, cents : bool
        Whether to name the octave, and the deviation from the note.
    key : str
        Decides between sharps and flats. For others than "C:maj" librosa is asked, which must be installed.
    unicode : bool
        Whether to write "♯", or "#".

    Returns
    -------
    str or array of str

    Raises
    ------
    ParameterError
        For cents without the octave.
    """
    if cents and not octave:
        raise ParameterError("cents=True needs octave=True")
    names = _names_in(key, unicode)

    def name(number: float) -> str:
        if not np.isfinite(number) and settings().librosa != "0.11":
            return ""
        nearest = int(np.round(number))
        text = names[nearest % 12]
        if octave:
            text += str(int(nearest / 12) - 1)
        return f"{text}{int(100 * np.around(number - nearest, 2)):+02d}" if cents else text

    if np.isscalar(midi):
        return name(midi)  # type: ignore[arg-type]
    numbers = np.asarray(midi)
    return np.array([name(number) for number in numbers.ravel()]).reshape(numbers.shape)


def _names_in(key: str, unicode: bool) -> list[str]:
    if key != "C:maj":
        return list(fallback.load("librosa").key_to_notes(key, unicode=unicode))
    return [name if unicode else name.replace("♯", "#") for name in _SHARPS]


@mirrors("librosa.hz_to_note", tier=1, numpy=True)
def hz_to_note(frequencies: Array, **kwargs: Any) -> Any:
    """Return the names of the nearest notes, options as for `midi_to_note`: mirrors `librosa.hz_to_note`."""
    return midi_to_note(hz_to_midi(frequencies), **kwargs)
