"""Names the faults that `book.lua` finds: what was found, what to do, and the line at fault."""

import json
import re
from typing import Any

from press.cells import Document
from press.errors import PressError
from press.execute import Outputs

SUBSET = "Take it out: workflow/press/README.md lists what is."

# Per kind of problem: what was found, what to do, and a pattern of the line at fault.
PROBLEMS = {
    "reference": ("The reference @{id} leads nowhere.", "Label what it means, or correct the name.", r"@{id}(?![\w-])"),
    "duplicate": (
        "The label {id} is taken.",
        "Choose another: labels are unique in the whole book.",
        r"(#|label: *){id}(?![\w-])",
    ),
    "caption": (
        "The block {id} has no caption.",
        "A block ends with its caption as a paragraph; an image has it in its brackets.",
        r"#{id}(?![\w-])",
    ),
    "panel": (
        "The block {id} holds figures, and something that is none.",
        "Label it as a figure, or put it before or after the block.",
        r"#{id}(?![\w-])",
    ),
    "citation": ("The citation @{id} is in no bibliography.", "Add the entry, or correct the key.", r"@{id}(?![\w-])"),
    "unnumbered": ("The heading @{id} has no number.", "Link it: `[words](#{id})`.", r"@{id}(?![\w-])"),
    "mixed": ("A reference and a citation share brackets at @{id}.", "Write them apart.", r"@{id}(?![\w-])"),
    "title": ("The chapter has no title.", "Open it with a heading `# Title {{#sec-name}}`.", r"^"),
    "link": ("The link to {id} leads nowhere.", "Correct it.", r"\({id}\)"),
    "external": ("The image {id} is no file of the project.", "Put it into one.", r"{id}"),
    "image": ("The file {id} is missing.", "Create it, or correct the path.", r"{id}"),
    "picture": ("The HTML of the cell holds an image, {id}.", "Let the cell give it by IPython.display.", r"{id}"),
    "drawn": ("The image {id} of a cell is no figure.", "Let a rule draw it as figures/NAME.svg.", r"{id}"),
    "alt": ("The image {id} has no alternative text.", 'Give it `{{fig-alt="..."}}`, or `#| fig-alt:`.', r"{id}"),
    "percent": ("The formula {id} has a % without a backslash: TeX drops what follows.", "Write `\\%`.", r"{id}"),
    "class": ("The class {id} is not supported.", SUBSET, r"(\.|::: *|class=.*){id}(?![\w-])"),
    "attribute": ("The attribute {id} is not supported, or not its value.", SUBSET, r"(?<![\w-]){id} *="),
    "second": ("A second heading of level 1: {id}.", "Write `## {id}`, or a chapter of its own.", r"^(#.*)?{id}"),
    "skipped": ("The heading {id} skips a level.", "Write one `#` more than the heading before has.", r"^(#.*)?{id}"),
}


def problem_error(document: Document, outputs: Outputs, problem: dict[str, Any]) -> PressError:
    """Return a problem of a chapter as an error at its line, or at the cell that gave what is wrong."""
    found, fix, pattern = PROBLEMS[problem["kind"]]
    name = problem["id"]
    said = found.format(id=name), fix.format(id=name)
    if "cell" in problem:
        return document.cells[int(problem["cell"])].error(*said)
    # Between the words of a heading may stand markup.
    sought = re.compile(pattern.format(id=".*".join(re.escape(word) for word in name.split())))
    # Of two that bear one label, the later is at fault.
    lines = [line for line in document.lines if sought.search(line.text)]
    if lines:
        return lines[-1 if problem["kind"] == "duplicate" else 0].error(*said)
    for cell, given in zip(document.cells, outputs, strict=True):
        if name in json.dumps(given, ensure_ascii=False) or (cell.label and f"/{cell.label}-" in name):
            return cell.error(*said)
    return document.lines[0].error(*said) if document.lines else document.error(*said)
