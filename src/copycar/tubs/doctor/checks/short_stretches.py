"""Very short drives: a tap on the record button, or a recording torn by many deletions."""

import numpy as np

from copycar.tubs.doctor.evidence import Evidence
from copycar.tubs.doctor.verdict import Verdict, fix_command, many

LEAST_S = 1.0
"""Shorter than the gap that is left between training and validation; no network with a memory can use it."""


def check(evidence: Evidence) -> Verdict:
    """Judge: drives under a second are worth a look."""
    if not len(evidence.records):
        return Verdict("short_stretches", "ok", "there is nothing to measure")
    lengths = np.bincount(evidence.stretches)
    is_short = lengths[evidence.stretches] < LEAST_S * evidence.rate_hz
    n_short = len(np.unique(evidence.stretches[is_short]))
    n_all = int((lengths > 0).sum())
    if not n_short:
        return Verdict("short_stretches", "ok", f"{many(n_all, 'uninterrupted drive')}, none under {LEAST_S:.0f} s")
    words = f"{n_short} of {n_all} uninterrupted drives last less than {LEAST_S:.0f} s"
    fix = fix_command(evidence.tub.path, "short_stretches")
    return Verdict("short_stretches", "look", words, evidence.numbers(is_short), fix, deletes=True)
