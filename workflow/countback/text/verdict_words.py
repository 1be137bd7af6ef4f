"""What audits find, in words that a reader understands, and the table of all verdicts.

- Those that disagree come first; within a verdict, those that are farthest apart in a typical year.
- A brand that is compared together with its owner shows no count: the counts are the owner's.
- What rests on doubtful or on few numbers says so.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from countback.text.claims import listed

CLEARINGHOUSE = {
    "disagrees": "Disagrees",
    "disagrees_in_some_years": "Disagrees in some years",
    "nearly_agrees": "Nearly agrees",
    "too_few_to_tell": "Too few reports to tell",
    "agrees": "Agrees",
    "not_comparable": "No year to compare",
    "audited_with_owner": "Compared with its owner",
    "nothing_to_audit": "Nothing to audit",
}
PAST = {
    "revised": "Revised numbers",
    "not_revised": "Revised none",
    "contradicts_itself": "Contradicts itself",
    "restated": "Corrected a number",
    "stated_once": "One release only",
    "audited_by_brand": "See its brands",
    "nothing_to_audit": "Nothing to audit",
}
DIGITS = {
    "rounds": "Rounded",
    "no_sign_of_rounding": "No sign of rounding",
    "too_few_to_tell": "Too few counts",
    "audited_by_brand": "See brands",
    "nothing_to_audit": "Nothing to audit",
}
WORDS = {"against_clearinghouse": CLEARINGHOUSE, "against_own_past": PAST, "rounding": DIGITS}
IN_FEW = "in the few years that can be compared"
FORMS = {
    "disagrees": ("disagrees", "disagree"),
    "disagrees_in_few": (f"disagrees {IN_FEW}", f"disagree {IN_FEW}"),
    "disagrees_in_some_years": ("disagrees in some years", "disagree in some years"),
    "disagrees_in_some_years_in_few": (
        "disagrees in some of the few years that can be compared",
        "disagree in some of the few years that can be compared",
    ),
    "nearly_agrees": ("nearly agrees", "nearly agree"),
    "nearly_agrees_in_few": (f"nearly agrees {IN_FEW}", f"nearly agree {IN_FEW}"),
    "agrees": ("agrees", "agree"),
    "agrees_in_few": (f"agrees {IN_FEW}", f"agree {IN_FEW}"),
}
CERTAINTY = {"doubtful": "doubtful counts", "few": "few years"}
NUMBERS = ["provider_reports", "ncmec_reports", "relative_difference"]


def in_words(audit: str, row: pd.Series) -> str:
    """Return what an audit finds; of the first, what weakens it too, in brackets."""
    certainty = CERTAINTY.get(str(row["certainty"]))
    weak = f" ({certainty})" if certainty and audit == "against_clearinghouse" else ""
    return WORDS[audit][str(row["verdict"])] + weak


def by_audit(verdicts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the verdicts of each audit, by the organization."""
    return {str(audit): rows.set_index("provider") for audit, rows in verdicts.groupby("audit")}


def owner_words(evidence: str, words: str) -> str:
    """Return what a brand's row says of its owner, whose name its evidence gives.

    Examples
    --------
    >>> owner_words("Part of Acme, which nearly agrees with NCMEC.", "Compared with its owner")
    'With Acme, which nearly agrees'
    """
    if not evidence.startswith("Part of "):
        return words
    return "With " + evidence.removeprefix("Part of ").removesuffix(".").replace(" with NCMEC", "")


def verdict_rows(
    survey: pd.DataFrame, verdicts: pd.DataFrame, typical: pd.DataFrame, pairs: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per organization that has something to audit, those that disagree first.

    Parameters
    ----------
    survey, verdicts
        The tables of these names.
    typical, pairs
        `agreement_providers` and `agreement_pairs`: the comparable years of those that have any.

    Returns
    -------
    pandas.DataFrame
        With `organization`, `name`, a column of words for each audit, how many years are compared and which, and
        year, both counts and relative difference of the year whose counts are farthest apart.
    """
    found = by_audit(verdicts)
    typical = typical.set_index("provider")
    rows = []
    for organization, name in zip(survey["organization"], survey["name"], strict=True):
        first = found["against_clearinghouse"].loc[organization]
        if first["verdict"] == "nothing_to_audit":
            continue
        row: dict[str, object] = {"organization": organization, "name": name, "verdict": first["verdict"]}
        row |= {audit: in_words(audit, found[audit].loc[organization]) for audit in WORDS}
        if first["verdict"] == "audited_with_owner":
            row["against_clearinghouse"] = owner_words(str(first["evidence"]), CLEARINGHOUSE["audited_with_owner"])
        if organization in typical.index and first["verdict"] != "audited_with_owner":
            row |= compared(pairs[pairs["provider"] == organization], typical.loc[organization])
        rows.append(row)
    table = pd.DataFrame(rows, columns=[*["organization", "name", "verdict"], *WORDS, *COMPARED])
    table = table.astype({"widest_year": "Int64"})
    order = table["verdict"].map(list(CLEARINGHOUSE).index)
    table = table.assign(order=order, apart=-table["typical_distance"].astype("Float64").fillna(-1))
    return table.sort_values(["order", "apart", "name"], ignore_index=True).drop(columns=["order", "apart"])


COMPARED = ["years", "widest_year", *NUMBERS, "typical_distance"]


def short_spans(years: Iterable[int]) -> str:
    """Return years in the form of tables, those in a row as a span.

    Examples
    --------
    >>> short_spans([2019, 2021, 2022, 2023])
    '2019, 2021–2023'
    """
    runs: list[list[int]] = []
    for year in sorted(int(year) for year in years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def compared(pairs: pd.DataFrame, typical: pd.Series) -> dict[str, object]:
    """Return which years of a provider are compared, and the numbers of the one whose counts are farthest apart."""
    row: dict[str, object] = {
        "years": f"{len(pairs)}: {short_spans(pairs['year'])}",
        "typical_distance": float(typical["typical_distance"]),
    }
    if not typical["widest_difference"]:
        return row
    worst = pairs[pairs["year"] == typical["widest_year"]].iloc[0]
    return row | {"widest_year": int(worst["year"])} | {name: worst[name] for name in NUMBERS}


def answer(verdicts: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Return which organizations disagree, nearly agree and agree, in a sentence for each, as text.

    Parameters
    ----------
    verdicts, names
        The table of verdicts, and names of organizations by id.

    Examples
    --------
    >>> rows = [("a", "disagrees"), ("b", "agrees"), ("c", "agrees")]
    >>> table = pd.DataFrame(rows, columns=["provider", "verdict"]).assign(audit="against_clearinghouse")
    >>> answer(table, {"a": "Acme", "b": "Bee", "c": "Chat"})
    'Acme disagrees with NCMEC. Bee and Chat agree.'
    >>> answer(table.assign(certainty=["", "", "few"]), {"a": "Acme", "b": "Bee", "c": "Chat"})
    'Acme disagrees with NCMEC. Bee agrees. Chat agrees in the few years that can be compared.'
    """
    first = verdicts[verdicts["audit"] == "against_clearinghouse"]
    if "certainty" in first:
        few = first["certainty"] == "few"
        first = first.assign(verdict=first["verdict"].where(~few, first["verdict"] + "_in_few"))
    sentences: list[str] = []
    for code, (one, several) in FORMS.items():
        who = sorted((names[provider] for provider in first.loc[first["verdict"] == code, "provider"]), key=str.lower)
        if who:
            with_whom = "" if sentences else " with NCMEC"
            sentences.append(f"{listed(who)} {said_with(one if len(who) == 1 else several, with_whom)}.")
    if not sentences:
        return "No organization can be compared with NCMEC."
    return " ".join(sentences)


def said_with(words: str, with_whom: str) -> str:
    """Return a verb and what follows it, with whom after the verb.

    Examples
    --------
    >>> said_with("disagree in some years", " with NCMEC")
    'disagree with NCMEC in some years'
    """
    verb, at, rest = words.partition(" in ")
    return f"{verb}{with_whom}{at}{rest}"
