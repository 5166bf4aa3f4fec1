"""`python -m spectro.compat`, in processes of its own; `torch` is a folder beside the script."""

import json
import os
import subprocess
import sys

import pytest

from .conftest import ROOT

SCRIPT = """
import sys
import numpy as np
import torch

x = np.random.default_rng(0).standard_normal(1000)
z = torch.stft(x, 64, window=np.hanning(64), return_complex=True)
print(__name__, sys.argv[1:], type(z).__name__, getattr(z, "shape", z))
"""
CHILDREN = """
import concurrent.futures, multiprocessing, os, subprocess, sys
import numpy as np

def work(i):
    import torch
    return torch.stft(np.zeros(100), 16, window=np.ones(16), return_complex=True).shape

if __name__ == "__main__":
    command = [sys.executable, "-c", "import children; print(children.work(0))"]
    print(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
    for method in ("spawn", "fork", "forkserver"):
        with multiprocessing.get_context(method).Pool(1) as pool:
            print(pool.map(work, [1, 2]))  # and kills the worker
    left = concurrent.futures.ProcessPoolExecutor(1)  # nobody shuts it down
    print(list(left.map(work, [1, 2])))
    child = os.fork()
    if not child:
        work(0)
        os._exit(0)
    os.waitpid(child, 0)
"""
LOKY = """
import joblib
import children

if __name__ == "__main__":
    jobs = (joblib.delayed(children.work)(i) for i in range(4))
    print(joblib.Parallel(n_jobs=2, backend="loky")(jobs))
"""
THREADS = """
import threading, time
import children

def later():
    time.sleep(0.3)
    children.work(0)

threading.Thread(target=later).start()
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a script, and a library called torch."""
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("from .functional import stft\n")
    (tmp_path / "torch" / "functional.py").write_text("def stft(*args, **kwargs):\n    return 'theirs'\n")
    (tmp_path / "script.py").write_text(SCRIPT)
    return tmp_path


def run(folder, *arguments, cwd=None):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    command = [sys.executable, "-m", "spectro.compat", *arguments]
    return subprocess.run(command, cwd=cwd or folder, env=environment, capture_output=True, text=True)


def test_a_script_with_its_own_arguments(folder):
    done = run(folder, "--profile", "--profile-json", "report.json", "script.py", "--profile", "-v", "x")
    assert done.stdout == "__main__ ['--profile', '-v', 'x'] ndarray (33, 63)\n", done.stderr
    report = json.loads((folder / "report.json").read_text())
    assert (report["served"], report["passed_on"]) == (1, 0)
    [line] = report["functions"]
    assert (line["name"], line["calls"]) == ("torch.stft", 1)
    assert set(line["backends"]) <= {"cpu", "portable"}
    assert line["seconds"] > 0
    assert "torch.stft" in done.stderr
    assert "spectro served 1 of 1 calls" in done.stderr


def test_no_mirror_is_imported_before_a_call(folder):
    lines = (
        "import sys, torch\nprint([name for name in sys.modules if name.startswith('spectro.compat.torch')])"
    )
    (folder / "idle.py").write_text(f"{lines}\n")
    assert run(folder, "idle.py").stdout == "[]\n"


def test_a_module(folder):
    done = run(folder, "-m", "script", "x")
    assert done.stdout == "__main__ ['x'] ndarray (33, 63)\n", done.stderr


def test_only_what_is_wanted(folder):
    assert "str theirs" in run(folder, "--only", "librosa,madmom", "script.py").stdout
    assert "ndarray" in run(folder, "--only", "torch", "script.py").stdout
    done = run(folder, "--only", "numpy", "script.py")
    assert done.returncode == 2
    assert "must name some of torch" in done.stderr


def test_verbose_says_who_serves(folder):
    assert "spectro: torch.stft served by spectro\n" in run(folder, "-v", "script.py").stderr


def test_fallback_warns_or_refuses(folder):
    strict = "import spectro\nspectro.config(strict=True)\n" + SCRIPT
    (folder / "strict.py").write_text(strict)
    done = run(folder, "strict.py")
    assert "str theirs" in done.stdout
    assert "strict.py:9: FallbackWarning: torch.stft is served by torch itself" in done.stderr
    assert "FallbackWarning" not in run(folder, "--fallback", "silent", "strict.py").stderr
    done = run(folder, "--fallback", "error", "--profile", "strict.py")
    assert done.returncode == 1
    assert "FallbackError: torch.stft is served by torch itself" in done.stderr


def test_a_warning_of_a_mirror_names_the_scripts_line(folder):
    (folder / "warns.py").write_text(
        "import numpy as np\nimport torch\n\ntorch.stft(np.zeros(100), 16, return_complex=True)\n"
    )
    assert "warns.py:4: UserWarning: A window was not provided" in run(folder, "warns.py").stderr


def test_exit_codes_and_errors_are_the_scripts(folder):
    (folder / "leaves.py").write_text("import sys\nsys.exit(7)\n")
    (folder / "fails.py").write_text("1 / 0\n")
    assert run(folder, "leaves.py").returncode == 7
    failed = run(folder, "fails.py")
    assert failed.returncode == 1
    assert 'File "fails.py", line 1' in failed.stderr
    assert "ZeroDivisionError" in failed.stderr
    missing = run(folder, "nowhere.py")
    assert missing.returncode == 2
    assert "there is no file nowhere.py" in missing.stderr


def test_a_script_elsewhere_finds_what_lies_beside_it(folder, tmp_path_factory):
    done = run(folder, str(folder / "script.py"), cwd=tmp_path_factory.mktemp("elsewhere"))
    assert "ndarray" in done.stdout, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no fork")
def test_processes_it_starts_are_swapped_and_counted(folder):
    (folder / "children.py").write_text(CHILDREN)
    (folder / "sitecustomize.py").write_text("import os\nos.environ['SEEN'] = 'yes'\n")
    environment = os.environ.get("PYTHONPATH")
    done = run(folder, "--profile-json", "report.json", "children.py")
    assert done.stdout.splitlines() == ["(9, 26)", *["[(9, 26), (9, 26)]"] * 4], done.stderr
    [line] = json.loads((folder / "report.json").read_text())["functions"]
    assert line["calls"] == 10
    assert line["seconds"] > 0
    assert sum(line["backends"].values()) == 10
    assert os.environ.get("PYTHONPATH") == environment


def test_workers_of_joblib_are_counted(folder):
    pytest.importorskip("joblib")
    (folder / "children.py").write_text(CHILDREN)
    (folder / "loky.py").write_text(LOKY)
    done = run(folder, "--profile-json", "report.json", "loky.py")
    assert done.stdout == f"{[(9, 26)] * 4}\n", done.stderr
    [line] = json.loads((folder / "report.json").read_text())["functions"]
    assert line["calls"] == 4


def test_threads_that_outlive_the_script_are_counted(folder):
    (folder / "children.py").write_text(CHILDREN)
    (folder / "threads.py").write_text(THREADS)
    run(folder, "--profile-json", "report.json", "threads.py")
    assert json.loads((folder / "report.json").read_text())["served"] == 1


def test_the_report_goes_where_it_was_asked_for(folder):
    (folder / "moves.py").write_text("import os, tempfile\nos.chdir(tempfile.gettempdir())\n" + SCRIPT)
    run(folder, "--profile-json", "report.json", "moves.py")
    assert json.loads((folder / "report.json").read_text())["served"] == 1
    for wrong in ("nowhere/report.json", "."):
        done = run(folder, "--profile-json", wrong, "moves.py")
        assert done.returncode == 2
        assert "cannot be written" in done.stderr


def test_another_sitecustomize_is_run_too(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("site")
    (other / "sitecustomize.py").write_text("print('site of the user')\n")
    (folder / "outer.py").write_text(
        "import subprocess, sys\n"
        "print(subprocess.run([sys.executable, '-c', ''], capture_output=True, text=True))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(other)])}
    command = [sys.executable, "-m", "spectro.compat", "outer.py"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert "stdout='site of the user" in done.stdout


def test_a_child_without_spectro_runs_without_it(folder):
    (folder / "outer.py").write_text(
        "import os, subprocess, sys\n"
        "startup = os.environ['PYTHONPATH'].split(os.pathsep)[0]\n"
        "environment = {**os.environ, 'PYTHONPATH': os.pathsep.join([startup, os.getcwd()])}\n"
        'code = \'import sys; sys.path[:] = [p for p in sys.path if not p.endswith("-packages")]; '
        "import torch; print(torch.stft())'\n"
        "command = [sys.executable, '-c', code]\n"
        "done = subprocess.run(command, env=environment, capture_output=True, text=True)\n"
        "print(done.stdout, done.stderr)\n"
    )
    done = run(folder, "outer.py")
    assert "theirs" in done.stdout, done.stdout + done.stderr
    assert "torch is not swapped in this process" in done.stdout
