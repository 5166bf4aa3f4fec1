"""Bad input to the native API: a SpectroError that names the argument and the value."""

from __future__ import annotations

from collections.abc import Callable

import mlx.core as mx
import numpy as np
import pytest

import spectro

GOOD = np.ones(1000, np.float32)


def transform(**options: object) -> spectro.SpectralTransform:
    return spectro.SpectralTransform(**{"n_fft": 256, "hop_length": 64, **options})


CASES: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "hop of zero": (lambda: transform(hop_length=0), ValueError, "hop_length.*0"),
    "negative hop": (lambda: transform(hop_length=-1), ValueError, "hop_length.*-1"),
    "fractional hop": (lambda: transform(hop_length=64.5), TypeError, "hop_length.*64.5"),
    "n_fft of zero": (lambda: transform(n_fft=0), ValueError, "n_fft.*0"),
    "boolean n_fft": (lambda: transform(n_fft=True), TypeError, "n_fft.*True"),
    "window over n_fft": (lambda: transform(win_length=257), ValueError, "win_length.*257"),
    "window of no samples": (lambda: transform(win_length=0), ValueError, "win_length.*0"),
    "wrong window length": (lambda: transform(window=np.ones(200)), ValueError, "window.*200"),
    "window of rank 2": (lambda: transform(window=np.ones((2, 256))), ValueError, r"window.*\(2, 256\)"),
    "window with NaN": (lambda: transform(window=np.full(256, np.nan)), ValueError, "window.*NaN"),
    "window as a list": (lambda: transform(window=[1.0] * 256), TypeError, "window.*list"),
    "unknown window": (lambda: transform(window_fn="hat"), ValueError, "window_fn.*hat"),
    "unknown pad mode": (lambda: transform(center_pad_mode="mirror"), ValueError, "center_pad_mode.*mirror"),
    "unknown tail": (lambda: transform(center_tail_pad="none"), ValueError, "center_tail_pad.*none"),
    "minimal tail reflected": (lambda: transform(center_tail_pad="minimal"), ValueError, "center_tail_pad"),
    "unknown policy": (
        lambda: transform(istft_backend_policy="gpu"),
        ValueError,
        "istft_backend_policy.*gpu",
    ),
    "empty audio": (lambda: transform().stft(GOOD[:0]), ValueError, r"x is empty.*\(0,\)"),
    "empty batch": (lambda: transform().stft(np.ones((0, 1000))), ValueError, "x is empty"),
    "too short to reflect": (lambda: transform().stft(GOOD[:128]), ValueError, "x has 128 samples"),
    "shorter than a frame": (lambda: transform(center=False).stft(GOOD[:255]), ValueError, "x has 255"),
    "audio of rank 3": (lambda: transform().stft(np.ones((1, 2, 500))), ValueError, r"x.*\(1, 2, 500\)"),
    "audio of rank 0": (lambda: transform().stft(np.array(1.0)), ValueError, r"x.*\(\)"),
    "NaN in audio": (lambda: transform().stft(GOOD * np.nan), ValueError, "x holds NaN"),
    "infinity in audio": (lambda: transform().stft(np.r_[GOOD, np.inf]), ValueError, "x holds NaN or inf"),
    "integer audio": (lambda: transform().stft(np.ones(1000, np.int16)), TypeError, "x.*int16"),
    "integer mlx audio": (lambda: transform().stft(mx.ones(1000, dtype=mx.int32)), TypeError, "x.*int32"),
    "complex audio": (lambda: transform().stft(GOOD * 1j), TypeError, "x.*complex"),
    "audio as a list": (lambda: transform().stft([1.0] * 1000), TypeError, "x.*list"),
    "unknown layout": (lambda: transform().stft(GOOD, "nbf"), ValueError, "output_layout.*nbf"),
    "real spectrum": (lambda: transform().istft(np.ones((1, 129, 5))), TypeError, "z must be complex"),
    "wrong bins": (
        lambda: transform().istft(np.ones((1, 100, 5)) * 1j),
        ValueError,
        r"z.*129.*\(1, 100, 5\)",
    ),
    "no frames": (lambda: transform().istft(np.ones((1, 129, 0)) * 1j), ValueError, "z has no frames"),
    "negative length": (lambda: transform().istft(np.ones((1, 129, 5)) * 1j, -3), ValueError, "length.*-3"),
    "no mel bands": (lambda: spectro.MelSpectrogramTransform(n_mels=0), ValueError, "n_mels.*0"),
    "NaN frequency": (lambda: spectro.MelSpectrogramTransform(f_min=float("nan")), ValueError, "f_min.*nan"),
    "crossed range": (lambda: spectro.MelSpectrogramTransform(f_min=900.0, f_max=800.0), ValueError, "f_min"),
    "power of zero": (lambda: spectro.MelSpectrogramTransform(power=0), ValueError, "power.*0"),
    "infinite top_db": (lambda: spectro.MelSpectrogramTransform(top_db=np.inf), ValueError, "top_db.*inf"),
    "unknown mel scale": (
        lambda: spectro.MelSpectrogramTransform(mel_scale="bark"),
        ValueError,
        "mel_scale.*bark",
    ),
    "unknown mel norm": (lambda: spectro.MelSpectrogramTransform(norm="area"), ValueError, "norm.*area"),
    "unknown log mode": (
        lambda: spectro.MelSpectrogramTransform(log_mode="log2"),
        ValueError,
        "log_mode.*log2",
    ),
    "unknown mode": (lambda: spectro.MelSpectrogramTransform(mode="librosa"), ValueError, "mode.*librosa"),
    "log of zero": (lambda: spectro.MelSpectrogramTransform(log_amin=0.0), ValueError, "log_amin.*0"),
    "too many coefficients": (lambda: spectro.MFCCTransform(n_mfcc=129), ValueError, "n_mfcc.*129"),
    "negative lifter": (lambda: spectro.MFCCTransform(lifter=-1), ValueError, "lifter.*-1"),
    "unknown DCT norm": (lambda: spectro.dct_matrix(5, 10, norm="unit"), ValueError, "norm.*unit"),
}


@pytest.mark.parametrize("name", CASES)
def test_refused_with_argument_and_value(name: str) -> None:
    call, builtin, message = CASES[name]
    with pytest.raises(spectro.SpectroError, match=message) as caught:
        call()
    assert isinstance(caught.value, builtin)


def test_finite_check_can_be_switched_off() -> None:
    with spectro.config(check_finite=False):
        z = transform().stft(GOOD * np.nan)
    assert np.isnan(z).all()
