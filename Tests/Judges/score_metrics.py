"""Scores predictions with scikit-learn.

Reads a JSON list of {"labels": [...], "scores": [...]} and prints a list of the metrics of each, as
JSON. A metric that is not defined for the labels is null.
"""

import json
import sys
import warnings

import numpy
from sklearn import metrics
from sklearn.calibration import calibration_curve


def expected_error(labels, scores, bins=10):
    """The calibration error, from the curve and the number of rows in each of its bins."""
    observed, predicted = calibration_curve(labels, scores, n_bins=bins)
    edges = numpy.linspace(0, 1, bins + 1)
    counts = numpy.bincount(numpy.searchsorted(edges[1:-1], scores), minlength=bins)
    weights = counts[counts > 0] / len(labels)
    return float(numpy.sum(weights * numpy.abs(observed - predicted)))


def score(case):
    labels = numpy.array(case["labels"], dtype=int)
    scores = numpy.array(case["scores"], dtype=float)
    both = 0 < labels.sum() < len(labels)
    return {
        "auc": metrics.roc_auc_score(labels, scores) if both else None,
        "average_precision": metrics.average_precision_score(labels, scores)
        if labels.sum() > 0
        else None,
        "log_loss": metrics.log_loss(labels, scores, labels=[0, 1]),
        "brier": metrics.brier_score_loss(labels, scores, pos_label=1) if both else None,
        "rmse": metrics.root_mean_squared_error(labels, scores),
        "expected_error": expected_error(labels, scores),
    }


def main():
    warnings.simplefilter("ignore")
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)
    print(json.dumps([score(case) for case in cases]))


if __name__ == "__main__":
    main()
