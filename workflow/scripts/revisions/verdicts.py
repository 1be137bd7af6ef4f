"""Say of every surveyed organization which audits apply to it, and what they find.

- Every organization has one row per audit. What is found is one of a closed list; the evidence is made of the numbers
  that it rests on, `n` is how many of them there are, and nothing is typed by hand.
- Against the clearinghouse: all comparable years of the unit that the organization is compared in are taken, and judged
  as `agreement_providers` judges them, by the typical year: the difference, as a share of the mean of both counts, that
  at least half of the years do not exceed. It agrees where this is none, close or within rounding, nearly agrees where
  it is near, disagrees where it is apart; too few to tell is a difference of few reports. Where the typical year is not
  apart but another year is, it disagrees in some years, whatever the typical year: no verdict hides a year that is far
  off. The evidence counts the years that are apart and gives the worst.
  A brand that is compared with its owner has the owner's row.
- Against its own past, where the data hold several releases of the same facts: revised or not revised, by all facts
  that two consecutive releases give. Where they hold files that can be checked against themselves: whether these
  contradict each other. Where a single disclosure is marked as restated, that is said. Elsewhere each period is stated
  once, and nothing can be audited.
- Rounding: what the test of last digits finds of all of an organization's counts together, from the table `rounding`.
  An organization whose counts are all below that test's floor has too few.
- An organization without any count has nothing to audit; the evidence says what it publishes instead, and what NCMEC
  counts: of a brand what stands in rows of its own, and of its owner only where it has none.
- A verdict is doubtful if a number that it rests on is marked so; it rests on few numbers if these are fewer than
  `few`; else all of them were counted. This is not a probability.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from countback.audits import Verdict, of_app, of_contradictions, of_history, of_single_statements
from countback.esp_rows import branded_rows, rows_of_one_brand
from countback.io.script import run
from countback.io.tables import read_table, write_table
from countback.numbers import Number, count_codes, numbers_table
from countback.rounding import said_of_rounding
from countback.row_warnings import has_warning
from countback.text.claims import counted, number_alone, number_word, sentence
from countback.text.units import format_number

# NCMEC's rows by service provider and their brands
ROWS = ["esp_reports", "esp_brands", "selected_esp_reports", "selected_esp_brands"]
FILES = [
    "survey",
    "organizations",
    "comparisons",
    "pairs",
    "agreement",
    "disclosures",
    "releases",
    "meta_revisions",
    "meta_revised_facts",
    "meta",
    "tiktok_revisions",
    "contradictions",
    "rounding",
    *ROWS,
]
# Why a year can't be compared, in words: the verdicts of `provider_pairs`.
REASONS = {
    "no_own_reports": "no count of its reports in the data",
    "own_year_incomplete": "no count of its reports for a whole year",
    "ncmec_year_missing": "no table of NCMEC's for the year in the data",
    "ncmec_covers_other_brands": "other brands in the same row of NCMEC's",
    "not_listed_by_ncmec": "no row of NCMEC's",
    "ncmec_row_unknown": "no row among those of NCMEC's that are known",
}
# all that the first audit can find
FIRST_AUDIT = (
    "agrees",
    "nearly_agrees",
    "disagrees_in_some_years",
    "disagrees",
    "too_few_to_tell",
    "audited_with_owner",
    "not_comparable",
    "nothing_to_audit",
)
# what a provider does whose typical year is found so
TYPICAL = {
    "equal": "agrees",
    "agrees_within_rounding": "agrees",
    "close": "agrees",
    "near": "nearly_agrees",
    "apart": "disagrees",
    "too_few_to_tell": "too_few_to_tell",
}
OF_OWNER = {
    "agrees": "agrees with NCMEC",
    "nearly_agrees": "nearly agrees with NCMEC",
    "disagrees_in_some_years": "disagrees with NCMEC in some years",
    "disagrees": "disagrees with NCMEC",
    "too_few_to_tell": "has too few reports to tell whether it agrees with NCMEC",
}
# what the survey says of an organization without counts, as a sentence
SAID = {
    "Through its brands": "It discloses through its brands alone",
    "Transparency reports without this subject": "Its transparency reports leave this subject out",
    "Transparency reports that this study has not read": "Its transparency reports were not read",
}
ROUNDING = {"rounds": "rounds", "no_sign": "no_sign_of_rounding", "too_few": "too_few_to_tell"}


def against_clearinghouse(pairs: pd.DataFrame, typical: pd.Series | None) -> Verdict:
    """Return what a unit's pairs show.

    Parameters
    ----------
    pairs
        Rows of `provider_pairs` of one unit: all years, comparable or not.
    typical
        The unit's row of `agreement_providers`; None if no year can be compared.
    """
    good = pairs[pairs["is_comparable"]]
    if typical is None:
        reasons = pairs["verdict"].value_counts().sort_index()
        why = "; ".join(f"{REASONS[str(code)]} ({counted(number, 'year')})" for code, number in reasons.items())
        why = why if len(reasons) > 1 else REASONS[str(reasons.index[0])]
        return Verdict("not_comparable", f"None of {counted(len(pairs), 'year')} can be compared: {why}.", 0)
    evidence = f"{sentence(counted(len(good), 'comparable year'))}: {years_by_verdict(typical)}."
    if typical["widest_difference"]:
        evidence += f" {said_of_distance(typical)} {said_of_widest(typical, good)}"
    evidence += said_of_rounding(good)
    is_doubtful = bool(has_warning(good["warnings"], "doubtful").any())
    return Verdict(verdict_of_years(typical), evidence, len(good), is_doubtful)


def verdict_of_years(typical: pd.Series) -> str:
    """Return what a provider does by its typical year, unless this hides that another year is apart."""
    found = TYPICAL[str(typical["verdict"])]
    return "disagrees_in_some_years" if found != "disagrees" and typical["n_apart"] else found


def years_by_verdict(typical: pd.Series) -> str:
    """Return how many years of a provider have which verdict, in words, those that none has left out."""
    words = {
        "n_equal": "equal",
        "n_within_rounding": "within rounding",
        "n_close": "close",
        "n_near_pairs": "near",
        "n_apart": "apart",
        "n_too_few": "different by few reports",
    }
    return ", ".join(
        f"{number_alone(int(typical[column]))} {said}" for column, said in words.items() if typical[column]
    )


def share_of_means(share: float) -> str:
    """Return a share for readers, with two decimals where one would print a difference as none."""
    return format_number(share, "share", 1 if share == 0 or share >= 0.001 else 2)


def said_of_distance(typical: pd.Series) -> str:
    """Return how far apart both counts are in a typical year, and what rounding leaves open."""
    low, high = (float(typical[f"typical_{end}"]) for end in ("low", "high"))
    if high == 0:
        return "Equal in a typical year."
    if low == high:
        return f"In a typical year {share_of_means(high)} of the mean of both counts apart."
    ends = f"{share_of_means(low)} and {share_of_means(high)}"
    better = "; the better verdict is taken" if typical["is_straddling"] else ""
    return f"In a typical year between {ends} of the mean of both counts apart, by rounding{better}."


def said_of_widest(typical: pd.Series, pairs: pd.DataFrame) -> str:
    """Return the numbers of the year whose counts lie farthest apart, for their size."""
    worst = pairs[pairs["year"] == typical["widest_year"]].iloc[0]
    own, theirs = (format_number(float(worst[side]), "count") for side in ("provider_reports", "ncmec_reports"))
    size = share_of_means(abs(float(typical["widest_difference"])))
    return f"Farthest apart, in {worst['year']}: {own} to NCMEC's {theirs}, {size} of the mean."


def of_rounding(tests: pd.DataFrame) -> Verdict:
    """Return what last digits say of an organization's counts.

    Parameters
    ----------
    tests
        Its row of `rounding` for all metrics together; none if it has no count that is large enough.
    """
    if tests.empty:
        return Verdict("too_few_to_tell", "No count is large enough for a test of last digits.", 0)
    row = tests.iloc[0]
    in_0, in_00 = (int(row[f"n_ends_in_{digits}"]) for digits in ("0", "00"))
    ends = f"{number_alone(in_0)} {'ends' if in_0 == 1 else 'end'} in 0 and {number_alone(in_00)} in 00"
    evidence = f"Of {counted(int(row['n']), 'count')} large enough for the test, {ends}"
    if pd.notna(row["p_holm"]):
        probability = format_number(float(row["p_holm"]), "probability")
        evidence += f"; adjusted probability of that without rounding: {probability}"
    return Verdict(ROUNDING[str(row["verdict"])], f"{evidence}.", int(row["n"]))


def unit_of(organization: str, comparisons: pd.DataFrame) -> str | None:
    """Return the unit in which an organization is compared with the clearinghouse: its own, or its owner's."""
    if (comparisons["provider"] == organization).any():
        return organization
    part = comparisons[(comparisons["series"] == organization) | (comparisons["brand"] == organization)]
    return None if part.empty else str(part["provider"].iloc[0])


def nothing_to_audit(
    row: Mapping[str, str], pairs: pd.DataFrame, whole: str | None, own: pd.DataFrame | None = None
) -> Verdict:
    """Return the verdict on an organization without counts: what it publishes, and what NCMEC counts.

    Parameters
    ----------
    row
        Of `survey`.
    pairs
        Rows of `provider_pairs` of the unit that the organization belongs to.
    whole
        The unit's name, if it is another organization.
    own
        Rows of NCMEC's that name the organization alone.
    """
    # a row that covers other brands too is no count of this one
    rows_alone = pairs[pairs["ncmec_reports"].notna() & pairs["ncmec_other_brands"].isna()]
    said = SAID.get(row["what_is_disclosed"], row["what_is_disclosed"])
    evidence = f"{said}; this study found no count that could be audited here."
    if whole and own is not None and len(own):
        total = format_number(float(own["reports"].sum()), "count")
        years = counted(own["year"].nunique(), "year")
        evidence += (
            f" NCMEC counts {total} reports in rows of its own, in {years}; other rows of {whole} are of others."
        )
    elif len(rows_alone):
        total = format_number(float(rows_alone["ncmec_reports"].sum()), "count")
        of_whole = f" of {whole} as a whole" if whole else ""
        shared = int(pairs["ncmec_reports"].notna().sum()) - len(rows_alone)
        others = f"; in {number_word(shared)} more, its row covers other brands too" if shared else ""
        evidence += f" NCMEC counts {total} reports{of_whole} in {counted(len(rows_alone), 'year')}{others}."
    return Verdict("nothing_to_audit", evidence, 0)


class Evidence(NamedTuple):
    """The tables that verdicts rest on, by the organization that they are about."""

    pairs: pd.DataFrame
    typical: dict[str, pd.Series]
    comparisons: pd.DataFrame
    disclosures: pd.DataFrame
    histories: dict[str, pd.DataFrame]
    apps: dict[str, Verdict]
    contradictions: dict[str, pd.DataFrame]
    rounding: pd.DataFrame
    rows: pd.DataFrame


def gather(tables: Mapping[str, pd.DataFrame]) -> Evidence:
    """Return the evidence, with releases and apps resolved to organizations."""
    releases = tables["releases"].set_index("id")
    publishers = releases["publisher"]
    ids = tables["organizations"].set_index("name")["organization"]
    histories = {}
    for name in ("meta_revisions", "tiktok_revisions"):
        revisions = tables[name].assign(to_period=tables[name]["to_release"].map(releases["period"]))
        for publisher, rows in revisions.groupby(revisions["to_release"].map(publishers)):
            histories[str(publisher)] = rows
    facts, stated, found = tables["meta_revised_facts"], tables["meta"], tables["contradictions"]
    facts = facts.assign(to_period=facts["to_release"].map(releases["period"]))
    return Evidence(
        tables["pairs"],
        {str(row["provider"]): row for _, row in tables["agreement"].iterrows()},
        tables["comparisons"],
        tables["disclosures"],
        histories,
        {str(ids[app]): of_app(facts[facts["app"] == app], rows) for app, rows in stated.groupby("app")},
        {str(publisher): rows for publisher, rows in found.groupby(found["source"].map(publishers))},
        tables["rounding"][tables["rounding"]["metric"] == "all"],
        rows_of_one_brand(branded_rows(*(tables[name] for name in ROWS))),
    )


def clearinghouse_verdict(row: Mapping[str, str], evidence: Evidence, names: Mapping[str, str]) -> Verdict:
    """Return the verdict of the first audit on a surveyed organization."""
    organization = row["organization"]
    unit = unit_of(organization, evidence.comparisons)
    whole = None if unit in (None, organization) else names[str(unit)]
    pairs = evidence.pairs[evidence.pairs["provider"] == unit]
    if not has_counts(organization, evidence):
        return nothing_to_audit(row, pairs, whole, evidence.rows[evidence.rows["brand"] == organization])
    found = against_clearinghouse(pairs, evidence.typical.get(str(unit)))
    if whole is None:
        return found
    if found.n == 0:
        return Verdict(found.verdict, f"Part of {whole}. {found.evidence}", 0)
    return Verdict("audited_with_owner", f"Part of {whole}, which {OF_OWNER[found.verdict]}.", 0)


def past_verdict(row: Mapping[str, str], evidence: Evidence, names: Mapping[str, str]) -> Verdict:
    """Return the verdict of the second audit on a surveyed organization."""
    organization = row["organization"]
    own = evidence.disclosures[evidence.disclosures["organization"] == organization]
    if organization in evidence.histories:
        return of_history(evidence.histories[organization])
    if organization in evidence.apps:
        return evidence.apps[organization]
    if organization in evidence.contradictions:
        return of_contradictions(evidence.contradictions[organization])
    return of_single_statements(own) if len(own) else without_counts(row, evidence, names)


def rounding_verdict(row: Mapping[str, str], evidence: Evidence, names: Mapping[str, str]) -> Verdict:
    """Return the verdict of the third audit on a surveyed organization."""
    own = evidence.disclosures[evidence.disclosures["organization"] == row["organization"]]
    if own.empty:
        return without_counts(row, evidence, names)
    return of_rounding(evidence.rounding[evidence.rounding["organization"] == row["organization"]])


def without_counts(row: Mapping[str, str], evidence: Evidence, names: Mapping[str, str]) -> Verdict:
    """Return the verdict on an organization that discloses nothing under its own name."""
    brands = series_of(row["organization"], evidence)
    if brands:
        return Verdict("audited_by_brand", f"Discloses through {', '.join(names[name] for name in brands)}.", 0)
    return nothing_to_audit(row, evidence.pairs[:0], None)


def series_of(organization: str, evidence: Evidence) -> list[str]:
    """Return the organizations whose disclosures make up a unit's own count."""
    unit = evidence.comparisons["provider"] == organization
    return sorted(evidence.comparisons.loc[unit, "series"].dropna().unique())


def has_counts(organization: str, evidence: Evidence) -> bool:
    """Tell whether the data hold counts of an organization, or of brands that are compared under its name."""
    names = {organization, *series_of(organization, evidence)}
    return bool(evidence.disclosures["organization"].isin(names).any())


def certainty(verdict: Verdict, few: int) -> str | None:
    """Return how sure a verdict is, or None where nothing was audited."""
    if verdict.n == 0:
        return None
    if verdict.is_doubtful:
        return "doubtful"
    return "few" if verdict.n < few else "counted"


def verdicts(tables: Mapping[str, pd.DataFrame], few: int) -> pd.DataFrame:
    """Return one row per surveyed organization and audit.

    Parameters
    ----------
    tables
        By the names in `FILES`.
    few
        A verdict on fewer numbers says so.
    """
    evidence = gather(tables)
    names = tables["organizations"].set_index("organization")["name"].to_dict()
    rows = []
    for row in tables["survey"].to_dict("records"):
        audits = {
            "against_clearinghouse": clearinghouse_verdict(row, evidence, names),
            "against_own_past": past_verdict(row, evidence, names),
            "rounding": rounding_verdict(row, evidence, names),
        }
        for audit, found in audits.items():
            rows.append(
                {
                    "provider": row["organization"],
                    "audit": audit,
                    "verdict": found.verdict,
                    "evidence": found.evidence,
                    "n": found.n,
                    "certainty": certainty(found, few),
                }
            )
    return pd.DataFrame(rows)


def numbers(judged: pd.DataFrame) -> Iterator[Number]:
    """Yield how many organizations have which verdict of each audit."""
    for audit, rows in judged.groupby("audit"):
        always = FIRST_AUDIT if audit == "against_clearinghouse" else ()
        yield from count_codes(str(audit), "verdicts", rows["verdict"], f", audit is {audit}", always)


def main(files: Mapping[str, str], outputs: Mapping[str, str], few: int) -> None:
    """Read, judge, write."""
    judged = verdicts({name: read_table(file) for name, file in files.items()}, few)
    write_table(judged, outputs["csv"], outputs["parquet"])
    write_table(numbers_table(numbers(judged)), outputs["numbers"])


if __name__ == "__main__":
    run(
        lambda: main(
            {name: snakemake.input[name] for name in FILES},
            dict(snakemake.output.items()),
            snakemake.params.few,
        ),
        snakemake.log[0],
    )
