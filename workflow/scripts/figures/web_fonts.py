"""Write the sans face, cut down to the characters of labels, for figures that R draws.

- R writes text as text; the face travels inside each SVG, so that it looks the same on every machine.
"""

from countback.io.files import write_json
from countback.io.script import run
from countback.look import web_fonts

if __name__ == "__main__":
    run(lambda: write_json(web_fonts(), snakemake.output.fonts), snakemake.log[0])
