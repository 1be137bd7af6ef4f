"""A tiny project: made-up providers in years to come, and a book of one chapter.

If the workflow runs on it, no year and no provider is written into the code.
"""

import json
from pathlib import Path

import yaml

from scripts.validate.checksums import write_checksums

# people, and reports by year, which double and halve as real ones do
PLACES = {
    "PAA": (900_000, {2031: 40, 2032: 95, 2033: 60}),
    "PBB": (8_000_000, {2031: 700, 2032: 520, 2033: 1_400}),
    "PCC": (30_000, {2031: 90, 2032: 310, 2033: 120}),
    "PDD": (5_000_000, {2031: 12, 2032: 9, 2033: 31}),
}
TABLES = {
    "releases.csv": "id,publisher,title,period,url,retrieved,file,bytes,sha256,terms,route,note\nsource,acme,A page,,,,,,,none stated,transcribed,\n",
    "organizations/organizations.csv": "organization,name,kind,is_surveyed,transparency,note\n"
    "acme,Acme,corporation,true,counts,\nchat,Chat,brand,true,counts,\nmute,Mute,corporation,true,none_found,\n",
    "organizations/organization_names.csv": "organization,name,kind,valid_from,valid_to,source,note\nacme,Acme Inc,legal,,,source,\n",
    "organizations/ownership.csv": "organization,parent,valid_from,valid_to,provenance,source,note\nchat,acme,2032-05-01,,sourced,source,\n",
    "organizations/features.csv": "organization,data_format,history,subject_terms,quantities,granularity,frequency,coverage_start,coverage_end\n"
    "acme,,dropdown,CSAM,counts,half,half,2031 H1,\nchat,,dropdown,CSAM,counts,year,year,2031,\n",
    "organizations/organization_sources.csv": "organization,position,source\nacme,0,source\n",
    "organizations/metrics.csv": "metric,title,unit,is_additive,topic,description\nreports,Reports,count,true,child_sexual_exploitation,Reports made.\n",
    "organizations/published_columns.csv": "organization,position,column,metric,component,row_in_period,schema\nacme,0,reports,reports,,0,\n",
    "organizations/published_sums.csv": "organization,total,position,column\nacme,reports,0,reports\n",
    "organizations/comparisons.csv": "provider,series,brand,valid_from,valid_to,basis\n"
    "acme,acme,acme,,,One service.\nchat,chat,chat,,,One service.\nmute,,mute,,,Discloses nothing.\n",
    "organizations/rounding_directions.csv": "organization,metric,direction,basis,source\n"
    "chat,reports,down,The page says so.,source\n",
    "cybertipline/esp_brands.csv": "esp_printed,brand,is_combined,note\nAcme Inc,acme,false,\nChat,chat,false,\nMute Ltd,mute,false,\n",
    "cybertipline/esps.csv": "esp,name,reporter_kind,brand,note\nacme,Acme,service,acme,\nchat,Chat,service,chat,\nmute,Mute,service,mute,\n",
    "cybertipline/esp_aliases.csv": "esp_printed,esp,row_scope,match,note\n"
    "Acme Inc,acme,single,mechanical,\nChat,chat,single,mechanical,\nMute Ltd,mute,single,mechanical,\n",
    "reference/countries.csv": "iso3,iso2,m49,name,code_status,continent,subregion,region,source,region_source,note\n"
    "NAM,NA,516,Namibia,official,Africa,Sub-Saharan Africa,Southern Africa,source,source,\nZZZ,,,No country,own,,,,,,None.\n"
    + "".join(f"{iso3},,,{iso3},own,Africa,Made up,Made up,source,,Made up.\n" for iso3 in PLACES),
    "reference/boundaries.csv": "iso3,scale,boundary,source,note\n"
    'NAM,"1:50,000,000","POLYGON((12 -28,25 -28,25 -18,12 -18,12 -28))",source,\n',
    "reference/country_aliases.csv": "country_printed,iso3,note\nNamibia,NAM,\nNowhere*,ZZZ,\n"
    + "".join(f"{iso3},{iso3},\n" for iso3 in PLACES),
    "reference/populations.csv": "iso3,year,population,revision,is_projection,source,place\nNAM,2031,4000000,One,true,source,row 2\n"
    + "".join(
        f"{iso3},{year},{people},One,true,source,row {at}\n"
        for at, (iso3, (people, _)) in enumerate(PLACES.items(), start=3)
        for year in (2031, 2032, 2033)
    ),
    "reference/internet_users.csv": "country_printed,iso3,year,internet_users,source,place\nNamibia,NAM,2020,900000,source,row 2\n",
    "reference/social_media_identities.csv": "year,identities_million,value_printed,source,place\n"
    + "".join(f"{year},{year - 2000},{year - 2000},source,row 2\n" for year in range(2020, 2035)),
    "reference/arab_league.csv": "iso3,country_printed,source,place\nNAM,Namibia,source,row 2\n",
    "reference/victim_relationships.csv": "study,year,victim_age,relationship,offender_age,value,unit,value_printed,provenance,source,place\n"
    "learcat,2030,1 to 4,Stranger,,3,count,3,secondary,source,row 2\n",
    "reference/relationship_groups.csv": "study,relationship,group,subgroup,note\nlearcat,Stranger,stranger,,\n",
    "reference/family_active_people.csv": "period,frequency,people_billion,value_printed,provenance,source,place\n"
    "2031 Q4,daily,4.19,4.19,secondary,source,row 2\n",
    "reference/world_populations.csv": "year,population,revision,is_projection,source,place\n"
    "2031,8500000000,One,true,source,row 2\n",
    "reference/disrupting_harm.csv": "figure,country_printed,iso3,platform,value,unit,value_printed,status,warnings,note,source,place\n"
    "3,Namibia,NAM,Chat,60,percent,60%,as_printed,,,source,line 1\n"
    "4,Namibia,NAM,Chat,20,count,20,as_printed,,,source,line 2\n",
    "cybertipline/state_reports.csv": "year,state,kind,reports,reports_printed,population,population_printed,provenance,source,place\n"
    "2031,AK,state,7,7,100000,,secondary,source,row 2\n2031,Total,total,7,7,,,secondary,source,row 3\n",
    "reference/ojjdp_labels.csv": "table,role,label_printed,id,measure,item,part_of\n"
    "senders,title,Senders,senders,reports,,\nsenders,item,All,all,,,\nsenders,item,Half,half,,,all\nsenders,item,Rest,rest,,,all\n",
    "cybertipline/ojjdp_facts.csv": "table,item,measure,year,value,unit,value_printed,item_printed,measure_printed,page,first_report,last_report\n"
    "senders,all,reports,2031,7,count,7,All,,1,source,source\nsenders,half,reports,2031,,count,-,Half,,1,source,source\n"
    "senders,rest,reports,2031,7,count,7,Rest,,1,source,source\n",
    "cybertipline/ojjdp_stocks.csv": "subject,item,measure,as_of,value,value_printed,warnings,page,source\n"
    "hashes,added,hashes,2031-12-31,2000000,2 million,rounded,1,source\n",
    "cybertipline/compiled_facts.csv": "table,item,measure,year,value,unit,value_printed,label_compiled,source,place\n"
    "senders,rest,reports,2032,9,count,9,,source,row 2\n",
    "cybertipline/selected_esp_reports.csv": "year,esp_printed,reports,reports_printed,source,place\n"
    "2034,Acme,205000000,205000000,source,row 2\n2034,Talk,1300000,1300000,source,row 3\n",
    "cybertipline/selected_esp_brands.csv": "platform,row_comment,esp_printed,brand,note\nAcme,,Acme,acme,\n"
    "Talk,,Talk,chat,\n",
    "reference/breaks.csv": "table_name,period,kind,title,note,source\n"
    "cybertipline_reports,2033,unit,another unit,Reports may be bundled.,source\n"
    "country_reports,2033,recipients,each recipient,Each recipient is counted.,source\n"
    "esp_reports,2032,rows,services apart,Services have rows of their own.,source\n"
    "social_media_identities,2034,edition,another edition,Of another edition.,source\n",
    "cybertipline/incident_counts.csv": "year,incidents,value_printed,low,high,warnings,provenance,source,place\n"
    "2033,240000000,240 million,239500000,240500000,rounded,secondary,source,row 2\n",
    "cybertipline/report_remarks.csv": "year,submitter,warnings,note\n2018,all,partial-year,Began in May.\n",
    "cybertipline/notices.csv": "year,organization,position,notices,mean_response_days,provenance,source,note\n2031,acme,0,4,1.5,secondary,source,\n",
}
ESP = {
    2031: {"Acme Inc": 121_004_700, "Chat": 90_300, "Mute Ltd": 10},
    2032: {"Acme Inc": 163_001_234, "Chat": 6_066, "Mute Ltd": 1_100_000},
    2033: {"Acme Inc": 200_001_700, "Chat": 1_110_110, "Mute Ltd": 190},
}
# from a few to more than any year has seen: an axis made for other counts can't hold them all
ALL = {2018: 24, 2019: 310, 2020: 2_900, 2021: 8_700, 2022: 31_000, 2023: 54_000, 2024: 118_000, 2025: 260_000}
ALL |= {2026: 410_000, 2027: 1_050_000, 2028: 9_800_000, 2029: 48_000_000, 2030: 90_000_000, 2031: 128_300_412}
ALL |= {2032: 171_460_909, 2033: 214_002_008, 2034: 230_000_111}
SERVICE_PROVIDERS = {year: sum(names.values()) for year, names in ESP.items()} | {2034: 229_000_000}
OWN = {
    "acme": {"2031 H1": 50_000_300, "2031 H2": 71_004_400, "2032 H1": 80_000_600, "2032 H2": 83_000_630}
    | {"2033 H1": 90_000_900},
    "chat": {"2031": 90_300, "2032": 5_010, "2033": 1_110_111},
}
CHAPTER = """---
jupyter: python3
inputs: [results/tables/provider_pairs.csv, results/tables/agreement_pairs.csv, envs/requirements.lock]
---

# A chapter {#sec-only}

```{python}
#| label: tiny-setup
#| include: false
%load_ext countback.io.r
from countback.text.display import display_table
from countback.io.r import for_r
from countback.io.tables import read_table

listed = read_table("results/tables/provider_pairs.csv")
pairs = for_r(listed[listed["is_comparable"]])
```

There are {{< var pair_numbers.verdict.comparable.value >}} comparable pairs (@tbl-tiny, @fig-tiny).
For 2032, Acme counts {{< var agreement_pairs.acme.y2032.provider_reports >}} reports.
NCMEC counts {{< var agreement_pairs.acme.y2032.ncmec_reports >}} of them.
Both cover {{< var pair_numbers.last.covered_share.value >}} of a year's reports.
The last year is {{< var cybertipline_numbers.last.year.value >}}.
Growth broke in {{< var growth_models.broken_line.break_year.estimate >}}.
One provider made {{< var concentration.y2033_providers.top_1_share.estimate >}} of its reports.

```{python}
#| label: tiny-differences
%%R -i pairs -o differences
source("workflow/R/agreement.R")
differences <- agreement_pairs(pairs)
```

```{python}
#| label: tbl-tiny
#| tbl-cap: "Comparable pairs."
display_table(differences, "results/tables/agreement_pairs.csv", ["provider", "year", "provider_reports", "difference"])
```

![Growth of made-up reports.](../figures/growth.svg){#fig-tiny fig-alt="Dots that rise."}
"""


def _reports() -> str:
    rows = [f"{year},all,{count},,source,,,,secondary,," for year, count in ALL.items()]
    rows[0] = rows[0].removesuffix(",") + "partial-year,Began in May."
    rows += [f"{year},service_providers,{count},,source,,,,secondary,," for year, count in SERVICE_PROVIDERS.items()]
    return (
        "year,submitter,reports,reports_printed,source,page,place,also_in,provenance,warnings,note\n"
        + "\n".join(rows)
        + "\n"
    )


def _esp() -> tuple[str, str]:
    rows = [
        f"{year},{position},{name},1,,{count},{count},source"
        for year, names in ESP.items()
        for position, (name, count) in enumerate(names.items(), start=1)
    ]
    totals = [f"{year},{sum(names.values())},{sum(names.values())},1,source" for year, names in ESP.items()]
    head = "year,position,esp_printed,page,combined_mark,reports,reports_printed,source\n"
    return head + "\n".join(rows) + "\n", "year,reports,reports_printed,page,source\n" + "\n".join(totals) + "\n"


def _elsewhere(year: int) -> int:
    return ALL[year] - sum(reports[year] for _, reports in PLACES.values())


def _countries() -> tuple[str, str]:
    rows = [
        row
        for year in ESP
        for row in (
            f"{year},1,Namibia,NAM,,true,1,-,source",
            *(
                f"{year},{at},{iso3},{iso3},{reports[year]},false,1,{reports[year]},source"
                for at, (iso3, (_, reports)) in enumerate(PLACES.items(), start=2)
            ),
            f"{year},6,Nowhere*,ZZZ,{_elsewhere(year)},false,1,{_elsewhere(year)},source",
        )
    ]
    totals = [f"{year},{ALL[year]},{ALL[year]},1,source" for year in ESP]
    head = "year,position,country_printed,iso3,reports,printed_as_dash,page,reports_printed,source\n"
    return head + "\n".join(rows) + "\n", "year,reports,reports_printed,page,source\n" + "\n".join(totals) + "\n"


def _disclosures(periods: dict[str, int]) -> str:
    head = "metric,component,period,value,unit,value_printed,expression,is_redundant,warnings,"
    head += "provenance,source,place,note\n"
    return head + "".join(
        f"reports,,{period},{value},count,,,false,,secondary,source,,\n" for period, value in periods.items()
    )


# tables on methods and choices, which hold for any data
METHODS = ["calibration/interval_coverage.csv", "calibration/interval_methods.csv", "reference/choices.csv"]
METHODS += ["reference/events.csv", "reference/figures.csv", "reference/methods.csv"]


def make_tiny(project: Path) -> Path:
    """Replace the data and the book of a copy of the project by tiny ones."""
    data = project / "data"
    package = json.loads((data / "datapackage.json").read_text())
    methods = {name: (data / name).read_text() for name in METHODS}
    for file in [*data.rglob("*.csv"), *data.rglob("*.parquet")]:
        file.unlink()
    esp_reports, esp_totals = _esp()
    tables = TABLES | methods | {"cybertipline/reports.csv": _reports(), "cybertipline/esp_reports.csv": esp_reports}
    country_reports, country_totals = _countries()
    tables |= {"cybertipline/esp_totals.csv": esp_totals, "cybertipline/country_reports.csv": country_reports}
    tables |= {"cybertipline/country_totals.csv": country_totals}
    tables |= {f"disclosures/{name}.csv": _disclosures(periods) for name, periods in OWN.items()}
    for name, text in tables.items():
        (data / name).write_text(text)
    template = next(entry for entry in package["resources"] if entry["path"].startswith("disclosures/"))
    kept = [entry for entry in package["resources"] if entry["path"] in tables]
    kept += [template | {"name": f"disclosures_{name}", "path": f"disclosures/{name}.csv"} for name in OWN]
    (data / "datapackage.json").write_text(json.dumps(package | {"resources": kept}))
    write_checksums(data)
    (data / "corrections.yml").write_text("[]\n")
    _make_book(project)
    return project


def shorten_book(project: Path) -> None:
    """Replace the chapters of a copy of the project by one, in both languages."""
    settings = yaml.safe_load((project / "_quarto.yml").read_text())
    settings["book"] |= {"chapters": ["index.qmd", "chapters/only.qmd"], "appendices": []}
    (project / "_quarto.yml").write_text(yaml.safe_dump(settings))
    (project / "index.qmd").write_text("# Preface {.unnumbered}\n\nSee @sec-only.\n")
    for chapter in (project / "chapters").glob("*.qmd"):
        chapter.unlink()
    (project / "chapters" / "only.qmd").write_text(CHAPTER)


def _make_book(project: Path) -> None:
    shorten_book(project)
    growth = {"fixed_break": 2028, "years_per_segment": 2, "forecast_from": 2030, "horizons": [1, 2]}
    configuration = {"renderer": "press", "growth": growth}
    configuration["maps"] = {"classes": [30, 100, 300, 1000]}
    configuration["concentration"] = {"top": [1, 2], "making": [0.5], "tolerance": 0.001}
    configuration["jurisdictions"] = {"apart": "PBB", "without_country": "ZZZ", "top": 2, "population_floor": 100_000}
    configuration["jurisdictions"] |= {"draws": 200, "seed": 7}
    configuration["reversals"] = [
        {"id": "acme", "providers": ["acme"], "acted_upon": "reports", "restored": ["reports"]}
    ]
    configuration["named_apps"] = {"leader": "Chat", "counted_as": {}, "reports_year": 2031}
    (project / "config" / "config.yaml").write_text(yaml.safe_dump(configuration))
