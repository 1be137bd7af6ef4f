"""Fetch the source files from their publishers, and rebuild the parsed tables of data/ from them.

`snakemake fetch --cores 1` brings what is missing into data/raw/; `snakemake ingest --cores N` reads it.
The rules of ingest write to results/ingest/, never to data/: its tables are sources to every other rule, so a build
without data/raw/ neither needs nor starts any of this. Only the target `ingest` copies tables to data/.
"""


localrules:
    fetch,
    ingest,


rule fetch:
    input:
        releases="data/releases.csv",
    log:
        "results/logs/fetch.log",
    conda:
        "../../envs/environment.yml"
    params:
        raw="data/raw",
    message:
        "Fetch the source files that are missing in data/raw/."
    script:
        "../scripts/ingest/fetch.py"


rule ingest_esp_reports:
    input:
        releases="data/releases.csv",
        raw=raw_files("ncmec-esp-"),
    output:
        reports="results/ingest/cybertipline/esp_reports.csv",
        totals="results/ingest/cybertipline/esp_totals.csv",
    log:
        "results/logs/ingest_esp_reports.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read NCMEC's reports by electronic service provider from its PDFs."
    script:
        "../scripts/ingest/ingest_esp_reports.py"


rule ingest_discord:
    input:
        releases="data/releases.csv",
        raw=raw_files("discord-"),
        labels="data/printed/discord_labels.csv",
        remarks="data/organizations/remarks.csv",
        corrections="data/corrections.yml",
    output:
        printed="results/ingest/printed/discord.csv",
        disclosures="results/ingest/disclosures/discord.csv",
    log:
        "results/logs/ingest_discord.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read Discord's data files."
    script:
        "../scripts/ingest/ingest_discord.py"


rule ingest_meta:
    input:
        releases="data/releases.csv",
        raw=raw_files("meta-"),
        labels="data/histories/meta_labels.csv",
        units="data/histories/meta_units.csv",
        spans="data/histories/spanning_labels.csv",
        series="data/histories/meta_series.csv",
        remarks="data/organizations/remarks.csv",
        organizations="data/organizations/organizations.csv",
    output:
        history="results/ingest/histories/meta.csv",
        disclosures=[
            "results/ingest/disclosures/facebook.csv",
            "results/ingest/disclosures/instagram.csv",
        ],
    log:
        "results/logs/ingest_meta.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Fold Meta's releases into one history, and take its apps' disclosures from it."
    script:
        "../scripts/ingest/ingest_meta.py"


rule ingest_microsoft:
    input:
        releases="data/releases.csv",
        raw=raw_files("microsoft-"),
        remarks="data/organizations/remarks.csv",
        compiled="data/organizations/compiled_disclosures.csv",
    output:
        printed="results/ingest/printed/microsoft.csv",
        notes="results/ingest/printed/microsoft_notes.csv",
        disclosures="results/ingest/disclosures/microsoft.csv",
    log:
        "results/logs/ingest_microsoft.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read Microsoft's workbooks."
    script:
        "../scripts/ingest/ingest_microsoft.py"


rule ingest_x:
    input:
        releases="data/releases.csv",
        raw=raw_files("x-"),
        remarks="data/organizations/remarks.csv",
        compiled="data/organizations/compiled_disclosures.csv",
    output:
        printed="results/ingest/printed/x.csv",
        notes="results/ingest/printed/x_notes.csv",
        disclosures="results/ingest/disclosures/x.csv",
    log:
        "results/logs/ingest_x.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read X's reports."
    script:
        "../scripts/ingest/ingest_x.py"


rule ingest_country_reports:
    input:
        releases="data/releases.csv",
        raw=raw_files("ncmec-country-"),
        aliases="data/reference/country_aliases.csv",
    output:
        reports="results/ingest/cybertipline/country_reports.csv",
        totals="results/ingest/cybertipline/country_totals.csv",
    log:
        "results/logs/ingest_country_reports.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read NCMEC's reports by country from its PDFs."
    script:
        "../scripts/ingest/ingest_country_reports.py"


rule ingest_ojjdp_facts:
    input:
        releases="data/releases.csv",
        raw=raw_files("ncmec-ojjdp-"),
        labels="data/reference/ojjdp_labels.csv",
    output:
        facts="results/ingest/cybertipline/ojjdp_facts.csv",
        stocks="results/ingest/cybertipline/ojjdp_stocks.csv",
    log:
        "results/logs/ingest_ojjdp_facts.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read the tables and stocks of NCMEC's reports to OJJDP."
    script:
        "../scripts/ingest/ingest_ojjdp_facts.py"


rule ingest_compiled_facts:
    input:
        releases="data/releases.csv",
        raw=raw_files("diaphanous-"),
        labels="data/reference/compiled_labels.csv",
        printed=rules.ingest_ojjdp_facts.output.facts,
    output:
        facts="results/ingest/cybertipline/compiled_facts.csv",
    log:
        "results/logs/ingest_compiled_facts.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read compiled numbers of years without a report to OJJDP."
    script:
        "../scripts/ingest/ingest_compiled_facts.py"


rule ingest_selected_esp_reports:
    input:
        releases="data/releases.csv",
        raw=raw_files("diaphanous-"),
        brands="data/cybertipline/selected_esp_brands.csv",
        esp_totals=rules.ingest_esp_reports.output.totals,
    output:
        reports="results/ingest/cybertipline/selected_esp_reports.csv",
    log:
        "results/logs/ingest_selected_esp_reports.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read the compiled rows of surveyed service providers."
    script:
        "../scripts/ingest/ingest_selected_esp_reports.py"


rule ingest_recipient_reports:
    input:
        releases="data/releases.csv",
        raw=raw_files("diaphanous-"),
        aliases="data/reference/country_aliases.csv",
    output:
        reports="results/ingest/cybertipline/recipient_reports.csv",
    log:
        "results/logs/ingest_recipient_reports.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read reports that countries received, by the compilation."
    script:
        "../scripts/ingest/ingest_recipient_reports.py"


rule ingest_platform:
    input:
        releases="data/releases.csv",
        raw=raw_files("ncmec-platform-"),
    output:
        jurisdictions="results/ingest/cybertipline/platform_jurisdictions.parquet",
        esps="results/ingest/cybertipline/platform_esps.csv",
    log:
        "results/logs/ingest_platform.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Read NCMEC's Global Platform for Child Exploitation Policy."
    script:
        "../scripts/ingest/ingest_platform.py"


rule ingest_reports:
    input:
        facts=rules.ingest_ojjdp_facts.output.facts,
        compiled=rules.ingest_compiled_facts.output.facts,
        esp_totals=rules.ingest_esp_reports.output.totals,
        country_totals=rules.ingest_country_reports.output.totals,
        remarks="data/cybertipline/report_remarks.csv",
    output:
        reports="results/ingest/cybertipline/reports.csv",
    log:
        "results/logs/ingest_reports.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Gather reports by year and submitter from the parsed tables."
    script:
        "../scripts/ingest/ingest_reports.py"


rule ingest_tiktok:
    input:
        releases="data/releases.csv",
        raw=raw_files("tiktok-"),
        labels="data/histories/tiktok_labels.csv",
        sheets="data/histories/tiktok_sheets.csv",
        units="data/histories/tiktok_units.csv",
    output:
        history="results/ingest/histories/tiktok.parquet",
    log:
        "results/logs/ingest_tiktok.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Fold TikTok's releases into one history."
    script:
        "../scripts/ingest/ingest_tiktok.py"


rule ingest:
    input:
        [file for file in makers() if file.startswith("results/ingest/")],
    log:
        "results/logs/ingest.log",
    conda:
        "../../envs/environment.yml"
    message:
        "Copy the tables that changed from results/ingest/ to data/."
    shell:
        """
        for table in {input:q}; do
            target="data/${{table#results/ingest/}}"
            if cmp -s "$table" "$target"; then
                echo "unchanged: $target"
            else
                mkdir -p "$(dirname "$target")"
                cp "$table" "$target.partial"
                mv "$target.partial" "$target"
                echo "changed: $target"
            fi
        done 2>&1 | tee {log:q}
        """
