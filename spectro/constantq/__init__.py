"""The constant-Q family: bins at musical intervals, each with a filter whose length suits its frequency.

frequencies.py  where the bins stand, and how long their filters are
intervals.py    scales other than equal temperament
basis.py        the filters, as rows of a matrix over the bins of an FFT
plan.py         which filters run on the signal at which sample rate
transform.py    vqt, cqt, pseudo_cqt, and the hybrid of the two
inverse.py      icqt
hybrid.py       HybridCQTTransform and hybrid_cqt
"""

from __future__ import annotations

from .hybrid import HybridCQTTransform, hybrid_cqt
from .inverse import icqt
from .transform import cqt, pseudo_cqt, vqt

__all__ = ["HybridCQTTransform", "cqt", "hybrid_cqt", "icqt", "pseudo_cqt", "vqt"]
