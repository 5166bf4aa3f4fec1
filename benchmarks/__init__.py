"""Speed: ours against the references, in one process, at equal thread counts.

    python -m benchmarks     the tables of `cpu`, `features` and `transforms`; how cost grows (`scaling`)
    python -m benchmarks.compare OLD.json NEW.json

Absolute times mean little on a shared machine, so the rivals of a workload take turns call by call, and
what is reported, committed and compared is the ratio of their times.
"""
