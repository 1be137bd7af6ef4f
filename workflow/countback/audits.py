"""What an audit finds, in one form; and the audits of an organization's own past.

- A publisher who revised stays one who did. Since which release nothing was revised, in how many comparisons, is part
  of the evidence.
"""

from typing import NamedTuple

import pandas as pd

from countback.periods import parse_period
from countback.revisions import CONTRADICTIONS, since_last_revision
from countback.row_warnings import has_warning
from countback.text.claims import counted, number_alone
from countback.text.units import format_number

KEY = ["app", "policy_area", "metric", "period"]


class Verdict(NamedTuple):
    """What an audit finds: its code, its evidence, how many numbers it rests on, and whether one is doubtful."""

    verdict: str
    evidence: str
    n: int
    is_doubtful: bool = False


def of_history(revisions: pd.DataFrame) -> Verdict:
    """Return what a history of releases shows as a whole.

    Parameters
    ----------
    revisions
        Rows of `meta_revisions` or `tiktok_revisions`, with the period of the newer release as `to_period`.
    """
    comparable, revised = int(revisions["n_comparable"].sum()), int(revisions["n_revised"].sum())
    changed = revisions[revisions["n_revised"] > 0]
    gone = int((revisions["n_vanished"] - revisions["n_vanished_snapshot"]).sum())
    evidence = (
        f"In {counted(len(revisions), 'pair')} of releases, {counted(comparable, 'comparison')} of facts: "
        f"{number_alone(revised)} revised"
    )
    if revised:
        worst = changed.loc[changed["revised_share"].idxmax()]
        evidence += (
            f" in {counted(len(changed), 'pair')}, at most {format_number(float(worst['revised_share']), 'share')} "
            f"by the release of {worst['to_period']}; "
            f"{number_alone(revisions['n_returned'].sum())} return to an earlier number"
        )
        since = since_last_revision(revisions)
        if len(since):
            compared, by = counted(int(since["n_comparable"].sum()), "comparison"), counted(len(since), "pair")
            evidence += (
                f"; none since the release of {changed['to_period'].iloc[-1]}, in {compared} by {by} of releases"
            )
    if revisions["n_reprinted"].sum():
        evidence += f", {number_alone(revisions['n_reprinted'].sum())} printed with other decimals"
    respelled, dropped = counted(revisions["n_labels_changed"].sum(), "label"), counted(gone, "fact")
    evidence += f". Besides, {respelled} respelled and {dropped} of earlier periods dropped."
    return Verdict("revised" if revised else "not_revised", evidence, comparable)


def of_app(revised: pd.DataFrame, stated: pd.DataFrame) -> Verdict:
    """Return what a history of several apps shows for one of them.

    Parameters
    ----------
    revised
        Rows of `meta_revised_facts` of the app, with the period of the revising release as `to_period`.
    stated
        Rows of the history of the app.
    """
    facts = len(stated.dropna(subset="value").drop_duplicates(KEY))
    evidence = f"Of {counted(facts, 'fact')}, {number_alone(len(revised.drop_duplicates(KEY)))} revised"
    if len(revised):
        evidence += (
            f", {counted(len(revised), 'time')} in all by {counted(revised['to_release'].nunique(), 'release')}, "
            f"last by that of {max(revised['to_period'], key=parse_period)}; "
            f"of these revisions, {number_alone(revised['is_return'].sum())} return to an earlier number and "
            f"{number_alone(revised['is_child_related'].sum())} are about children"
        )
    return Verdict("revised" if len(revised) else "not_revised", f"{evidence}.", facts)


def of_contradictions(contradictions: pd.DataFrame) -> Verdict:
    """Return what the check of an organization's files against themselves shows."""
    kinds = contradictions["contradiction"].value_counts().sort_index()
    listed = ", ".join(f"{CONTRADICTIONS[str(kind)]} ({number})" for kind, number in kinds.items())
    files = contradictions["source"].nunique()
    evidence = f"In {counted(files, 'file')}, {counted(len(contradictions), 'contradiction')}: {listed}."
    doubtful = (contradictions["contradiction"] == "doubtful_by_remark").any()
    return Verdict("contradicts_itself", evidence, len(contradictions), bool(doubtful))


def of_single_statements(disclosures: pd.DataFrame) -> Verdict:
    """Return what can be said of an organization's past where each period is stated once."""
    restated = has_warning(disclosures["warnings"], "restated")
    periods = counted(disclosures["period"].nunique(), "period")
    doubtful = bool(has_warning(disclosures["warnings"], "doubtful").any())
    n = len(disclosures)
    if restated.any():
        found = f"Of {counted(n, 'disclosure')} on {periods}, {number_alone(int(restated.sum()))} marked as restated."
        return Verdict("restated", found, int(restated.sum()), doubtful)
    repeated = int(disclosures["is_redundant"].sum())
    evidence = f"This study has {counted(n, 'disclosure')} on {periods}, and one release of each."
    if repeated:
        verb = "repeats" if repeated == 1 else "repeat"
        evidence += f" Of these, {number_alone(repeated)} {verb} others, as a part or a sum."
    return Verdict("stated_once", evidence, 0, doubtful)
