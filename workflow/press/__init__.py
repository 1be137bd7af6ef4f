"""The press: renders a Quarto book where Quarto can't be had.

`press.render(project)` writes the same chapters as `quarto render` does, as pages of HTML and as a PDF.
What it reads is a subset of Quarto, described in `README.md`.
"""

from press.errors import PressError
from press.render import Rendered, render

__all__ = ["PressError", "Rendered", "render"]
