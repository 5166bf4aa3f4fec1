"""Command lines: the options that each processor's `add_arguments` gives a parser of argparse.

Options are named like the processor's parameters, so that ``Processor(**vars(args))`` makes one of what was
parsed. Each function takes the options' defaults, leaves out those that are None, and returns the group.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = ["Group", "OverrideDefaultListAction"]


class OverrideDefaultListAction(argparse.Action):
    """Collects values in a list, in place of the default one; with `sep` several from one argument.

    Parameters
    ----------
    sep : str, optional
        Between the values of an argument.
    *args, **kwargs
        Of `argparse.Action`; `type` is that of each value.
    """

    def __init__(self, sep: str | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sep = sep
        self.list_type: Any = self.type
        self.set_to_default = True
        if sep is not None:
            self.type = str  # of the whole argument, before it is split

    def __call__(
        self, parser: Any, namespace: argparse.Namespace, value: Any, option_string: str | None = None
    ) -> None:
        """Add the values of one argument."""
        try:
            values = [self.list_type(part) for part in value.split(self.sep)]
        except ValueError as error:
            raise argparse.ArgumentError(self, f"{error}: {value}") from error
        before = [] if self.set_to_default else getattr(namespace, self.dest)
        self.set_to_default = False
        setattr(namespace, self.dest, [*before, *values])


class Group:
    """A group of a parser's options, as `group`; one with the default None is left out."""

    def __init__(self, parser: Any, title: str) -> None:
        self.group = parser.add_argument_group(title)

    def value(self, flag: str, default: Any, of: Any, text: str, **more: Any) -> None:
        """Add an option with a value; with a list as default, of several values between commas."""
        if isinstance(default, list):
            more |= {"action": OverrideDefaultListAction, "sep": ","}
        if default is not None:
            text = f"{text} [default: %(default)s]"
            self.group.add_argument(flag, type=of, default=default, help=text, **more)

    def switch(self, default: bool | None, dest: str, off: tuple[str, str], on: tuple[str, str]) -> None:
        """Add the flag that turns off what is on by default, or the one that turns it on: (flag, help)."""
        if default is not None:
            flag, text = off if default else on
            self.group.add_argument(
                flag, dest=dest, action="store_false" if default else "store_true", default=default, help=text
            )

    def constant(self, flag: str, dest: str, value: Any, otherwise: Any, text: str) -> None:
        """Add a flag for one value in place of another."""
        self.group.add_argument(
            flag, dest=dest, action="store_const", const=value, default=otherwise, help=text
        )


def signal(
    parser: Any,
    sample_rate: int | None = None,
    mono: bool | None = None,
    start: Any = None,
    stop: Any = None,
    norm: bool | None = None,
    gain: float | None = None,
) -> Any:
    """Add the options of `SignalProcessor`; `mono`, `start` and `stop` say whether there is one."""
    options = Group(parser, "signal")
    options.value("--sample_rate", sample_rate, int, "resample to this rate [Hz]")
    if mono is not None:
        options.constant("--mono", "num_channels", 1, None, "mix all channels")
    for name, given in (("start", start), ("stop", stop)):
        if given is not None:
            options.group.add_argument(f"--{name}", type=float, help=f"{name} reading here [s]")
    if norm is not None:
        options.group.add_argument("--norm", action="store_true", default=norm, help="bring to full scale")
    options.value("--gain", gain, float, "amplify [dB]")
    return options.group


def framing(parser: Any, frame_size: Any = 2048, fps: float | None = None, online: bool | None = None) -> Any:
    """Add the options of `FramedSignalProcessor`; `frame_size` may be a list, `online` sets the origin."""
    options = Group(parser, "frames")
    options.value("--frame_size", frame_size, int, "samples of a frame")
    options.value("--fps", fps, float, "frames a second")
    if online is False:
        options.constant("--online", "origin", "online", "offline", "use no samples of the future")
    elif online is True:
        options.constant("--offline", "origin", "offline", "online", "use samples of the future, too")
    return options.group


def stft(parser: Any, window: Any = None, fft_size: int | None = None) -> Any:
    """Add the options of `ShortTimeFourierTransformProcessor`."""
    options = Group(parser, "short-time Fourier transform")
    options.value("--window", window, None, "window function")
    options.value("--fft_size", fft_size, int, "length of the transform, best a power of 2")
    return options.group


def filterbank(
    parser: Any,
    filterbank: Any = None,
    num_bands: Any = None,
    crossover_frequencies: Any = None,
    fmin: float | None = None,
    fmax: float | None = None,
    norm_filters: bool | None = None,
    unique_filters: bool | None = None,
) -> Any:
    """Add the options of filterbanks; `filterbank` is the class used, `num_bands` may be a list."""
    from .audio.filters import Filterbank

    options = Group(parser, "filterbank")
    if filterbank is not None:
        if issubclass(filterbank, Filterbank):
            options.group.add_argument(
                "--no_filter", dest="filterbank", action="store_false", default=filterbank, help="use none"
            )
        else:
            options.group.add_argument("--filterbank", action="store_true", default=None, help="use one")
    options.value("--num_bands", num_bands, int, "bands, an octave where the bank counts so")
    if crossover_frequencies is not None:
        options.value(
            "--crossover_frequencies", list(crossover_frequencies), float, "edges between the bands [Hz]"
        )
    options.value("--fmin", fmin, float, "lowest frequency [Hz]")
    options.value("--fmax", fmax, float, "highest frequency [Hz]")
    options.switch(
        norm_filters,
        "norm_filters",
        ("--no_norm_filters", "keep the filters' peaks at 1"),
        ("--norm_filters", "divide each filter by its sum"),
    )
    options.switch(
        unique_filters,
        "unique_filters",
        ("--duplicate_filters", "keep filters that fall on the same bins"),
        ("--unique_filters", "merge filters that fall on the same bins"),
    )
    return options.group


def logarithm(
    parser: Any, log: bool | None = None, mul: float | None = None, add: float | None = None
) -> Any:
    """Add the options of `LogarithmicSpectrogramProcessor`; `log` says what is done by default."""
    options = Group(parser, "magnitudes")
    if log is True:
        options.constant("--linear", "log", None, np.log10, "take no logarithm")
    elif log is False:
        options.constant("--log", "log", np.log10, None, "take the logarithm")
    options.value("--mul", mul, float, "factor before the logarithm")
    options.value("--add", add, float, "summand before the logarithm")
    return options.group


def difference(
    parser: Any,
    diff: bool | None = None,
    diff_ratio: float | None = None,
    diff_frames: int | None = None,
    diff_max_bins: int | None = None,
    positive_diffs: bool | None = None,
) -> Any:
    """Add the options of `SpectrogramDifferenceProcessor`; `diff` says whether differences are taken."""
    options = Group(parser, "differences")
    options.switch(diff, "diff", ("--no_diff", "take none"), ("--diff", "take differences in time"))
    options.value("--diff_ratio", diff_ratio, float, "look back until windows overlap down to this part")
    if diff_ratio is not None or diff_frames:
        options.group.add_argument(
            "--diff_frames", type=int, default=diff_frames, help="frames to look back, in place of the ratio"
        )
    options.switch(
        positive_diffs,
        "positive_diffs",
        ("--all_diffs", "keep falls, too"),
        ("--positive_diffs", "keep rises only"),
    )
    options.value(
        "--max_bins", diff_max_bins, int, "neighbours to compare with the greatest of", dest="diff_max_bins"
    )
    return options.group


def separation(
    parser: Any, masking: Any = None, harmonic_filter: Any = None, percussive_filter: Any = None
) -> Any:
    """Add the options of `HarmonicPercussiveSourceSeparation`."""
    options = Group(parser, "harmonic and percussive parts")
    options.value("--filter_type", masking, float, "exponent of the masks")
    for name, size in (("harmonic", harmonic_filter), ("percussive", percussive_filter)):
        options.value(f"--{name}_filter", size, None, f"{name} filter: frames, bins")
    return options.group


def activations(parser: Any) -> Any:
    """Add the options of `ActivationsProcessor`."""
    group = parser.add_argument_group("activations")
    group.add_argument("--save", action="store_true", default=False, help="write them to the output")
    group.add_argument("--load", action="store_true", default=False, help="read them from the input")
    group.add_argument("--sep", default=None, help="between columns of text [default: a file of numpy's]")
    return group


def onset_function(parser: Any, onset_method: str | None, methods: Iterable[str]) -> Any:
    """Add the option of `SpectralOnsetProcessor`."""
    options = Group(parser, "onset detection function")
    options.value("--odf", onset_method, None, "which", dest="onset_method", choices=methods)
    return options.group


def peak_picking(
    parser: Any,
    threshold: float = 0.5,
    smooth: float | None = None,
    pre_avg: float | None = None,
    post_avg: float | None = None,
    pre_max: float | None = None,
    post_max: float | None = None,
    combine: float | None = 0.03,
    delay: float | None = 0.0,
) -> Any:
    """Add the options of `OnsetPeakPickingProcessor`, in seconds."""
    options = Group(parser, "peaks")
    options.value("-t", threshold, float, "how far a peak stands above the mean", dest="threshold")
    options.value("--smooth", smooth, float, "smooth activations over [s]")
    options.value("--pre_avg", pre_avg, float, "mean over the past [s]")
    options.value("--post_avg", post_avg, float, "mean over the future [s]")
    options.value("--pre_max", pre_max, float, "maximum over the past [s]")
    options.value("--post_max", post_max, float, "maximum over the future [s]")
    options.value("--combine", combine, float, "one onset within [s]")
    options.value("--delay", delay, float, "report onsets later by [s]")
    return options.group


def tempo(
    parser: Any,
    method: str | None = None,
    min_bpm: float | None = None,
    max_bpm: float | None = None,
    act_smooth: float | None = None,
    hist_smooth: int | None = None,
    hist_buffer: float | None = None,
    alpha: float | None = None,
    interpolate: bool | None = None,
) -> Any:
    """Add the options of `TempoEstimationProcessor` and its histograms."""
    options = Group(parser, "tempo")
    options.value("--method", method, str, "histogram by", choices=["acf", "comb", "dbn"])
    options.value("--min_bpm", min_bpm, float, "slowest tempo [bpm]")
    options.value("--max_bpm", max_bpm, float, "fastest tempo [bpm]")
    options.value("--act_smooth", act_smooth, float, "smooth activations over [s]")
    options.value("--hist_smooth", hist_smooth, int, "smooth the histogram over bins")
    options.value("--hist_buffer", hist_buffer, float, "online: look back [s]")
    options.value("--alpha", alpha, float, "gain of the comb filters")
    if interpolate is not None:
        options.group.add_argument("--interpolate", action="store_true", help="find tempi between intervals")
    return options.group
