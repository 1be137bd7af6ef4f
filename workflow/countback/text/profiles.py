"""A short profile of each organization, as markdown: what it discloses, and what each audit finds.

- Texts of tables are escaped: nothing in them is read as markup.
- An organization without a count has nothing to audit, and one line says so instead of three.
- Last digits are worth a line where they show something: where counts are rounded.
"""

from collections.abc import Iterator

import pandas as pd

from countback.text.words import prose

AUDITS = {
    "against_clearinghouse": "Against NCMEC",
    "against_own_past": "Against its own past",
    "rounding": "Last digits",
}
QUANTITIES = {"discloses_reports": "reports", "discloses_pieces": "pieces", "discloses_accounts": "accounts"}
PERIODS = {"year": "year", "half": "half-year", "quarter": "quarter"}
CERTAINTY = {"doubtful": "It rests on doubtful numbers.", "few": "It rests on few numbers."}


def disclosed(row: pd.Series) -> str:
    """Return one sentence on what an organization discloses, by which periods, since and until when."""
    what = str(row["what_is_disclosed"])
    quantities = [word for column, word in QUANTITIES.items() if row[column]]
    parts = [prose(what)]
    if pd.notna(row["granularity"]):
        parts.append(f"by {PERIODS.get(row['granularity'], prose(row['granularity']))}")
    if pd.notna(row["coverage_start"]):
        parts.append(f"since {prose(row['coverage_start'])}")
    if pd.notna(row["coverage_end"]):
        parts.append(f"until {prose(row['coverage_end'])}")
    return " ".join(parts) + (f": {', '.join(quantities)}." if quantities else ".")


def found(verdict: pd.Series) -> str:
    """Return what an audit finds, on what evidence, and how sure."""
    words = str(verdict["verdict"]).replace("_", " ")
    certainty = CERTAINTY.get(str(verdict["certainty"]), "")
    return " ".join(part for part in (f"{prose(words)}.", prose(verdict["evidence"]), certainty) if part)


def lines(row: pd.Series, verdicts: pd.DataFrame, note: str | None) -> Iterator[str]:
    """Yield what is to say of one organization."""
    if set(verdicts["verdict"]) == {"nothing_to_audit"}:
        first = verdicts[verdicts["audit"] == next(iter(AUDITS))].iloc[0]
        yield prose(first["evidence"])
    else:
        yield disclosed(row)
        is_silent = (verdicts["audit"] == "rounding") & (verdicts["verdict"] != "rounds")
        for _, verdict in verdicts[~is_silent].iterrows():
            yield f"*{AUDITS[verdict['audit']]}:* {found(verdict)}"
    if note:
        yield prose(note)


def profiles(survey: pd.DataFrame, verdicts: pd.DataFrame, organizations: pd.DataFrame) -> str:
    """Return a definition list of all organizations surveyed, by name.

    Parameters
    ----------
    survey
        The table `survey`: one row per organization.
    verdicts
        The table `verdicts`: one row per organization and audit.
    organizations
        The list of organizations, with a note on each.
    """
    notes = organizations.set_index("organization")["note"].dropna()
    entries = []
    for _, row in survey.sort_values("name", key=lambda names: names.str.lower()).iterrows():
        own = verdicts[verdicts["provider"] == row["organization"]]
        said = lines(row, own, notes.get(row["organization"]))
        entries.append("\n".join([prose(row["name"]), *(f":   {line}" for line in said)]))
    return "\n\n".join(entries)
