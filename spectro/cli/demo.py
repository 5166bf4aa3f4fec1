"""``spectro demo``: features of a short synthesised piece of music, or of a file."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

__all__ = ["add_parser", "run"]

_EPILOG = """\
Writes clip.wav (the music), clip.npz (spectrogram, logmel and mfcc with their frequencies and times) and
clip.png, replacing those of an earlier run; for a file, NAME.npz and NAME.png. The table's last column runs
the golden cases of the function used: comparisons with answers of torch, torchaudio or librosa kept on disk.

examples:
  spectro demo
  spectro demo --audio song.flac --out /tmp/song
  AUDIO=song.flac python -m spectro.demo
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "demo",
        help="extract features from a short synthesised clip, or a file",
        description="Extract features from a short piece of music that is synthesised on the spot.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--audio", type=Path, metavar="FILE", help="use this file instead (default: the variable AUDIO)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("demo"), metavar="DIR", help="output folder (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Run the demo; return 1 if a golden fails."""
    from ..demo.show import show

    audio = args.audio or (Path(os.environ["AUDIO"]) if os.environ.get("AUDIO") else None)
    return 0 if show(args.out, audio) else 1
