"""The report of an evaluation: one page that a teacher can show to a class, and the same as JSON."""

from copycar.evaluation.report.write import write_report

__all__ = ["write_report"]
