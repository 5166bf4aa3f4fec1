"""`torchaudio.compliance.kaldi`: `fbank`, `mfcc`, `spectrogram` and `get_mel_banks`.

Without dither, which is the default, the numbers are the reference's; dither draws as compat/torch/_random.py
says.
"""

from __future__ import annotations

import math
from types import ModuleType

from ....spectrograms import kaldi as front_end
from ....typing import Array
from ... import fallback as _fallback
from ...registry import mirrors
from ...torch._windows import default_dtype
from ..functional._arrays import table
from ._frames import banks_of, checked_banks, framed

__all__ = ["fbank", "get_mel_banks", "mfcc", "spectrogram"]


@mirrors("torchaudio.compliance.kaldi.spectrogram", tier=1)
def spectrogram(
    waveform: Array,
    blackman_coeff: float = 0.42,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    min_duration: float = 0.0,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    window_type: str = "povey",
) -> Array:
    """Logarithms of the power spectra of Kaldi's frames: mirrors the torchaudio function.

    Parameters
    ----------
    waveform : real array [C, T]
    channel : int
        Which one; -1 is the first.
    blackman_coeff, window_type
        Window: "povey", "hanning", "hamming", "blackman" or "rectangular".
    dither : float
        Standard deviation of noise that is added.
    energy_floor : float
        Least energy of a frame, which stands in bin 0.
    frame_length, frame_shift : float
        Milliseconds.
    min_duration : float
        Seconds; for shorter audio an empty array is returned.
    preemphasis_coefficient, raw_energy, remove_dc_offset, snip_edges
        See `spectro.spectrograms.kaldi.Conditioning`.
    round_to_power_of_two : bool
        Of the FFT's length.
    sample_frequency : float
        Hz.
    subtract_mean : bool
        Take away the mean over the frames.

    Returns
    -------
    array [N, F]

    Raises
    ------
    AssertionError
        For sizes that do not go together.
    Exception
        For an unknown window.
    """
    given = framed(
        waveform,
        blackman_coeff,
        channel,
        dither,
        energy_floor,
        frame_length,
        frame_shift,
        min_duration,
        preemphasis_coefficient,
        raw_energy,
        remove_dc_offset,
        round_to_power_of_two,
        sample_frequency,
        snip_edges,
        window_type,
    )
    if given.plan is None:
        return given.empty(default_dtype(given.kind))

    def features(xp: ModuleType, frames: Array, energy: Array) -> Array:
        power = front_end.log_power(xp, frames)
        return xp.concatenate([energy[:, None], power[:, 1:]], axis=1)

    return given.features(features, subtract_mean)


@mirrors("torchaudio.compliance.kaldi.fbank", tier=1)
def fbank(
    waveform: Array,
    blackman_coeff: float = 0.42,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    high_freq: float = 0.0,
    htk_compat: bool = False,
    low_freq: float = 20.0,
    min_duration: float = 0.0,
    num_mel_bins: int = 23,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    use_energy: bool = False,
    use_log_fbank: bool = True,
    use_power: bool = True,
    vtln_high: float = -500.0,
    vtln_low: float = 100.0,
    vtln_warp: float = 1.0,
    window_type: str = "povey",
) -> Array:
    """Logarithms of mel bands of Kaldi's frames: mirrors `torchaudio.compliance.kaldi.fbank`.

    Parameters
    ----------
    waveform, blackman_coeff, channel, dither, energy_floor, frame_length, frame_shift, min_duration, \
    preemphasis_coefficient, raw_energy, remove_dc_offset, round_to_power_of_two, sample_frequency, \
    snip_edges, subtract_mean, window_type
        As for `spectrogram`.
    low_freq, high_freq, num_mel_bins, vtln_low, vtln_high, vtln_warp
        As for `get_mel_banks`.
    use_energy, htk_compat : bool
        Whether the frame's energy is a column too, and if that is the last rather than the first.
    use_log_fbank, use_power : bool
        Whether the logarithm is taken, and of power rather than magnitude.

    Returns
    -------
    array [N, num_mel_bins], or one column more with `use_energy`

    Raises
    ------
    AssertionError, Exception
        As `spectrogram` and `get_mel_banks`.
    """
    given = framed(
        waveform,
        blackman_coeff,
        channel,
        dither,
        energy_floor,
        frame_length,
        frame_shift,
        min_duration,
        preemphasis_coefficient,
        raw_energy,
        remove_dc_offset,
        round_to_power_of_two,
        sample_frequency,
        snip_edges,
        window_type,
    )
    if given.plan is None:
        return given.empty()
    banks = banks_of(
        num_mel_bins, given.n_fft, sample_frequency, low_freq, high_freq, vtln_low, vtln_high, vtln_warp
    )

    def features(xp: ModuleType, frames: Array, energy: Array) -> Array:
        y = front_end.log_mel(frames, banks, use_power, use_log_fbank).T
        if not use_energy:
            return y
        return xp.concatenate([y, energy[:, None]] if htk_compat else [energy[:, None], y], axis=1)

    return given.features(features, subtract_mean)


@mirrors("torchaudio.compliance.kaldi.mfcc", tier=1)
def mfcc(
    waveform: Array,
    blackman_coeff: float = 0.42,
    cepstral_lifter: float = 22.0,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    high_freq: float = 0.0,
    htk_compat: bool = False,
    low_freq: float = 20.0,
    num_ceps: int = 13,
    min_duration: float = 0.0,
    num_mel_bins: int = 23,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    use_energy: bool = False,
    vtln_high: float = -500.0,
    vtln_low: float = 100.0,
    vtln_warp: float = 1.0,
    window_type: str = "povey",
) -> Array:
    """Cepstral coefficients of Kaldi's frames: mirrors `torchaudio.compliance.kaldi.mfcc`.

    Parameters
    ----------
    waveform, blackman_coeff, channel, dither, energy_floor, frame_length, frame_shift, min_duration, \
    preemphasis_coefficient, raw_energy, remove_dc_offset, round_to_power_of_two, sample_frequency, \
    snip_edges, subtract_mean, window_type
        As for `spectrogram`.
    low_freq, high_freq, num_mel_bins, vtln_low, vtln_high, vtln_warp
        As for `get_mel_banks`.
    num_ceps : int
        Coefficients.
    cepstral_lifter : float
        Length of the lifter; 0 for none.
    use_energy, htk_compat : bool
        Whether the frame's energy stands for coefficient 0, and if that comes last.

    Returns
    -------
    array [N, num_ceps]

    Raises
    ------
    AssertionError, Exception
        As `fbank`, and for more coefficients than bands.
    """
    assert num_ceps <= num_mel_bins, f"num_ceps={num_ceps} must not be above num_mel_bins={num_mel_bins}"
    given = framed(
        waveform,
        blackman_coeff,
        channel,
        dither,
        energy_floor,
        frame_length,
        frame_shift,
        min_duration,
        preemphasis_coefficient,
        raw_energy,
        remove_dc_offset,
        round_to_power_of_two,
        sample_frequency,
        snip_edges,
        window_type,
    )
    if given.plan is None:
        raise IndexError(f"the audio is shorter than min_duration={min_duration} seconds: it has no features")
    banks = banks_of(
        num_mel_bins, given.n_fft, sample_frequency, low_freq, high_freq, vtln_low, vtln_high, vtln_warp
    )

    def features(xp: ModuleType, frames: Array, energy: Array) -> Array:
        y = front_end.cepstra(front_end.log_mel(frames, banks, True, True), num_ceps, cepstral_lifter).T
        first, rest = y[:, :1], y[:, 1:]
        if use_energy:
            first = energy[:, None]
        elif htk_compat:
            first = first * math.sqrt(2.0)
        return xp.concatenate([rest, first] if htk_compat else [first, rest], axis=1)

    return given.features(features, subtract_mean)


@mirrors("torchaudio.compliance.kaldi.get_mel_banks", tier=1)
def get_mel_banks(
    num_bins: int,
    window_length_padded: int,
    sample_freq: float,
    low_freq: float,
    high_freq: float,
    vtln_low: float,
    vtln_high: float,
    vtln_warp_factor: float,
) -> tuple[Array, Array]:
    """Kaldi's mel filters: mirrors `torchaudio.compliance.kaldi.get_mel_banks`.

    Parameters
    ----------
    num_bins, window_length_padded : int
        Filters, and samples of the FFT.
    sample_freq : float
    low_freq, high_freq : float
        Range of the filters, Hz; high_freq <= 0 counts from the Nyquist frequency.
    vtln_low, vtln_high, vtln_warp_factor : float
        Cutoffs and factor of a warp of frequencies; vtln_high < 0 counts from the Nyquist frequency.

    Returns
    -------
    filters : array [num_bins, window_length_padded / 2]
    centres : array [num_bins, 1]
        Hz.

    Raises
    ------
    AssertionError
        For a range that is none, fewer than four filters.
    """
    banks, centers = checked_banks(
        num_bins,
        window_length_padded,
        sample_freq,
        low_freq,
        high_freq,
        vtln_low,
        vtln_high,
        vtln_warp_factor,
    )
    return table(banks), table(centers[:, None])


__getattr__ = _fallback.fall_through(__name__, "torchaudio.compliance.kaldi")
