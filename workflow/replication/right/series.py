"""Growth and relationships by the right methods, under the ids of the published values.

- What this report fits no model of has no right value: weighted fits, and lines through reports per identity.

- A yearly change is one of the year before. The break of growth is estimated, and the lines meet at it.
- Errors of models are compared per degree of freedom.
- A relationship's share is one of all pieces whose relationship is known; a piece can show several relationships.
"""

from replication.definitions import BASE, relationship_values
from replication.inputs import Method, Tables, Values, by_year, slug
from replication.right.countries import total_reports

N_PARAMETERS = {"exponential": 2, "broken_line": 4}
SIDES = {"pre2014": ("before", "first"), "post2014": ("after", "last")}


def changes(tables: Tables) -> Values:
    """Return reports by year, their changes in percent of the year before, and what describes these."""
    years = tables["cybertipline_years"].query("submitter == 'all'").set_index("year").sort_index()
    percent = years["change_share"].dropna().astype(float) * 100
    change = years["change"].dropna().astype(float).loc[BASE:]  # type: ignore[misc]
    absolute = change.describe().rename(lambda label: label.rstrip("%"))
    described = percent.loc[BASE:].describe().rename(lambda label: label.rstrip("%"))  # type: ignore[misc]
    return (
        by_year("reports.total", total_reports(tables))
        | by_year("reports.change", years["change"].dropna())
        | by_year("reports.change_pct_of_2015", percent)
        | by_year("reports.growth_zscore", (change - change.mean()) / change.std())
        | {f"reports.growth_stats.abs.{label}": float(value) for label, value in absolute.items()}
        | {f"reports.growth_stats.pct2015.{label}": float(value) for label, value in described.items()}
    )


def per_thousand_identities(tables: Tables) -> Values:
    """Return reports per thousand social media identities by year."""
    rates = tables["growth_rates"].drop_duplicates("year").set_index("year")["reports_per_1000"]
    return by_year("reports.per_1k_social_media_users", rates.astype(float))


def growth(tables: Tables) -> Values:
    """Return the exponential and the two sides of the broken line, with their errors per degree of freedom."""
    models, curves = tables["growth_models"], tables["growth_curves"]
    estimates = models.set_index(["model", "parameter"])["estimate"].astype(float)
    line = curves[curves["model"] == "broken_line"].sort_values("year").astype({"fitted_reports": float})
    values: Values = {}
    for name, (side, end) in SIDES.items():
        slope, point = estimates["broken_line", f"slope_{side}"], line.iloc[0 if end == "first" else -1]
        values |= {
            f"reports.fit.{name}.slope": slope,
            f"reports.fit.{name}.intercept": float(point["fitted_reports"] - slope * point["year"]),
        }
    per_degree = {}
    for model, n_parameters in N_PARAMETERS.items():
        n = int(models.loc[models["model"] == model, "n"].iloc[0])
        per_degree[model] = estimates[model, "mean_squared_error"] * n / (n - n_parameters)
    return values | {
        "reports.fit.exp.rate": estimates["exponential", "rate"],
        "reports.fit.exp.log_intercept": estimates["exponential", "log_intercept"],
        "reports.mse.exp": estimates["exponential", "mean_squared_error"],
        "reports.mse_factor.exp": per_degree["exponential"] / per_degree["broken_line"],
        "reports.mse_factor.piecewise": 1.0,
    }


def relationships(tables: Tables) -> Values:
    """Return shares of relationships and their groups in percent, and how many pieces are of known relationship."""
    facts = tables["ojjdp_facts"].query("measure == 'unique_files'")
    rows = facts[facts["table"] == "relationships"].astype({"value": float})
    items = rows.pivot(index="year", columns="item", values="value")
    known = facts.query("table == 'series_relationships' and item == 'relationship_provided'")
    known = known.set_index("year")["value"].astype(float)
    pieces = facts.query("table == 'hashed_files' and item == 'total'").set_index("year")["value"].astype(float)
    return by_year("relationship.coverage_pct", known / pieces * 100) | relationship_values(items, known)


def surveyed_victims(tables: Tables) -> Values:
    """Return victims by relationship of one statistical service, all ages together, and their share in percent."""
    victims = tables["victim_relationships"].query("study == 'learcat'").astype({"value": float})
    counts = victims.groupby("relationship")["value"].sum()
    values: Values = {}
    for relationship, count in counts.items():
        family = f"relationship.learcat2016.{slug(str(relationship))}"
        values |= {f"{family}.count": count, f"{family}.pct": count / counts.sum() * 100}
    return values


METHODS: list[Method] = [changes, per_thousand_identities, growth, relationships, surveyed_victims]
