"""What the cases and the goldens must cover."""

import inspect
from collections import Counter

import pytest

import spectro
from spectro.compat.registry import mirrored
from spectro.parity_tests import goldens
from spectro.parity_tests.cases import all_cases
from spectro.parity_tests.cases.native_stft import INVERSE_ONLY

CASES = all_cases()
MB = 1e6

# Options that say where a result lies, not what it is.
PLACEMENT = {"out", "layout", "device", "pin_memory", "requires_grad"}
# The input itself, and parameters that have another name in the cases.
INPUTS = {
    "self",
    "input",
    "x",
    "x_mu",
    "z",
    "waveform",
    "specgram",
    "specgrams",
    "spectrogram",
    "complex_specgrams",
    "args",
    "kwargs",
    "options",
    "window_length",
    "M",
    "length",
    "magnitude",
    "frames",
    "signal",
    "data",
    "stft",
    "phase",
    "activations",
    "histogram",
    "frequencies",
    "bins",
    "bin_frequencies",
    "f",
    "m",
    "e",
    "spec",
    "events",
    "notes",
    "processors",
    "in_processor",
    "out_processor",
}

NATIVE = {
    "spectro.SpectralTransform.stft": (spectro.SpectralTransform, spectro.SpectralTransform.stft),
    "spectro.SpectralTransform.istft": (spectro.SpectralTransform.istft,),
    "spectro.MelSpectrogramTransform": (spectro.MelSpectrogramTransform,),
    "spectro.LogMelSpectrogramTransform": (spectro.LogMelSpectrogramTransform,),
    "spectro.mfcc": (spectro.mfcc,),
    "spectro.MFCCTransform": (spectro.MFCCTransform,),
    "spectro.melscale_fbanks": (spectro.melscale_fbanks,),
    "spectro.dct_matrix": (spectro.dct_matrix,),
    "spectro.amplitude_to_db": (spectro.amplitude_to_db,),
    "spectro.make_window": (spectro.make_window,),
    "spectro.get_transform_mlx": (spectro.get_transform_mlx,),
    "spectro.filtered_spectrogram": (spectro.filtered_spectrogram,),
    "spectro.FilteredSpectrogramTransform": (spectro.FilteredSpectrogramTransform,),
    "spectro.log_triangular_fbanks": (spectro.log_triangular_fbanks,),
    "spectro.mel_triangular_fbanks": (spectro.mel_triangular_fbanks,),
    "spectro.bark_rectangular_fbanks": (spectro.bark_rectangular_fbanks,),
    "spectro.rectangular_fbanks": (spectro.rectangular_fbanks,),
    "spectro.librosa_mel_fbanks": (spectro.librosa_mel_fbanks,),
    "spectro.high_frequency_content_odf": (spectro.high_frequency_content_odf,),
    "spectro.spectral_flux_odf": (spectro.spectral_flux_odf,),
    "spectro.spectral_diff_odf": (spectro.spectral_diff_odf,),
    "spectro.superflux_odf": (spectro.superflux_odf,),
    "spectro.modified_kullback_leibler_odf": (spectro.modified_kullback_leibler_odf,),
    "spectro.weighted_phase_deviation": (spectro.weighted_phase_deviation,),
    "spectro.normalized_weighted_phase_deviation": (spectro.normalized_weighted_phase_deviation,),
    "spectro.complex_domain_odf": (spectro.complex_domain_odf,),
    "spectro.rectified_complex_domain_odf": (spectro.rectified_complex_domain_odf,),
    "spectro.complex_flux_odf": (spectro.complex_flux_odf,),
    "spectro.positive_spectral_diff": (spectro.positive_spectral_diff,),
    "spectro.stft_at_fps": (spectro.stft_at_fps,),
    "spectro.onset_detection_function": (spectro.onset_detection_function,),
    "spectro.waveform_overlap_add": (spectro.waveform_overlap_add,),
}


def _options_of(*functions):
    """Return the options that some good case of a function sets."""
    used = set()
    for case in CASES:
        if case.function in functions and not case.bad:
            used |= set(case.options)
    return used


def _parameters(thing):
    return set(inspect.signature(thing).parameters) - INPUTS - PLACEMENT


@pytest.mark.parametrize("name", sorted(mirrored()))
def test_every_mirrored_name_has_goldens(name):
    good = [case for case in CASES if case.function == name and not case.bad]
    assert len(good) >= 8
    assert all(goldens.load(case) is not None for case in good)


@pytest.mark.parametrize("name", sorted(mirrored()))
def test_every_option_of_a_mirrored_name_is_set_by_some_case(name):
    assert _parameters(mirrored()[name].object) - _options_of(name) == set()


def test_every_option_of_the_native_api_is_set_by_some_case():
    mel_family = {name for name in NATIVE if "Mel" in name or "MFCC" in name or "mfcc" in name}
    for name, things in NATIVE.items():
        # The mel and cepstrum transforms share one implementation of the options they share.
        used = _options_of(*mel_family) if name in mel_family else _options_of(name)
        if name == "spectro.SpectralTransform.stft":
            used |= _options_of("spectro.SpectralTransform.istft")
        if name == "spectro.get_transform_mlx":
            used |= _options_of("spectro.SpectralTransform.stft", "spectro.SpectralTransform.istft")
        for thing in things:
            assert _parameters(thing) - used == set(), name
    assert set(INVERSE_ONLY) <= _options_of("spectro.SpectralTransform.istft")


@pytest.mark.parametrize("name", sorted(NATIVE))
def test_every_native_function_has_goldens(name):
    good = [case for case in CASES if case.function == name and not case.bad]
    assert good
    assert all(goldens.load(case) is not None for case in good)


def test_no_golden_is_without_a_case():
    for reference, release in {(case.reference, case.release) for case in CASES}:
        cases = [c for c in CASES if (c.reference, c.release) == (reference, release) and c.needs_golden]
        assert goldens.recorded_keys(reference, release) == {(c.function, c.key) for c in cases}


def test_no_case_is_its_own_oracle():
    # Without an oracle a native function would have to be called on the reference, which has none such.
    assert [case.id for case in CASES if case.native and case.oracle is None and not case.bad] == []
    assert [case.id for case in CASES if case.native and case.oracle is case.call] == []


def test_bad_input_is_covered():
    counts = Counter(case.function.split(".")[0] for case in CASES if case.bad)
    assert counts["spectro"] >= 25
    assert counts["torch"] >= 25
    assert counts["torchaudio"] >= 20
    assert all(case.names for case in CASES if case.bad and case.native)


def test_the_signals_cover_every_function_that_takes_audio():
    names = {"chirp", "noise", "click", "silence", "dc", "music", "short", "stereo", "batch"}
    for function in (
        "torch.stft",
        "torchaudio.transforms.Spectrogram",
        "torchaudio.transforms.MelSpectrogram",
        "torchaudio.transforms.MFCC",
        "spectro.SpectralTransform.stft",
        "spectro.MelSpectrogramTransform",
        "spectro.LogMelSpectrogramTransform",
        "spectro.MFCCTransform",
        "spectro.mfcc",
    ):
        assert names <= {str(case.x) for case in CASES if case.function == function and not case.bad}
    for function in ("torch.istft", "spectro.SpectralTransform.istft"):
        inputs = {str(case.x).split("-")[0] for case in CASES if case.function == function}
        assert names <= inputs


def test_the_goldens_are_small():
    size = sum(path.stat().st_size for path in goldens.FOLDER.rglob("*") if path.is_file())
    assert size < 24 * MB  # they ship in the wheel
