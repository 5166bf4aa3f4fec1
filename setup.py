"""Which packages the wheel holds: `spectro`, with the folders `kernels` and `parity_tests` inside it."""

from setuptools import find_packages, setup


def inside_spectro(folder: str) -> list[str]:
    """Return the packages of a top-level folder, as they are called once installed."""
    return [f"spectro.{folder}", *(f"spectro.{folder}.{name}" for name in find_packages(folder))]


setup(
    packages=[
        *find_packages(include=["spectro", "spectro.*"]),
        *inside_spectro("kernels"),
        *inside_spectro("parity_tests"),
    ]
)
