"""Running a processor as a program: on one file, many files, or piece by piece, or pickling it."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
from typing import Any

from .. import fallback as _fallback

__all__ = ["io_arguments", "pickle_processor", "process_batch", "process_online", "process_single"]


def _process(work: tuple[Any, ...]) -> Any:
    """Run (processor or function or None, data, ..., options); plain functions get no options."""
    processor, *data, options = work
    if processor is None:
        return data[0]
    # One of madmom's own is a processor, too.
    return processor(*data, **options) if hasattr(processor, "process") else processor(*data)


def process_single(processor: Any, infile: Any, outfile: Any, **kwargs: Any) -> None:
    """Process one file and write the result."""
    if kwargs.get("online"):
        kwargs |= {"origin": "online", "reset": False}
    _process((processor, infile, outfile, kwargs))


def process_batch(
    processor: Any,
    files: list[Any],
    output_dir: str | None = None,
    output_suffix: str | None = None,
    strip_ext: bool = True,
    num_workers: int | None = None,
    shuffle: bool = False,
    **kwargs: Any,
) -> None:
    """Process files into `output_dir`, or beside them with `output_suffix`, by `num_workers` processes.

    Raises
    ------
    ValueError
        If neither a folder nor a suffix is given.
    """
    if output_dir is None and output_suffix is None:
        raise ValueError("process_batch needs an output_dir or an output_suffix")
    if output_dir is not None:
        os.makedirs(output_dir, exist_ok=True)
    if shuffle:
        random.shuffle(files)
    work = []
    for file in files:
        target = file if output_dir is None else os.path.join(output_dir, os.path.basename(file))
        target = os.path.splitext(target)[0] if strip_ext else target
        work.append((processor, file, target + (output_suffix or ""), kwargs))
    with multiprocessing.Pool(num_workers) as pool:
        pool.map(_process_file, work)


def _process_file(work: tuple[Any, ...]) -> None:
    """Process one file of a batch; one that cannot be read is reported and does not stop the others."""
    from .io.audio import LoadAudioFileError

    try:
        _process(work)
    except LoadAudioFileError as error:
        print(error)


def process_online(processor: Any, infile: Any, outfile: Any, **kwargs: Any) -> None:
    """Process a file frame by frame, each result written as it comes.

    Parameters
    ----------
    processor : Processor
        One that works online; it is told not to forget earlier frames.
    infile : str, file or None
        None listens to the microphone, by madmom's own `Stream`.
    outfile : str or file
    **kwargs
        frame_size, hop_size, fps, num_channels of the frames.

    Raises
    ------
    LibraryImportError
        To listen, if madmom is not installed.
    """
    from .audio.signal import FramedSignal

    names = ("frame_size", "hop_size", "fps", "num_channels")
    framing = {name: kwargs[name] for name in names if name in kwargs}
    if infile is None or kwargs.get("list_stream_input_device"):
        listen = _fallback.load("madmom.processors").process_online
        return listen(processor, infile, outfile, **({"list_stream_input_device": False} | kwargs))  # type: ignore[no-any-return]
    for frame in FramedSignal(infile, origin="online", **({"num_channels": 1} | framing)):
        _process((processor, frame, outfile, {"reset": False}))
    return None


def pickle_processor(processor: Any, outfile: Any, **kwargs: Any) -> None:
    """Pickle a processor into a file, given by name or open for writing."""
    processor.dump(outfile)


def io_arguments(
    parser: argparse.ArgumentParser, output_suffix: str = ".txt", pickle: bool = True, online: bool = False
) -> None:
    """Give a program the commands single, batch, and where wanted pickle and online.

    The function to call with a processor and ``**vars(args)`` is then `args.func`.
    """
    commands = parser.add_subparsers(title="commands")
    parser.add_argument("-v", dest="verbose", action="count", help="say more")
    if pickle:
        _command(commands, "pickle", pickle_processor, "pickle the processor")
    single = _command(commands, "single", process_single, "process one file", infile={})
    _threads(single, multiprocessing.cpu_count())
    if online:
        single.add_argument(
            "--online", action="store_true", default=None, help="use no samples of the future"
        )
    batch = commands.add_parser("batch", help="process many files")
    batch.set_defaults(func=process_batch, num_threads=1)
    batch.add_argument("files", nargs="+", help="input files")
    batch.add_argument("-o", dest="output_dir", help="output folder [default: that of each file]")
    batch.add_argument(
        "-s", dest="output_suffix", default=output_suffix, help="of the output files [default: %(default)s]"
    )
    batch.add_argument("--ext", dest="strip_ext", action="store_false", help="keep the input's suffix, too")
    batch.add_argument(
        "-j", dest="num_workers", type=int, default=multiprocessing.cpu_count(), help="worker processes"
    )
    batch.add_argument("--shuffle", action="store_true", help="in random order")
    if online:
        listening = {"nargs": "?", "default": None}
        live = _command(commands, "online", process_online, "process as audio comes", infile=listening)
        _threads(live, 1)
        live.add_argument("--device", dest="stream_input_device", type=int, help="number of the microphone")
        live.add_argument(
            "--list", dest="list_stream_input_device", action="store_true", help="of microphones"
        )
        live.set_defaults(online=True, num_frames=1, origin="stream")


def _command(
    commands: Any, name: str, function: Any, text: str, infile: dict[str, Any] | None = None
) -> argparse.ArgumentParser:
    """Add a command that writes one file, and reads one if `infile` says how."""
    command: argparse.ArgumentParser = commands.add_parser(name, help=text)
    command.set_defaults(func=function)
    if infile is not None:
        command.add_argument("infile", type=argparse.FileType("rb"), help="input file", **infile)
    # An option, lest a batch called by a wrong name writes over its second input.
    output = getattr(sys.stdout, "buffer", sys.stdout)
    command.add_argument(
        "-o",
        dest="outfile",
        type=argparse.FileType("wb"),
        default=output,
        help="output file [default: stdout]",
    )
    return command


def _threads(command: argparse.ArgumentParser, default: int) -> None:
    command.add_argument("-j", dest="num_threads", type=int, default=default, help="threads")
