"""The error rule: how far from the truth a result may be. There is no other tolerance anywhere.

The truth T is the reference's own answer in float64. Let R be its answer in float32, e = max|R - T|
its error there, and P = max|T| the peak. With ulp32(P), the spacing of float32 numbers at P:

    float32   max|ours - T| <= max(2 e, 4 ulp32(P))

Twice the reference's error, since two correct algorithms of the same precision differ by about as
much as each of them errs; 4 ulp where the reference happens to be exact, as for an impulse.

In float64 T is itself rounded, by an error that nothing here can show. Rounding errors of one
algorithm scale with the precision, so they are about e 2^-29 there (float64 has 29 bits more), T's as
well as a correct implementation's; and each of them may be twice that by the rule above: the largest
error of a spectrum in dB, say, is that of one near-silent bin, a draw that differs from algorithm to
algorithm. (In 64-bit arithmetic extended to 80, torchaudio's own answer for such a bin was found
1.7 e 2^-29 from the truth.) So the two may be 4 e 2^-29 apart.
The lower limit stands for the same sum where e does not show the rounding of T, because the reference
computes inside in float64 whatever its input (librosa's filterbanks, say): a chain window, FFT of
2^m samples, filterbank and logarithm or DCT has some m + 20 roundings of half an ulp at most, so
(m <= 12) about 16 ulp for T and 16 for ours:

    float64   max|ours - T| <= max(4 e 2^-29, 32 ulp64(P))

NaN and infinities must stand where the reference of that precision has them, an infinity with its
sign. A complex number counts as a whole: which of its parts one NaN of the input reaches depends on
how an FFT is factored. Shape and dtype must be equal.

A reference that computes in float64 whatever its input (librosa, madmom) has an e that float32 arithmetic
cannot have where a logarithm or a phase shows values far below the peak. On the CPU ours computes so too;
MLX's GPUs have no float64. A result that a GPU computed for a plan that asks for float64 is held to the same
bar, and told apart where it is beyond it; it fails from a hundredth of the peak on (`excuse`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

__all__ = ["Verdict", "bar", "compare", "excuse", "reference_error"]

VISIBLE = 0.01  # of the peak


@dataclass(frozen=True)
class Verdict:
    """The outcome of one comparison.

    Attributes
    ----------
    error, reference_error, bar : float
        Ours, the reference's own in float32, and what ours may be at most.
    peak : float
        Largest magnitude of the truth.
    failure : str
        What is wrong; empty if nothing is.
    narrowed : bool
        The device has not the float64 that the reference computes in, and the error is beyond the bar for
        it: that is told, and fails only if the error could be seen, at a hundredth of the peak.
    """

    error: float = 0.0
    reference_error: float = 0.0
    bar: float = 0.0
    peak: float = 0.0
    failure: str = ""
    narrowed: bool = False

    @property
    def ratio(self) -> float:
        """The error as a fraction of the bar; infinite if something else than the error is wrong."""
        if self.failure and self.error <= self.bar:
            return np.inf
        return self.error / self.bar if self.bar else 0.0


def excuse(verdict: Verdict) -> Verdict:
    """Return the verdict on a result that was computed in fewer bits than its reference is."""
    beyond = verdict.bar < verdict.error < VISIBLE * verdict.peak
    return replace(verdict, failure="", narrowed=True) if beyond else verdict


def reference_error(reference32: np.ndarray, truth: np.ndarray) -> float:
    """Return max|R - T| over the elements that are finite in both."""
    return _max_error(reference32, truth, _finite(reference32) & _finite(truth))


def bar(reference32: np.ndarray, truth: np.ndarray, bits: int) -> float:
    """Return the largest error that a result of `bits` (32 or 64) may have."""
    own = reference_error(reference32, truth)
    peak = _peak(truth)
    if bits == 32:
        return max(2 * own, 4 * float(np.spacing(np.float32(peak))))
    return max(4 * own * 2.0**-29, 32 * float(np.spacing(peak)))


def compare(ours: np.ndarray, reference32: np.ndarray, truth: np.ndarray, bits: int) -> Verdict:
    """Compare a result of 32 or 64 bits with the reference's: shape, dtype, then values."""
    expected = truth if bits == 64 else reference32
    if ours.shape != expected.shape:
        return Verdict(failure=f"shape {ours.shape}, not {expected.shape}")
    if ours.dtype != expected.dtype:
        return Verdict(failure=f"dtype {ours.dtype}, not {expected.dtype}")
    if expected.dtype.kind not in "fc":
        equal = np.array_equal(ours, expected)
        return Verdict(failure="" if equal else "the values differ")
    allowed = bar(reference32, truth, bits)
    own, peak = reference_error(reference32, truth), _peak(truth)
    if not np.array_equal(_not_finite(ours), _not_finite(expected), equal_nan=True):
        return Verdict(0.0, own, allowed, peak, "NaN or infinity stand elsewhere")
    error = _max_error(ours, truth, _finite(ours) & _finite(truth))
    failure = "" if error <= allowed else f"error {error:.3g} above {allowed:.3g}"
    return Verdict(error, own, allowed, peak, failure)


def _finite(x: np.ndarray) -> np.ndarray:
    return np.isfinite(x)


def _not_finite(x: np.ndarray) -> np.ndarray:
    """Return `x` with 0 for everything finite; of complex numbers only whether they are."""
    return np.where(np.isfinite(x), 0, 1 if x.dtype.kind == "c" else x)


def _peak(truth: np.ndarray) -> float:
    finite = _finite(truth)
    return float(np.abs(truth[finite]).max(initial=0.0))


def _max_error(x: np.ndarray, truth: np.ndarray, where: np.ndarray) -> float:
    wide = np.complex128 if truth.dtype.kind == "c" else np.float64
    return float(np.abs(x[where].astype(wide) - truth[where].astype(wide)).max(initial=0.0))
