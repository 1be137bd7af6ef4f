"""One section for each organization surveyed, as markdown: verdict and why, both counts by year, past, sources.

- Texts of tables are escaped: nothing in them is read as markup.
- Counts that do not cover the same brands never stand beside each other: where a row of the clearinghouse covers other
  brands too, it is named in the note. A brand's own rows stand in the section of the brand.
- A chapter writes the headings of the sections that hold remarks of its own; all others come after them by themselves.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

import pandas as pd

from countback.esp_rows import branded_rows, rows_of_one_brand
from countback.look.frame import years_text
from countback.periods import covers_year
from countback.text.claims import counted, listed, number_word, sentence
from countback.text.provider_years import counts_of_brand, counts_of_unit, section_table
from countback.text.units import format_number
from countback.text.verdict_words import PAST, by_audit
from countback.text.words import escape, prose

METRIC = "reports"
QUANTITIES = ["reports", "pieces", "accounts"]
PERIODS = {"year": "year", "half": "half-year", "quarter": "quarter"}
HEADLINES = {
    "disagrees": "{name} disagrees with NCMEC.",
    "disagrees_in_some_years": "{name} disagrees with NCMEC in some years.",
    "nearly_agrees": "{name} nearly agrees with NCMEC.",
    "agrees": "{name} agrees with NCMEC.",
    "too_few_to_tell": "{name} makes too few reports to tell whether it agrees with NCMEC.",
    "not_comparable": "No year can be compared.",
    "nothing_to_audit": "There is nothing to audit.",
}
# how both counts of a provider's years are apart, as a sentence goes on
APART = {
    "n_equal": "are equal",
    "n_within_rounding": "differ by no more than rounding can explain",
    "n_close": "differ by one percent at most",
    "n_near_pairs": "differ by five percent at most",
    "n_apart": "differ by more",
    "n_too_few": "differ by a few reports only",
}
FAR = "differ by more than five percent"
DOUBTFUL = "Some of these counts are in doubt, as the notes say."
NOT_AUDITED = "; this study found no count that could be audited here"


def shape_of_years(typical: pd.Series) -> str:
    """Return in how many years the counts are how far apart, as a sentence.

    Examples
    --------
    >>> years = pd.Series({"n_years": 3, "n_equal": 1, "n_apart": 2} | dict.fromkeys(["n_close", "n_too_few"], 0))
    >>> shape_of_years(years)
    'Three years can be compared: in one, both counts are equal, and in two, they differ by more than five percent.'
    """
    parts = [(int(typical.get(column, 0)), said) for column, said in APART.items() if typical.get(column, 0)]
    if not typical.get("n_near_pairs", 0):  # nothing before says what is far
        parts = [(n, FAR if said == APART["n_apart"] else said) for n, said in parts]
    (n, said), *others = parts
    if not others:
        each = "in it" if n == 1 else "in both" if n == 2 else f"in all {number_word(n)}"
        told = f"{each}, the two counts {said}"
    else:
        *between, last = [f"in {number_word(n)}, they {said}" for n, said in others]
        told = f"{', '.join([f'in {number_word(n)}, both counts {said}', *between])}, and {last}"
    return sentence(f"{counted(int(typical['n_years']), 'year')} can be compared: {told}.")


def widest(name: str, typical: pd.Series, pairs: pd.DataFrame) -> str:
    """Return the counts of the year in which both lie farthest apart for their size, as a sentence; none if equal."""
    if not typical["widest_difference"]:
        return ""
    worst = pairs[pairs["year"] == typical["widest_year"]].iloc[0]
    own, theirs = (format_number(float(worst[side]), "count") for side in ("provider_reports", "ncmec_reports"))
    share = abs(float(typical["widest_difference"]))
    size = format_number(share, "share", 1 if share >= 0.001 else 2)
    counts = f"{name} counts {own} reports, NCMEC {theirs}"
    if typical["n_years"] == 1:
        return f"For {worst['year']}, {counts}: a difference of {size} of their mean."
    return f"The counts differ most for {worst['year']}, by {size} of their mean: {counts}."


def how_certain(certainty: object, typical: pd.Series) -> str:
    """Return what weakens a verdict, as a sentence; nothing if nothing does."""
    if certainty == "few":
        return "One year is weak evidence." if typical["n_years"] == 1 else "So few years are weak evidence."
    return DOUBTFUL if certainty == "doubtful" else ""


def reason_of(evidence: str) -> str:
    """Return why no year can be compared, without the headline's words.

    Examples
    --------
    >>> reason_of("None of two years can be compared: no count of its reports.")
    'The reason: no count of its reports.'
    """
    _, found, reason = evidence.partition("can be compared: ")
    return f"The reason: {reason}" if found else evidence


def ended(text: str) -> str:
    """Return a text with the period that ends it, once.

    Examples
    --------
    >>> ended("Acme Inc."), ended("Acme")
    ('Acme Inc.', 'Acme.')
    """
    return text if text.endswith(".") else f"{text}."


class Providers:
    """The sections of all organizations surveyed; those that a chapter has printed are not printed again.

    Parameters
    ----------
    tables
        By name: `survey`, `verdicts`, `typical` (`agreement_providers`), `pairs` (`provider_pairs`), `comparisons`,
        `disclosures`, `organizations`, `names` (`organization_names`), `releases`, `esp_reports`, `esp_brands`,
        `selected_reports` and `selected_brands`.
    charts
        Organizations of which a chart is drawn.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], charts: set[str]) -> None:
        self.tables, self.charts = tables, charts
        self.printed: set[str] = set()
        self.survey = tables["survey"].set_index("organization")
        self.names = tables["organizations"].set_index("organization")["name"].to_dict()
        self.notes = tables["organizations"].set_index("organization")["note"].dropna().to_dict()
        self.verdicts = by_audit(tables["verdicts"])
        self.typical = tables["typical"].set_index("provider")

    @cached_property
    def brand_rows(self) -> pd.DataFrame:
        """Rows of the clearinghouse that name one brand alone."""
        names = ("esp_reports", "esp_brands", "selected_reports", "selected_brands")
        return rows_of_one_brand(branded_rows(*(self.tables[name] for name in names)))

    def verdict(self, organization: str, audit: str = "against_clearinghouse") -> pd.Series:
        """Return the row of an audit's verdict."""
        return self.verdicts[audit].loc[organization]

    def is_silent(self, organization: str) -> bool:
        """Tell whether there is nothing to audit."""
        return str(self.verdict(organization)["verdict"]) == "nothing_to_audit"

    def unit(self, organization: str) -> str | None:
        """Return the unit in which an organization's reports are compared: itself, its owner, or none."""
        rows = self.tables["comparisons"]
        if (rows["provider"] == organization).any():
            return organization
        part = rows[(rows["series"] == organization) | (rows["brand"] == organization)]
        return None if part.empty else str(part["provider"].iloc[0])

    def pairs(self, unit: str) -> pd.DataFrame:
        """Return both counts of a unit by year, comparable or not."""
        return self.tables["pairs"][self.tables["pairs"]["provider"] == unit].sort_values("year")

    def link(self, organization: str) -> str:
        """Return the name of an organization, which leads to its section."""
        return f"[{prose(self.names[organization])}](#provider-{organization})"

    def counts(self, organization: str) -> str:
        """Return how the section of an organization begins: verdict and why, and both counts by year."""
        self.printed.add(organization)
        parts = [self.judged(organization), self.chart(organization), self.table(organization)]
        return "\n\n".join(part for part in parts if part) + "\n"

    def more(self, organization: str) -> str:
        """Return how the section of an organization ends: what it discloses, its past, other names, sources."""
        return "\n\n".join(f"{term}\n\n:   {text}" for term, text in self.facts(organization)) + "\n"

    def section(self, organization: str) -> str:
        """Return the section of an organization with its heading."""
        heading = f"### {prose(self.names[organization])} {{#provider-{organization}}}"
        return "\n\n".join([heading, self.counts(organization), self.more(organization)])

    def rest(self) -> str:
        """Return the sections of those that have something to audit and are not yet printed, by name."""
        left = [one for one in self.by_name() if one not in self.printed and not self.is_silent(one)]
        return "\n".join(self.section(organization) for organization in left)

    def by_name(self) -> list[str]:
        """Return the organizations surveyed in the order of their names."""
        return sorted(self.survey.index, key=lambda organization: self.names[organization].lower())

    def silent(self) -> str:
        """Return an entry for each organization that has nothing to audit, as a definition list of addresses."""
        entries = []
        for organization in (one for one in self.by_name() if self.is_silent(one)):
            term = f"[{prose(self.names[organization])}]{{#provider-{organization}}}"
            evidence = str(self.verdict(organization)["evidence"]).replace(NOT_AUDITED, "")
            said = [prose(evidence), *self.aside(organization)]
            entries.append(f"{term}\n\n:   {' '.join(said)}")
        return "\n\n".join(entries) + "\n"

    def aside(self, organization: str) -> Iterator[str]:
        """Yield the note on an organization, and the names under which the clearinghouse prints it."""
        if organization in self.notes:
            yield prose(self.notes[organization])
        names = self.other_names(organization)
        if names:
            yield f"Other names: {ended(prose(listed(names)))}"

    def other_names(self, organization: str) -> list[str]:
        """Return former, legal and other names."""
        rows = self.tables["names"]
        found = rows.loc[rows["organization"] == organization, "name"]
        return sorted({name for name in found if name != self.names[organization]}, key=str.lower)

    def judged(self, organization: str) -> str:
        """Return the verdict of the first audit, and why, with numbers."""
        verdict, name = self.verdict(organization), self.names[organization]
        code, unit = str(verdict["verdict"]), self.unit(organization)
        if code == "audited_with_owner" and unit is not None:
            owner = str(self.verdict(unit)["verdict"])
            found = HEADLINES[owner].format(name=prose(self.names[unit])).rstrip(".")
            return (
                f"**{prose(name)} is compared together with its owner, {self.link(unit)}.** {found}: "
                "the counts of the whole are in its section."
            )
        headline = f"**{HEADLINES[code].format(name=prose(name))}**"
        if organization not in self.typical.index:
            return f"{headline} {prose(reason_of(str(verdict['evidence'])))}"
        typical = self.typical.loc[organization]
        why = [shape_of_years(typical), widest(prose(name), typical, self.pairs(organization))]
        why.append(how_certain(verdict["certainty"], typical))
        return " ".join(part for part in [headline, *why] if part)

    def chart(self, organization: str) -> str:
        """Return the picture of both counts, where there is one."""
        if organization not in self.charts:
            return ""
        pairs = self.pairs(organization)
        pairs = pairs[pairs["is_comparable"]]
        told = "; ".join(
            f"{row['year']}: {format_number(float(row['provider_reports']), 'count')} and "
            f"{format_number(float(row['ncmec_reports']), 'count')}"
            for _, row in pairs.iterrows()
        )
        alt = f"Line chart of reports per year by {self.names[organization]}'s own count and by NCMEC's. {told}."
        alt = alt.replace('"', "'").replace("'", "’")
        picture = f'![](../figures/providers/{organization}.svg){{fig-alt="{alt}"}}'
        name = prose(self.names[organization])
        words = f"Reports by {name}{self.charted_years(organization)}, by its own count and by NCMEC’s."
        data = "Data: [figures/providers.csv](../figures/providers.csv)."
        return f"::: {{.chart}}\n{picture}\n\n{words} {data}\n:::"

    def charted_years(self, organization: str) -> str:
        """Return the years of a chart in words: of counts that are of the provider's brands alone."""
        pairs = self.pairs(organization)
        is_own = pairs["provider_reports"].notna()
        is_clearinghouse = pairs["ncmec_reports"].notna() & pairs["ncmec_other_brands"].isna()
        years = years_text(pairs.loc[is_own | is_clearinghouse, "year"])
        return f", {years}" if years else ""

    def table(self, organization: str) -> str:
        """Return both counts by year: of the unit in its own section, of the brand alone in that of a brand."""
        if self.unit(organization) == organization:
            rows = counts_of_unit(self.pairs(organization))
        else:
            rows = counts_of_brand(
                self.own_years(organization), self.rows_of(organization), self.owner_row(organization)
            )
        return section_table(rows, self.names[organization])

    def rows_of(self, brand: str) -> pd.Series:
        """Return the clearinghouse's reports of one brand alone, by year."""
        rows = self.brand_rows[self.brand_rows["brand"] == brand]
        return rows.groupby("year")["reports"].sum()

    def owner_row(self, brand: str) -> dict[int, str]:
        """Return by year what is to say where the clearinghouse's row of a brand covers others too."""
        unit = self.unit(brand)
        if unit is None:
            return {}
        said = f"NCMEC’s row covers more than this service: see {self.link(unit)}."
        return {int(year): said for year in self.pairs(unit)["year"]}

    def own_years(self, organization: str) -> pd.Series:
        """Return an organization's own reports by year, of the years that its periods cover."""
        rows = self.tables["disclosures"]
        rows = rows[(rows["organization"] == organization) & (rows["metric"] == METRIC)].dropna(subset="value")
        years = rows["period"].str[:4].astype(int)
        sums = {
            int(year): float(group["value"].sum())
            for year, group in rows.groupby(years)
            if covers_year(dict.fromkeys(group["period"]), int(year))
        }
        return pd.Series(sums, dtype=float)

    def facts(self, organization: str) -> Iterator[tuple[str, str]]:
        """Yield what else is to know of an organization, each under a word."""
        yield "What it discloses", " ".join([self.disclosed(organization), *self.noted(organization)])
        past = self.verdict(organization, "against_own_past")
        if past["verdict"] in ("audited_by_brand", "nothing_to_audit"):
            yield "Its own past", prose(past["evidence"])
        else:
            yield "Its own past", f"{PAST[str(past['verdict'])]}. {prose(past['evidence'])}"
        digits = self.verdict(organization, "rounding")
        if digits["verdict"] == "rounds":
            yield "Last digits", f"Its counts are rounded. {prose(digits['evidence'])}"
        names = self.other_names(organization)
        if names:
            yield "Other names", ended(prose(listed(names)))
        sources = list(self.sources(organization))
        if sources:
            yield "Sources", f"{'; '.join(sources)}."

    def noted(self, organization: str) -> Iterator[str]:
        """Yield the note on an organization."""
        if organization in self.notes:
            yield prose(self.notes[organization])

    def disclosed(self, organization: str) -> str:
        """Return one sentence on what an organization discloses, by which periods, since and until when."""
        row = self.survey.loc[organization]
        words = {"yes": "{}", "partly": "a part of its {}", "through brands": "{} through its brands"}
        told = {noun: str(row[f"discloses_{noun}"]) for noun in QUANTITIES}
        is_owner_alone = set(told.values()) <= {"through brands", "no"}  # which its first words say
        quantities = [noun if is_owner_alone else words[how].format(noun) for noun, how in told.items() if how != "no"]
        parts = [prose(row["what_is_disclosed"])]
        if pd.notna(row["granularity"]):
            parts.append(f"by {PERIODS.get(row['granularity'], prose(row['granularity']))}")
        if pd.notna(row["coverage_start"]):
            parts.append(f"since {prose(row['coverage_start'])}")
        if pd.notna(row["coverage_end"]):
            parts.append(f"until {prose(row['coverage_end'])}")
        return " ".join(parts) + (f": {listed(quantities)}." if quantities else ".")

    def sources(self, organization: str) -> Iterator[str]:
        """Yield the documents of an organization's numbers with their addresses, in the order of their periods."""
        rows = self.tables["disclosures"]
        ids = rows.loc[rows["organization"] == organization, "source"].unique()
        releases = self.tables["releases"].set_index("id").loc[ids].sort_values(["period", "title"])
        by_address: dict[str, list[str]] = {}
        for _, release in releases.iterrows():
            address = str(release["url"]) if pd.notna(release["url"]) else str(release["title"])
            by_address.setdefault(address, []).append(str(release["title"]))
        for address, titles in by_address.items():
            title = prose(titles[0])
            more = f" ({counted(len(titles), 'release')})" if len(titles) > 1 else ""
            yield (f"[{title}](<{address}>)" if address.startswith("http") else title) + more


def section_names(survey: pd.DataFrame, verdicts: pd.DataFrame) -> list[tuple[str, str]]:
    """Return ids and names of the organizations that have nothing to audit, by name."""
    first = verdicts[verdicts["audit"] == "against_clearinghouse"].set_index("provider")["verdict"]
    silent = survey[survey["organization"].map(first) == "nothing_to_audit"]
    found = zip(silent["organization"], silent["name"], strict=True)
    return sorted(found, key=lambda pair: str(pair[1]).lower())


def links_to(organizations: list[tuple[str, str]]) -> str:
    """Return names in a sentence, each leading to its section.

    Examples
    --------
    >>> links_to([("a", "Acme"), ("b", "Bee")])
    '[Acme](#provider-a) and [Bee](#provider-b)'
    """
    return listed(f"[{escape(name)}](#provider-{organization})" for organization, name in organizations)
