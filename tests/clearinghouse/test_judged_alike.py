"""One scale and one verdict: the audit of providers, in R, and that of the clearinghouse, in Python, judge alike."""

import itertools
import json
import subprocess

import pandas as pd
import pytest

from countback.agreement import Limits, judged, share_of_mean

LIMITS = Limits(close=0.01, near=0.05, few_reports=100)


def pairs(*counts):
    """Return pairs of an exact number and one with bounds."""
    frame = pd.DataFrame(counts, columns=["first_value", "second_value", "second_low", "second_high"])
    return frame.assign(first_low=frame["first_value"], first_high=frame["first_value"])


def test_python_and_r_judge_every_pair_alike(project):
    numbers = (0, 1, 37, 99, 1000, 1009, 1010, 1011, 1050, 1052, 1060, 1150, 20000)
    counts = [
        (first, second, second, second + width)
        for first, second, width in itertools.product(numbers, numbers, (0, 50, 5000))
    ]
    frame = pairs(*counts)
    found = judged(frame, LIMITS)
    code = (
        'source("workflow/R/agreement.R"); given <- jsonlite::fromJSON(file("stdin")); '
        "pairs <- data.frame(provider = 'a', year = 1, ncmec_reports = given$first_value, "
        "provider_reports = given$second_value, provider_low = given$second_low, provider_high = given$second_high, "
        "is_comparable = TRUE); "
        f"limits <- list(close = {LIMITS.close}, near = {LIMITS.near}, few_reports = {LIMITS.few_reports}); "
        "cat(jsonlite::toJSON(judged_pairs(agreement_pairs(pairs), limits)"
        "[c('relative_low', 'relative_high', 'verdict', 'is_straddling')], digits = 12))"
    )
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", code],
        cwd=project,
        input=json.dumps(frame.to_dict("list")),
        capture_output=True,
        text=True,
        check=True,
    )
    other = pd.DataFrame(json.loads(done.stdout))
    for column in ("verdict", "is_straddling"):
        assert found[column].tolist() == other[column].tolist()
    for column in ("relative_low", "relative_high"):
        assert found[column].astype(float).tolist() == pytest.approx(other[column].tolist(), abs=1e-9)
    assert set(found["verdict"]) == {"equal", "agrees_within_rounding", "close", "near", "apart", "too_few_to_tell"}


def test_a_number_that_is_not_printed_has_no_relative_difference():
    found = judged(pairs((5, None, 0, 49)).astype({"second_value": "Float64"}), LIMITS)
    assert pd.isna(found["relative_difference"][0])
    assert found["verdict"][0] == "agrees_within_rounding"


def test_a_difference_is_a_share_of_the_mean_of_both():
    assert share_of_mean(pd.Series([300]), pd.Series([100])).tolist() == [1.0]
