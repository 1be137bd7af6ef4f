"""Read Microsoft's workbooks: what they print, their notes, and the disclosures among it.

- Which files, and which half-year each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `microsoft-`. How a workbook is read is said in `countback.ingest.microsoft`.
- Disclosures are what is about child sexual exploitation; `countback.ingest.printed` says how they are made.
"""

from functools import partial

from countback.ingest.microsoft import SERIES, parse_microsoft
from countback.ingest.printed import Publisher, ingest_documents
from countback.io.script import run_on_files

MICROSOFT = Publisher("microsoft", parse_microsoft, SERIES)

if __name__ == "__main__":
    run_on_files(partial(ingest_documents, MICROSOFT), snakemake)
