"""Which files ``spectro features`` reads and writes, and what happens when something goes wrong."""

from __future__ import annotations

import os
import pty
import signal
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest

from spectro.cli.audio import Input, output_names
from spectro.cli.files import atomic


@pytest.fixture
def tone() -> np.ndarray:
    return 0.3 * np.sin(np.arange(6000) * 0.1)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def chunks_of_png(content: bytes) -> dict[bytes, bytes]:
    """Read a PNG's chunks, checking its signature and every checksum."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = {}, 8
    while at < len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        assert struct.unpack(">I", content[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + data)
        found[kind] = found.get(kind, b"") + data
        at += 12 + size
    return found


def test_broken_files_are_named_and_the_others_done(spectro, write, tone, tmp_path) -> None:
    good = write("good.wav", tone)
    empty, text = write("empty.wav", tone[:0]), tmp_path / "text.wav"
    text.write_text("this is no audio")
    nan = tmp_path / "nan.wav"
    import soundfile

    soundfile.write(nan, np.full(6000, np.nan), 22050, subtype="FLOAT")
    short, missing = write("short.wav", tone[:100]), tmp_path / "missing.wav"
    out = tmp_path / "out"
    run = spectro("features", empty, text, nan, short, missing, good, "--feature", "mel,mfcc", "--out", out)
    assert run.code == 1
    assert files(out) == {"good.npz"}
    lines = run.err.splitlines()
    assert len(lines) == 5  # one each
    for path, why in (
        (empty, "no samples"),
        (text, "Format not recognised"),
        (nan, "NaN"),
        (short, "100 samples"),
        (missing, "no such file"),
    ):
        assert any(str(path) in line and why in line for line in lines), (path, lines)
    assert run.out.splitlines()[-1] == "1 done, 5 failed"


def test_nothing_is_overwritten_without_force(spectro, write, tone, tmp_path) -> None:
    path, out = write("x.wav", tone), tmp_path / "out"
    out.mkdir()
    (out / "x.png").write_bytes(b"precious")
    command = ("features", path, "--feature", "mel", "--plot", "--out", out)
    run = spectro(*command)
    assert run.code == 1
    assert "x.png exists (--force" in run.err
    assert files(out) == {"x.png"}  # and no half of the outputs
    assert (out / "x.png").read_bytes() == b"precious"
    assert spectro(*command, "--force").code == 0
    assert chunks_of_png((out / "x.png").read_bytes())
    assert files(out) == {"x.png", "x.npz"}


def test_an_output_folder_that_is_a_file(spectro, write, tone, tmp_path) -> None:
    path = write("x.wav", tone)
    run = spectro("features", path, "--feature", "mel", "--out", path, "--force")
    assert (run.code, run.out) == (1, "")
    assert run.err == f"spectro features: --out {path}: File exists\n"


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failure_while_writing_leaves_the_folder_as_it_was(tmp_path, overwrite, error) -> None:
    target = tmp_path / "x.npz"
    if overwrite:
        target.write_bytes(b"old")

    def fail_half_way() -> None:
        with atomic(target, overwrite) as stream:
            stream.write(b"half of it")
            stream.flush()
            assert not target.exists() or target.read_bytes() == b"old"
            raise error

    with pytest.raises(type(error)):
        fail_half_way()
    assert files(tmp_path) == ({"x.npz"} if overwrite else set())
    assert not overwrite or target.read_bytes() == b"old"


def test_a_file_that_appears_meanwhile_is_kept(tmp_path) -> None:
    target = tmp_path / "x.npz"

    def race() -> None:
        with atomic(target) as stream:
            stream.write(b"mine")
            target.write_bytes(b"theirs")

    with pytest.raises(FileExistsError):
        race()
    assert target.read_bytes() == b"theirs"
    assert files(tmp_path) == {"x.npz"}


def test_a_file_system_without_hard_links(tmp_path, monkeypatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    with atomic(tmp_path / "x") as stream:
        stream.write(b"mine")
    assert (tmp_path / "x").read_bytes() == b"mine"
    with pytest.raises(FileExistsError), atomic(tmp_path / "x") as stream:
        stream.write(b"again")
    assert files(tmp_path) == {"x"}


def test_a_failing_disk_is_reported_and_leaves_nothing(spectro, write, tone, tmp_path, monkeypatch) -> None:
    path, out = write("x.wav", tone), tmp_path / "out"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("spectro.cli.files._publish", full)
    run = spectro("features", path, "--feature", "mel", "--out", out)
    assert run.code == 1
    assert "No space left on device" in run.err
    assert files(out) == set()


def test_a_drawing_that_fails_leaves_no_array_behind(spectro, write, tone, tmp_path, monkeypatch) -> None:
    path, out = write("x.wav", tone), tmp_path / "out"

    def broken(*_: object) -> bytes:
        raise ValueError("no font")

    monkeypatch.setattr("spectro.cli.jobs.draw", broken)
    run = spectro("features", path, "--feature", "mel", "--plot", "--out", out)
    assert (run.code, files(tmp_path)) == (1, {"x.wav"})
    assert "no font" in run.err


def test_ctrl_c_ends_with_130_and_no_half_file(spectro, write, tone, tmp_path, monkeypatch) -> None:
    path, out = write("x.wav", tone), tmp_path / "out"

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("spectro.cli.files._publish", interrupted)
    run = spectro("features", path, path, "--feature", "mel", "--out", out)
    assert (run.code, run.err) == (130, "spectro features: interrupted\n")
    assert files(out) == set()


def test_an_interrupt_signal_to_the_real_process(write, tone, tmp_path) -> None:
    # Work for many times as long as it takes to see the first results and to interrupt.
    first = write("in/000.wav", np.tile(tone, 120))
    for i in range(1, 400):
        os.link(first, tmp_path / f"in/{i:03}.wav")
    out = tmp_path / "out"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "spectro",
            "features",
            str(tmp_path / "in"),
            "--feature",
            "mel",
            "--out",
            str(out),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that a shell runs in the background ignore the signal, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    # Results only: the file being written is there too, under a name that does not outlive the signal.
    while process.poll() is None and len(list(out.glob("*.npz"))) < 3:
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == "spectro features: interrupted\n"
    made = files(out)
    assert 3 <= len(made) < 400
    for name in made:
        with np.load(out / name) as arrays:  # whole, every one
            assert arrays["mel"].shape[0] == 128


def test_folders_patterns_and_double_mentions(spectro, write, tone, tmp_path, monkeypatch) -> None:
    for name in ("a/one.wav", "a/deep/two.flac", "a/.hidden.wav", "b/three.ogg", "b/four.wav"):
        write(name, tone)
    (tmp_path / "a" / "notes.txt").write_text("not audio")
    (tmp_path / "none").mkdir()
    monkeypatch.chdir(tmp_path)
    run = spectro(
        "features", "a", "b/*.ogg", "b/three.ogg", "none", "b/*.mp3", "--feature", "mel", "--out", "out"
    )
    assert run.code == 1
    assert files(tmp_path / "out") == {"one.npz", "deep/two.npz", "three.npz"}
    assert "none: no audio files in this folder" in run.err
    assert "b/*.mp3: no file matches this pattern" in run.err
    assert run.out.splitlines()[-1] == "3 done, 2 failed"


def test_equal_names_are_told_apart(spectro, write, tone, tmp_path) -> None:
    sizes = {"a/x.wav": 4000, "b/x.wav": 5000, "b/x.flac": 6000, "y.wav": 3000}
    paths = [write(f"in/{name}", tone[:size]) for name, size in sizes.items()]
    run = spectro("features", *paths, "--feature", "mel", "--out", tmp_path / "out")
    assert run.code == 0
    names = {"a/x": 4000, "b/x.wav": 5000, "b/x.flac": 6000, "y": 3000}
    assert files(tmp_path / "out") == {f"{name}.npz" for name in names}
    for name, size in names.items():
        with np.load(tmp_path / "out" / f"{name}.npz") as made:
            assert made["times"].size == 1 + size // 512


def test_names_that_only_case_or_chance_makes_equal() -> None:
    def named(*paths: str) -> list[str]:
        return output_names([Input(Path(path), Path(path).parent) for path in paths])

    assert named("/m/x.wav", "/m/X.WAV") == ["x.wav", "X.WAV-2"]
    assert len({n.casefold() for n in named("/m/x.wav", "/m/x.flac", "/n/x.wav.ogg")}) == 3
    assert len({n.casefold() for n in named("/a/x.wav", "/b/x.wav", "/b/a/x.wav")}) == 3
    assert named("/m/x.take.1.wav") == ["x.take.1"]


@pytest.mark.parametrize("size", [2048, 30000])
def test_plots_are_whole_png_files(spectro, write, tmp_path, size) -> None:
    path = write("x.wav", 0.3 * np.random.default_rng(0).standard_normal((size, 2)).clip(-3, 3))
    names = "spectrogram,mel,logmel,mfcc,filtered"
    assert spectro("features", path, "--feature", names, "--plot", "--out", tmp_path).code == 0
    chunks = chunks_of_png((tmp_path / "x.png").read_bytes())
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    channels = {2: 3, 6: 4}[colour]
    pixels = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8)
    assert depth == 8
    assert pixels.size == height * (width * channels + 1)
    assert b"IEND" in chunks


def test_silence_can_be_drawn(spectro, write, tmp_path) -> None:
    path = write("x.wav", np.zeros(5000))
    for preset in ("spectro", "whisper", "madmom-like"):
        out = tmp_path / preset
        names = "spectrogram,logmel,mfcc,filtered"
        run = spectro("features", path, "--feature", names, "--preset", preset, "--plot", "--out", out)
        assert (run.code, run.err) == (0, "")
        assert chunks_of_png((out / "x.png").read_bytes())


def test_many_files_show_a_progress_bar_on_a_terminal(write, tone, tmp_path) -> None:
    paths = [str(write(f"{i}.wav", tone)) for i in range(3)]
    master, slave = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "spectro",
        "features",
        *paths,
        "--feature",
        "mel",
        "--out",
        str(tmp_path),
    ]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave, env=environment)
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not part:
            break
        shown += part
    out, _ = process.communicate(timeout=30)
    os.close(master)
    assert process.returncode == 0
    assert b"/3" in shown
    assert b"features" in shown
    assert out.decode().splitlines()[-1] == "3 done, 0 failed"
    assert len(out.decode().splitlines()) == 4  # stdout is a pipe here, and stays free of the bar


def test_without_a_terminal_there_is_no_bar(spectro, write, tone, tmp_path) -> None:
    paths = [write(f"{i}.wav", tone) for i in range(2)]
    run = spectro("features", *paths, "--feature", "mel", "--out", tmp_path)
    assert (run.code, run.err) == (0, "")
    assert run.out.splitlines()[0] == f"{tmp_path / '0.npz'}: mel (128, 12)"
