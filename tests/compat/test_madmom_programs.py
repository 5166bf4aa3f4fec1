"""Programs made of `compat.madmom`: their options, what runs them on files, and the text they write."""

import argparse

import numpy as np
import pytest

from spectro.compat import madmom
from spectro.compat.madmom.audio.filters import FilterbankProcessor, LogarithmicFilterbank
from spectro.compat.madmom.audio.signal import FramedSignalProcessor, Signal, SignalProcessor
from spectro.compat.madmom.audio.spectrogram import (
    LogarithmicSpectrogramProcessor,
    SpectrogramDifferenceProcessor,
)
from spectro.compat.madmom.features.onsets import OnsetPeakPickingProcessor, SpectralOnsetProcessor
from spectro.compat.madmom.processors import IOProcessor, Processor

RATE = 8000


class TestPrograms:
    """What a program made of processors asks: its options, and what runs it on files."""

    def parser(self):
        parser = argparse.ArgumentParser()
        madmom.processors.io_arguments(parser, output_suffix=".onsets.txt")
        madmom.features.ActivationsProcessor.add_arguments(parser)
        SignalProcessor.add_arguments(parser, mono=True, norm=False, gain=0)
        FramedSignalProcessor.add_arguments(parser, fps=200, online=False)
        FilterbankProcessor.add_arguments(parser, num_bands=24, fmin=30, fmax=17000, norm_filters=False)
        LogarithmicSpectrogramProcessor.add_arguments(parser, log=True, mul=1, add=1)
        SpectrogramDifferenceProcessor.add_arguments(
            parser, diff_ratio=0.5, diff_max_bins=3, positive_diffs=True
        )
        SpectralOnsetProcessor.add_arguments(parser, onset_method="superflux")
        OnsetPeakPickingProcessor.add_arguments(parser, threshold=1.1, pre_max=0.01, post_max=0.05)
        parser.set_defaults(filterbank=LogarithmicFilterbank)
        return parser

    def write(self, path):
        """A click every half second."""
        pcm = np.zeros(2 * RATE, np.int16)
        pcm[RATE // 4 :: RATE // 2] = 20000
        Signal(pcm, sample_rate=RATE).write(str(path))

    def run(self, *arguments):
        args = self.parser().parse_args(arguments)
        onsets = SpectralOnsetProcessor(**vars(args))
        picker = OnsetPeakPickingProcessor(**vars(args))
        try:
            args.func(IOProcessor(onsets, [picker, madmom.io.write_onsets]), **vars(args))
        finally:
            for file in {getattr(args, "infile", None), getattr(args, "outfile", None)} - {None}:
                file.close()

    def test_options_make_processors(self):
        flags = ["--fps", "50", "--online", "--all_diffs", "--linear", "--max_bins", "5", "-t", "0.5"]
        args = self.parser().parse_args(flags)
        assert (args.fps, args.origin, args.positive_diffs, args.log) == (50, "online", False, None)
        assert (args.diff_max_bins, args.threshold, args.num_channels) == (5, 0.5, None)
        assert SpectrogramDifferenceProcessor(**vars(args)).diff_max_bins == 5
        args = self.parser().parse_args([])
        assert (args.fps, args.origin, args.positive_diffs, args.log) == (200, "offline", True, np.log10)

    def test_a_list_replaces_the_default(self):
        parser = argparse.ArgumentParser()
        FramedSignalProcessor.add_arguments(parser, frame_size=[1024, 2048])
        FilterbankProcessor.add_arguments(parser, crossover_frequencies=[270, 770])
        assert parser.parse_args([]).frame_size == [1024, 2048]
        args = parser.parse_args(["--frame_size", "512,4096", "--crossover_frequencies", "100,200.5"])
        assert (args.frame_size, args.crossover_frequencies) == ([512, 4096], [100.0, 200.5])

    def test_one_file(self, tmp_path):
        pytest.importorskip("soundfile")
        pytest.importorskip("scipy")
        self.write(tmp_path / "clicks.wav")
        self.run(
            "--frame_size", "512", "single", str(tmp_path / "clicks.wav"), "-o", str(tmp_path / "onsets.txt")
        )
        np.testing.assert_allclose(
            madmom.io.load_onsets(str(tmp_path / "onsets.txt")), [0.25, 0.75, 1.25, 1.75], atol=0.03
        )

    def test_many_files(self, tmp_path):
        pytest.importorskip("soundfile")
        pytest.importorskip("scipy")
        for name in ("a", "b"):
            self.write(tmp_path / f"{name}.wav")
        (tmp_path / "c.wav").write_text("no audio")
        names = [str(tmp_path / f"{name}.wav") for name in "abc"]
        self.run("batch", "-j", "2", "-o", str(tmp_path / "out"), *names)
        found = sorted((tmp_path / "out").iterdir())
        assert [path.name for path in found] == ["a.onsets.txt", "b.onsets.txt"]
        assert found[0].read_text() == found[1].read_text() != ""

    def test_a_pickled_program(self, tmp_path):
        path = str(tmp_path / "program.pkl")
        self.run("pickle", "-o", path)
        again = Processor.load(path)
        assert isinstance(again.in_processor, SpectralOnsetProcessor)

    def test_frame_by_frame(self, tmp_path):
        pytest.importorskip("soundfile")
        self.write(tmp_path / "clicks.wav")
        written = []

        class Peak(Processor):
            def process(self, data, output=None, **kwargs):
                assert kwargs == {"reset": False}
                output.append(abs(data).max())

        madmom.processors.process_online(
            Peak(), str(tmp_path / "clicks.wav"), written, frame_size=800, fps=10
        )
        assert np.flatnonzero(written).tolist() == [3, 8, 13, 18]


def test_tempi_in_text(tmp_path):
    path = str(tmp_path / "tempo.txt")
    madmom.io.write_tempo(np.array([[120, 0.6], [60, 0.2], [90, 0.2]]), path)
    assert (tmp_path / "tempo.txt").read_text() == "120.00\t60.00\t0.75\n"
    np.testing.assert_allclose(madmom.io.load_tempo(path), [[120, 0.75], [60, 0.25]])


def test_numbered_beats_in_text(tmp_path):
    beats, path = np.array([[0.5, 4], [1.0, 1], [1.5, 2]]), str(tmp_path / "beats.txt")
    madmom.io.write_beats(beats, path, header="times, numbers")
    assert (tmp_path / "beats.txt").read_text() == "# times, numbers\n0.500\t4\n1.000\t1\n1.500\t2\n"
    np.testing.assert_array_equal(madmom.io.load_beats(path), beats[:, 0])
    np.testing.assert_array_equal(madmom.io.load_downbeats(path), [1.0])
    madmom.io.write_downbeats(beats, path)
    np.testing.assert_array_equal(madmom.io.load_events(path), [1.0])
