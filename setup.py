"""Which packages the wheel holds, and the compiled CPU kernels in it. The rest stands in pyproject.toml.

`spectro` comes with the folders `kernels` and `parity_tests` inside it.

Without a C++ compiler the installation succeeds and the package does without them (``spectro doctor`` says
so). The libraries are loaded by ctypes, so a wheel depends on the platform, not on the Python version.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from setuptools import Distribution, find_packages, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


def inside_spectro(folder: str) -> list[str]:
    """Return the packages of a top-level folder, as they are called once installed."""
    return [f"spectro.{folder}", *(f"spectro.{folder}.{name}" for name in find_packages(folder))]


def _kernel_build() -> ModuleType:
    """Return kernels/cpu/build.py as a module, without the package around it and its dependencies."""
    spec = importlib.util.spec_from_file_location("kernel_build", ROOT / "kernels" / "cpu" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BuildWithKernels(build_py):
    """Compiles the kernels after the Python files; an editable install keeps them in the checkout."""

    def run(self) -> None:
        """Build the package, then the kernels."""
        super().run()
        build = _kernel_build()
        package = ROOT / "kernels" if self.editable_mode else Path(self.build_lib) / "spectro" / "kernels"
        build.build(package / "cpu" / build.LIBRARY_FOLDER)


class PlatformWheel(bdist_wheel):
    """py3-none-<platform> when the wheel holds compiled kernels, py3-none-any when not."""

    def finalize_options(self) -> None:
        """Decide whether the wheel is pure."""
        super().finalize_options()
        self.root_is_pure = not _kernel_build().can_build()

    def get_tag(self) -> tuple[str, str, str]:
        """Return the wheel's tag: any Python 3, no ABI."""
        _python, _abi, platform = super().get_tag()
        return "py3", "none", platform


class MaybeBinaryDistribution(Distribution):
    """Goes into the platform's folder when there is something compiled."""

    def has_ext_modules(self) -> bool:
        """Return whether the distribution is for one platform."""
        return bool(_kernel_build().can_build())


setup(
    packages=[
        *find_packages(include=["spectro", "spectro.*"]),
        *inside_spectro("kernels"),
        *inside_spectro("parity_tests"),
    ],
    cmdclass={"build_py": BuildWithKernels, "bdist_wheel": PlatformWheel},
    distclass=MaybeBinaryDistribution,
)
