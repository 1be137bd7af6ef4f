"""What may differ between the book by Quarto and the book by the press: in words for readers, and as patterns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A difference that may be: in words, and what is left out of pages (an XPath) and texts (a pattern) for it."""

    says: str
    path: str = ""
    pattern: str = ""


KNOWN = [
    Known(
        "Title block: Quarto puts the description and the words Author and Published on the first page; "
        "title, author and date are compared by themselves.",
        path="//*[@class='title-block' or @id='title-block-header']//p | //header//*[contains(@class, 'title-meta')]",
    ),
    Known(
        "Navigation: the lists of contents, the menus and the search are each renderer's own.",
        path="//nav",
    ),
    Known(
        "Ornaments: the press links each heading to itself by a #; Quarto's callouts have icons.",
        path="//a[contains(@class, 'anchor') and not(node()[2])]",
    ),
    Known(
        "Citations: Quarto tells works of one author and year apart by letters chapter by chapter, the press for the "
        "whole book (2020a).",
        pattern=r"(?<=\b(?:19|20)\d\d)[a-z]\b",
    ),
    Known("Links to chapters: Quarto's lead to the page, the press's to the heading at its top."),
    Known("Files: Quarto names the pictures of cells by a scheme of its own; their bytes are compared."),
    Known(
        "Bibliography: at the end of each page Quarto repeats, hidden, what it cites.",
        path="//*[@id='refs'][contains(@style, 'none')]",
    ),
    Known(
        "Foot of a page: how to cite, what to download and how to report an error stand below the text in the press, "
        "at its end in Quarto; both are written by one template.",
        path="//*[@class='book-foot'] | //footer",
    ),
    Known(
        "Tabs: Quarto lists their titles first, the press puts each in its tab; they are compared by themselves.",
        path="//main//ul[contains(@class, 'nav-tabs')] | //main//*[@class='tab-title']",
    ),
    Known(
        "Appendices: the press's bookmarks and contents say Appendix A — Title, Quarto's A Title.",
        pattern=r"\bAppendix (\w+) ?—",
    ),
    Known(
        "Panels: the press's PDF says Figure 2.1 (b), Quarto's Figure 2.1b.",
        pattern=r"(?<=\d)([a-z])\b",
    ),
    Known(
        "Equations: the press sets their numbers beside them, Quarto within; they are compared by TeX and number, on "
        "pages. The text of a PDF does not say its formulas, so that sentences with one are compared on pages alone.",
    ),
    Known(
        "Code: Quarto opens all code of a page by a menu beside its title, the press by a button below it, which its "
        "script makes.",
        path="//main//ul[contains(@class, 'dropdown-menu')]",
    ),
    Known(
        "Scripts: the map, the look-up of places, tables that sort, filter and scroll, and numbers that are asked are "
        "the same; search and notes beside their marks are each renderer's own. Only the press's pages have the code "
        "to show a figure elsewhere, and the section in the text of a report of an error.",
    ),
    Known("PDF: pages may break elsewhere, since Quarto brings its own version of Typst."),
    Known("PDF: the press writes PDF/UA-1 with PDF/A-2a, Quarto PDF/UA-1 alone: its Typst refuses the two together."),
]
