"""No interval is called a 95 percent one that falls short of it."""

import pandas as pd

from countback.text.intervals import overstated

COVERAGE = pd.DataFrame(
    {
        "interval_method": ["narrow", "narrow", "sound"],
        "errors": ["as_assumed", "as_observed", "as_observed"],
        "nominal": 0.95,
        "held_share": [0.95, 0.81, 0.94],
    }
)
FOUND = {
    "models.all.bias.low": {"interval_method": "narrow"},
    "models.all.median.low": {"interval_method": "sound"},
    "models.all.mean.low": {"interval_method": "new"},
    "models.all.bias.estimate": {},
}


def faults(text: str, *names: str) -> list[str]:
    """Return the messages on one line that prints these numbers."""
    return [str(one) for one in overstated([("chapters/a.qmd", 7, text, list(names))], FOUND, COVERAGE, 0.02)]


def test_an_interval_that_falls_short_is_not_called_a_95_percent_one() -> None:
    (said,) = faults("with a [95 percent]{.literal} interval from", "models.all.bias.low", "models.all.bias.estimate")
    assert "chapters/a.qmd" in said and "line 7" in said
    assert "81.0%" in said and "interval_coverage.narrow.as_observed.held_share" in said


def test_an_interval_within_the_tolerance_may_be_called_by_its_nominal_coverage() -> None:
    assert faults("with a 95% interval from", "models.all.median.low") == []


def test_a_line_that_names_no_coverage_may_print_any_interval() -> None:
    assert faults("with an interval from", "models.all.bias.low") == []


def test_an_interval_that_nobody_has_simulated_is_not_printed() -> None:
    (said,) = faults("with an interval from", "models.all.mean.low")
    assert "method new, whose coverage is not known" in said and "snakemake calibration" in said
