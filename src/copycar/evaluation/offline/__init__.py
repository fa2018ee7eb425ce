"""How far policies' actions are from a driver's on recordings: figures, page and pictures."""

from copycar.evaluation.offline.evaluate import Comparison, compare_offline, evaluate_offline
from copycar.evaluation.offline.frames import VALIDATION_SHARE, Split

__all__ = ["VALIDATION_SHARE", "Comparison", "Split", "compare_offline", "evaluate_offline"]
