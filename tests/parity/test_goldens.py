"""Every case, with every kind of array there is here, against the reference's recorded answer."""

import pytest

from spectro.parity_tests import goldens, runner


@pytest.mark.parametrize("case", runner.select(), ids=lambda case: case.id)
def test_agrees_with_the_reference(case):
    if runner.missing(case):
        pytest.skip(f"needs {', '.join(runner.missing(case))}")
    answer = goldens.load(case) if case.needs_golden else None
    verdicts = {kind.name: runner.judge(case, kind, answer) for kind in runner.kinds_of(case)}
    assert verdicts
    assert {name: v.failure for name, v in verdicts.items() if v.failure} == {}
