"""States of transforms: names and shapes as in torchaudio 2.11, loading, computing with what is loaded."""

import copy

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro.compat import torchaudio
from spectro.parity_tests import rule

MEL = {"n_fft": 64, "n_mels": 10}
AUDIO, POWER, BANDS, COMPLEX = "audio", "power", "bands", "complex"

# What is made, what it is applied to, and its state as torchaudio's own `state_dict` lists it.
STATES = {
    "Spectrogram": ({"n_fft": 64, "win_length": 48}, AUDIO, {"window": (48,)}),
    "InverseSpectrogram": ({"n_fft": 64}, COMPLEX, {"window": (64,)}),
    "MelScale": ({"n_mels": 10, "n_stft": 33}, POWER, {"fb": (33, 10)}),
    "InverseMelScale": ({"n_mels": 10, "n_stft": 33}, BANDS, {"fb": (33, 10)}),
    "MelSpectrogram": (MEL, AUDIO, {"spectrogram.window": (64,), "mel_scale.fb": (33, 10)}),
    "MFCC": (
        {"n_mfcc": 5, "melkwargs": MEL},
        AUDIO,
        {
            "dct_mat": (10, 5),
            "MelSpectrogram.spectrogram.window": (64,),
            "MelSpectrogram.mel_scale.fb": (33, 10),
        },
    ),
    "LFCC": (
        {"n_filter": 10, "n_lfcc": 5, "speckwargs": {"n_fft": 64}},
        AUDIO,
        {"filter_mat": (33, 10), "dct_mat": (10, 5), "Spectrogram.window": (64,)},
    ),
    "GriffinLim": ({"n_fft": 64, "n_iter": 2, "rand_init": False}, POWER, {"window": (64,)}),
    "SpectralCentroid": ({"sample_rate": 16000, "n_fft": 64}, AUDIO, {"window": (64,)}),
    "TimeStretch": ({"n_freq": 33, "fixed_rate": 1.2}, COMPLEX, {"phase_advance": (33, 1)}),
    "Resample": ({"orig_freq": 4, "new_freq": 3}, AUDIO, {"kernel": (3, 1, 22)}),
    "PitchShift": (
        {"sample_rate": 4000, "n_steps": 3, "n_fft": 64},
        AUDIO,
        {"kernel": (1000, 1, 1205), "window": (64,)},
    ),
    "AmplitudeToDB": ({}, POWER, {}),
    "ComputeDeltas": ({}, POWER, {}),
    "SlidingWindowCmn": ({}, POWER, {}),
    "SpecAugment": (
        {"n_time_masks": 1, "time_mask_param": 3, "n_freq_masks": 1, "freq_mask_param": 3},
        POWER,
        {},
    ),
    "MuLawEncoding": ({}, AUDIO, {}),
    "Preemphasis": ({}, AUDIO, {}),
}
WITH_STATE = [name for name in STATES if STATES[name][2]]


def made(name, library=torchaudio):
    return getattr(library.transforms, name)(**copy.deepcopy(STATES[name][0]))


def given(name):
    rng = np.random.default_rng(0)
    if STATES[name][1] == AUDIO:
        return rng.uniform(-1, 1, (2, 900)).astype(np.float32)
    power = rng.uniform(0.1, 1, (2, 10 if STATES[name][1] == BANDS else 33, 20)).astype(np.float32)
    return power * np.exp(2j * power).astype(np.complex64) if STATES[name][1] == COMPLEX else power


def changed(state):
    """Return the state with every number a little different, float32."""
    rng = np.random.default_rng(1)
    return {
        name: (np.array(value) * rng.uniform(0.9, 1.1, value.shape)).astype(np.float32)
        for name, value in state.items()
    }


def initialized(name):
    ours = made(name)
    if name == "PitchShift":  # whose kernel is made at the first call, as torchaudio's
        ours(given(name))
    return ours


@pytest.mark.parametrize("name", STATES)
def test_names_and_shapes(name):
    assert [(key, tuple(value.shape)) for key, value in initialized(name).state_dict().items()] == list(
        STATES[name][2].items()
    )


@pytest.mark.parametrize("name", WITH_STATE)
def test_what_is_loaded_computes(name):
    state = changed(initialized(name).state_dict())
    ours = made(name)
    assert ours.load_state_dict(state) == ([], [])
    for key, value in ours.state_dict().items():
        assert isinstance(value, mx.array)
        np.testing.assert_array_equal(np.array(value), state[key])
    if name != "TimeStretch":  # in which the phase advance cancels
        assert not np.allclose(ours(given(name)), made(name)(given(name)), rtol=1e-4)
    again = made(name)
    again.load_state_dict(ours.state_dict())
    np.testing.assert_array_equal(again(given(name)), ours(given(name)))


@pytest.mark.parametrize("name", WITH_STATE)
def test_wrong_names_and_shapes(name):
    state = changed(initialized(name).state_dict())
    key = next(iter(state))
    less = {k: v for k, v in state.items() if k != key}
    for wrong, message in (({**state, "extra": state[key]}, "Unexpected.*extra"), (less, f"Missing.*{key}")):
        with pytest.raises(RuntimeError, match=rf"loading state_dict for {name}:\s*{message}"):
            made(name).load_state_dict(wrong)
    ours = made(name)
    assert ours.load_state_dict({**less, "extra": state[key]}, strict=False) == ([key], ["extra"])
    for other, value in less.items():
        np.testing.assert_array_equal(np.array(ours.state_dict()[other]), value)
    for strict in (True, False):
        with pytest.raises(RuntimeError, match=f"size mismatch for {key}"):
            made(name).load_state_dict({**state, key: np.zeros((2, 3))}, strict=strict)


def test_what_fits_is_taken_where_something_else_does_not():
    ours = made("MelSpectrogram")
    with pytest.raises(RuntimeError, match=r"size mismatch for spectrogram\.window"):
        ours.load_state_dict({"spectrogram.window": np.ones(3), "mel_scale.fb": np.ones((33, 10))})
    assert (np.array(ours.mel_scale.fb) == 1).all()


def test_what_is_no_state():
    ours = made("Spectrogram")
    for wrong in (5, None, [("window", np.ones(48))]):
        with pytest.raises(TypeError, match="mapping"):
            ours.load_state_dict(wrong)
    for strict in (True, False):
        with pytest.raises(RuntimeError, match="must be an array"):
            ours.load_state_dict({"window": [1.0] * 48}, strict=strict)


def test_dtypes_stay_unless_assigned():
    ours, window = made("Spectrogram"), np.hanning(48)
    ours.load_state_dict({"window": window})
    assert ours.window.dtype == mx.float32
    ours.load_state_dict({"window": window}, assign=True)
    assert ours.window is window
    assert list(ours.state_dict(prefix="front.")) == ["front.window"]


@pytest.mark.references
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", STATES)
def test_a_real_state_loads_and_computes_as_there(name):
    torch = pytest.importorskip("torch")
    reference = pytest.importorskip("torchaudio")
    theirs, x = made(name, reference), torch.from_numpy(given(name))
    assert made(name).load_state_dict(theirs.state_dict()) == ([], [])  # of PitchShift not initialized
    theirs(x)
    assert {k: tuple(v.shape) for k, v in theirs.state_dict().items()} == STATES[name][2]
    if name not in WITH_STATE:
        return
    state = {key: torch.from_numpy(value) for key, value in changed(theirs.state_dict()).items()}
    with spectro.config(arrays="torch"):
        ours = made(name)
    for module in (ours, theirs):
        assert tuple(map(list, module.load_state_dict(state))) == ([], [])
    with torch.no_grad():
        single = theirs(x).numpy()
        wide = x.to(torch.complex128 if x.is_complex() else torch.float64)
        truth = theirs.double()(wide).numpy()
    verdict = rule.compare(ours(x).numpy(), single, truth, 32)
    assert not verdict.failure, verdict


@pytest.mark.references
@pytest.mark.parametrize("name", WITH_STATE)
def test_a_wrong_state_is_refused_as_there(name):
    torch = pytest.importorskip("torch")
    reference = pytest.importorskip("torchaudio")
    state = {k: torch.from_numpy(v) for k, v in changed(initialized(name).state_dict()).items()}
    key = next(iter(state))
    less = {k: v for k, v in state.items() if k != key}
    wrong = [
        state,
        less,
        {},
        {**state, "extra": state[key]},
        {**state, key: torch.zeros(2, 3)},
        {key: 1.0},
        7,
    ]
    for given_state in wrong:
        for strict in (True, False):
            theirs = made(name, reference)
            theirs(torch.from_numpy(given(name)))  # before it PitchShift takes a kernel of any shape
            ours, expected = (outcome(module, given_state, strict) for module in (initialized(name), theirs))
            assert ours == expected, (given_state, strict)


def outcome(module, state, strict):
    """Return the names that `load_state_dict` did not match, or what it raised."""
    try:
        keys = module.load_state_dict(state, strict=strict)
    except Exception as error:
        return type(error)
    return sorted(keys.missing_keys), sorted(keys.unexpected_keys)
