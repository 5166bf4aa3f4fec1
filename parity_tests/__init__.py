"""Parity: spectro's numbers against the libraries it mirrors, with or without those libraries.

signals.py     the inputs, by seeded recipe
case.py        what a case is: a function, an input, options, and how to call it
cases/         the cases, a module a namespace
kinds.py       numpy, mlx and torch arrays to run a case with
rule.py        the error rule: how far from the truth a result may be
references.py  what a reference library answers to a case
goldens.py     such answers, kept on disk under the library's version
make.py        writes the goldens: python -m spectro.parity_tests.make
runner.py      runs cases and judges them; `spectro parity` prints the table (table.py)
"""
