"""``spectro features``: spectral features of audio files, one output for each."""

from __future__ import annotations

import argparse
import contextlib
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import mlx.core as mx

from .audio import find_inputs, output_names, reason
from .console import CommandError, UsageError, fail, need, say
from .extract import FEATURES
from .jobs import Job
from .presets import PRESETS, Preset
from .probes import devices

__all__ = ["add_parser", "run"]

_WIDTH = 100


def _epilog() -> str:
    def listing(entries: dict[str, str]) -> str:
        return "\n".join(
            textwrap.fill(f"  {name:<12} {text}", _WIDTH, subsequent_indent=" " * 15, break_on_hyphens=False)
            for name, text in entries.items()
        )

    return f"""\
features:
{listing({name: about for name, (about, _) in FEATURES.items()})}

presets:
{listing({name: preset.about for name, preset in PRESETS.items()})}

  Resampling is soxr's "HQ" under every preset: a file that is not at the preset's rate already gives
  numbers close to, but not the same as, those of a tool with another resampler.

outputs:
  npz  NAME.npz with each feature ([rows, frames]; [channels, rows, frames] with --keep-channels),
       FEATURE_hz (frequencies of its rows), times (seconds, the middle of each frame), sample_rate,
       hop_length, n_fft, and `about` (JSON: preset, parameters, units, source)
  npy  NAME.FEATURE.npy for each feature, and all the rest in NAME.json
  NAME is the file's name without suffix, below its folder's name for files found in a folder; files of
  the same name are told apart by their folders or suffixes.

examples:
  spectro features speech.wav --feature logmel --preset whisper
  spectro features album/ --feature spectrogram,logmel,mfcc --out features --plot
  spectro features 'takes/**/*.flac' --feature filtered --preset madmom-like --format npy
  spectro features stereo.ogg --feature mfcc --keep-channels --sample-rate 22050 --n-mfcc 13

Exit code 0 if every file was done, 1 if some failed (they are named), 2 for a wrong command line.
"""


def _feature_list(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in FEATURES]
    if unknown or not names:
        what = f"unknown {', '.join(unknown)}" if unknown else "no feature named"
        raise argparse.ArgumentTypeError(f"{what}; known: {', '.join(FEATURES)}")
    return list(dict.fromkeys(names))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number above 0, got {text!r}")
    return int(text)


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "features",
        help="extract spectral features from audio files",
        description="Extract spectral features from wav, flac, ogg and mp3 files.",
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", help="audio file, folder (searched through) or pattern")
    add("--feature", required=True, type=_feature_list, metavar="NAME,...", help="features, listed below")
    add("--preset", choices=PRESETS, default="spectro", help="whose parameters (default: %(default)s)")
    add("--out", type=Path, default=Path(), metavar="DIR", help="output folder (default: the current one)")
    add("--format", choices=("npz", "npy"), default="npz", help="output format (default: %(default)s)")
    add("--plot", action="store_true", help="write NAME.png too: the features over time, channels averaged")
    add("--force", action="store_true", help="overwrite outputs that exist")
    add("--device", choices=("cpu", "gpu"), help="where to compute (default: the GPU if there is one)")
    channels = parser.add_mutually_exclusive_group()
    channels.add_argument("--mono", action="store_true", help="average the channels (default)")
    channels.add_argument("--keep-channels", action="store_true", help="compute each channel by itself")
    group = parser.add_argument_group("parameters (default: the preset's)")
    for option, metavar, what in (
        ("--sample-rate", "HZ", "resample to this rate"),
        ("--n-fft", "N", "samples in a frame"),
        ("--hop-length", "N", "samples from frame to frame"),
        ("--n-mels", "N", "mel bands"),
        ("--n-mfcc", "N", "coefficients, at most as many as mel bands"),
    ):
        group.add_argument(option, type=_positive, metavar=metavar, help=what)


def run(args: argparse.Namespace) -> int:
    """Extract the features of every file; return 0, or 1 if a file failed."""
    preset = _preset(args)
    need("soundfile", "reading audio")
    if args.plot:
        need("matplotlib", "--plot")
    _make_folder(args.out)
    with _device(args.device) as gpu, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        inputs, failures = find_inputs(args.files)
        names = output_names(inputs)
        job = Job(preset, args.feature, args.format, args.plot, args.force, args.keep_channels, gpu)
        done = 0
        with _progress(len(inputs)) as advance:
            for item, name in zip(inputs, names, strict=True):
                try:
                    line = job.process(item.path, args.out / name)
                except Exception as error:  # one broken file must not stop the others
                    failures.append((str(item.path), reason(error)))
                else:
                    done += 1
                    say(line)
                advance()
    for message in dict.fromkeys(str(warning.message) for warning in caught):
        print(f"spectro features: warning: {message}", file=sys.stderr)
    for source, why in failures:
        fail("features", f"{source}: {why}", 1)
    if done + len(failures) > 1 or failures:
        print(f"{done} done, {len(failures)} failed")
    return 1 if failures else 0


def _preset(args: argparse.Namespace) -> Preset:
    chosen = ("sample_rate", "n_fft", "hop_length", "n_mels", "n_mfcc")
    preset = replace(
        PRESETS[args.preset], **{name: getattr(args, name) for name in chosen if getattr(args, name)}
    )
    if args.hop_length:
        preset = replace(preset, fps=0)
    if preset.n_mfcc > preset.n_mels:
        if args.n_mfcc or "mfcc" in args.feature:
            raise UsageError(f"{preset.n_mfcc} MFCCs need as many mels: --n-mels is {preset.n_mels}")
        preset = replace(preset, n_mfcc=preset.n_mels)
    if preset.sample_rate:
        preset.hop(preset.sample_rate)
    return preset


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"--out {path}: {error.strerror}") from error


@contextlib.contextmanager
def _device(wanted: str | None) -> Iterator[bool]:
    """Make `wanted`, or the GPU if there is one, MLX's device; give whether it is the GPU."""
    available = "gpu" in devices()
    if wanted == "gpu" and not available:
        raise CommandError("--device gpu: MLX finds no GPU here (`spectro doctor` says more)")
    gpu = available and wanted != "cpu"
    before = mx.default_device()
    mx.set_default_device(mx.gpu if gpu else mx.cpu)
    try:
        yield gpu
    finally:
        mx.set_default_device(before)


@contextlib.contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    """Give what to call after each file; shows a progress bar if there are many and stderr is a terminal."""
    if count < 2 or not sys.stderr.isatty() or not find_spec("rich"):
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("features"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Lines printed go above the bar, unless stdout leads elsewhere.
    shared = sys.stdout.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=shared) as progress:
        task = progress.add_task("features", total=count)
        yield lambda: progress.advance(task)
