"""All that the press takes from the project around it. No other module of the press imports from `countback`.

A project that the press moves to has to offer the same:

- `CountbackError`: the exception whose message is shown to the user without a traceback.
- `atomic_write`: writes a file that is there whole or not at all.
- `look`: colors and faces for the pages (`css_variables`, `font_faces`, `color`) and for the PDF (`typst_variables`,
  `font_folders`). Faces that were cut are used again as long as `has_faces` finds them to be of this look.
- `environment`: the variables that every process it starts finds in its environment.
- `SHARED`: files that cells may use without naming them under `inputs:`; an edit of one runs all chapters again.
"""

from countback import look
from countback.io.environment import environment
from countback.io.errors import CountbackError
from countback.io.files import atomic_write

__all__ = ["SHARED", "CountbackError", "atomic_write", "environment", "look"]

SHARED = (
    "workflow/countback/**/*.py",
    "workflow/R/*.R",
    "data/schemas/**/*.json",
    "envs/requirements.lock",
    "config/look.yml",
    "_environment",
    "workflow/press/templates/matplotlibrc",
)
