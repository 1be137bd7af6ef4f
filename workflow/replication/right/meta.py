"""Meta's quantities, and what was restored, by the right methods, under the ids of the published values.

- Values are the corrected disclosures: one vintage, the latest.
- A sum over both apps is missing where one of them discloses nothing, and a change is one between periods in which
  the same apps disclose under the same definitions.
- A rate of revision is one of the values that both releases hold, after labels are aligned.
"""

from itertools import pairwise

import pandas as pd

from countback.histories import rebuild
from replication.definitions import APPS, BRANDS, CHILD_POLICIES
from replication.inputs import Method, Tables, Values, by_year, published_releases
from replication.right.providers import shares, yearly_pieces

FACT = ["app", "policy_area", "metric", "period"]
RESTORED = ["reversals", "reversals_without_appeal"]
ACCOUNTS = ["microsoft", "pinterest"]


def quarters(tables: Tables) -> tuple[pd.Series, pd.Series]:
    """Return pieces of both apps by quarter, missing where one discloses none, and what each quarter is the sum of."""
    rows = tables["disclosures"].query("organization in @APPS and metric == 'pieces' and value.notna()")
    rows = rows.assign(quarter=rows["period"].str.replace(" ", ""))
    scope = rows.groupby("quarter").apply(
        lambda found: frozenset(zip(found["organization"], found["component"], strict=True)), include_groups=False
    )
    complete = scope.map(lambda parts: {app for app, _ in parts} == set(APPS))
    return rows.groupby("quarter")["value"].sum().astype(float).where(complete), scope


def pieces(tables: Tables) -> Values:
    """Return pieces by quarter and year, their changes in percent, and pieces per report."""
    sums, scope = quarters(tables)
    changes: Values = {}
    for quarter in sums.index:
        before = f"{int(quarter[:4]) - 1}{quarter[4:]}"
        compares = before in sums.index and scope[before] == scope[quarter] and pd.notna(sums[before])
        changes[f"meta.pieces_yoy_pct.{quarter}"] = (sums[quarter] / sums[before] - 1) * 100 if compares else None
    years = yearly_pieces(tables, "meta")
    return (
        by_year("meta.pieces", sums)
        | changes
        | by_year("meta.pieces_per_year", years)
        | by_year("meta.pieces_per_report", years / shares(tables)["meta"])
    )


def clearinghouse(tables: Tables) -> Values:
    """Return reports of Meta's apps, WhatsApp's share of Meta's, and Meta's share of all reports, in percent."""
    esp = tables["esp_years"].query("esp in @BRANDS and not is_combined")
    brands = esp.pivot(index="year", columns="esp", values="reports").astype(float)
    whatsapp = brands["whatsapp"].dropna()
    owned = tables["provider_shares"].query("provider == 'meta'").set_index("year")
    values: Values = {}
    for brand in BRANDS:
        values |= by_year(f"meta.ncmec.{brand}", brands[brand].dropna())
    return (
        values
        | by_year("meta.whatsapp_share", whatsapp / shares(tables)["meta"] * 100)
        | by_year("meta.share_of_total", owned["share_of_all"].astype(float) * 100)
    )


def reach(tables: Tables) -> Values:
    """Return people active on Meta's apps in second quarters, in percent of the world's population."""
    people = tables["family_active_people"].query("period.str.endswith('Q2')")
    world = tables["world_populations"].set_index("year")["population"].astype(float)
    return {
        f"meta.reach.{row.frequency}.{row.period[:4]}": row.people_billion * 1e9 / world[int(row.period[:4])] * 100
        for row in people.itertuples()
    }


def compared(before: pd.DataFrame, after: pd.DataFrame, key: list[str], values: list[str]) -> pd.DataFrame:
    """Return the facts that two releases both hold, with whether both have a value and whether it differs."""
    both = before[[*key, *values]].merge(after[[*key, *values]], on=key, suffixes=("", "_after"))
    held, differs = pd.Series(True, index=both.index), pd.Series(False, index=both.index)
    for side in ("", "_after"):
        held &= pd.concat([both[f"{value}{side}"].notna() for value in values], axis=1).any(axis=1)
    for value in values:
        left, right = both[value], both[f"{value}_after"]
        differs |= ~((left == right).fillna(False).astype(bool) | (left.isna() & right.isna()))
    return both.assign(is_comparable=held, is_revised=held & differs)


def releases(history: pd.DataFrame) -> list[str]:
    return sorted(set(history["first_release"]) | set(history["last_release"]))


def name_of(release: str) -> str:
    return release.split("-", 1)[1].replace("-", "").upper()


def divergence(tables: Tables) -> Values:
    """Return, for each of Meta's releases, how many values differ from those of the release before."""
    history = tables["meta"]
    order = releases(history)
    values: Values = {}
    for earlier, later in pairwise(published_releases(order)):
        sides = rebuild(history, earlier, order), rebuild(history, later, order)
        facts = compared(*sides, FACT, ["value", "value_low", "value_high"])
        revised, n_comparable = facts[facts["is_revised"]], int(facts["is_comparable"].sum())
        family = f"meta.divergence.{name_of(later)}"
        values |= {
            f"{family}.changed": len(revised),
            f"{family}.total": n_comparable,
            f"{family}.rate_pct": len(revised) / n_comparable * 100,
            f"{family}.csam_changed": int(revised["policy_area"].isin(CHILD_POLICIES).sum()),
        }
        periods = revised["period"].str.replace(" ", "").value_counts()
        values |= {f"{family}.by_period.{period}": int(count) for period, count in periods.items()}
    return values


def reversals(tables: Tables) -> Values:
    """Return what Meta restored of the pieces that it acted on, in percent, of years disclosed in full."""
    years = tables["provider_years"].query("provider in @APPS and metric in @RESTORED")
    wide = years.pivot(index="year", columns=["provider", "metric"], values="value").astype(float)
    restored = wide[[column for column in wide if column[1] in RESTORED]].sum(axis=1, min_count=len(APPS) * 2)
    return by_year("reversal.meta", restored / yearly_pieces(tables, "meta") * 100, ".pct")


def account_reversals(tables: Tables) -> Values:
    """Return what Microsoft and Pinterest restored of the accounts that they acted on, in percent, by full year."""
    shares = tables["reversed_shares"].query("provider in @ACCOUNTS and measure == 'accounts' and is_full_year")
    values: Values = {}
    for provider, rows in shares.groupby("provider"):
        restored = rows.set_index("year")["reversed_share"].astype(float)
        values |= by_year(f"reversal.{provider}", restored * 100, ".pct")
    return values


METHODS: list[Method] = [pieces, clearinghouse, reach, divergence, reversals, account_reversals]
