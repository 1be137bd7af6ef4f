"""Read X's reports: what they print of user reports and enforcement, their footnotes, and the disclosures among it.

- Which files, and which half-year each is about, is said by `data/releases.csv`: the parsed releases whose id begins
  with `x-`. How a report is read is said in `countback.ingest.x`.
- Disclosures are what is about the safety of children; `countback.ingest.printed` says how they are made.
"""

from functools import partial

from countback.ingest.printed import Publisher, ingest_documents
from countback.ingest.x import SERIES, parse_x
from countback.io.script import run_on_files

X = Publisher("x", parse_x, SERIES)

if __name__ == "__main__":
    run_on_files(partial(ingest_documents, X), snakemake)
