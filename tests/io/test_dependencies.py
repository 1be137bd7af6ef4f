"""Code that a script uses is found by reading it, in Python and in R."""

import subprocess

from countback.dependencies import WORKFLOW, code_files, imported_files, r_functions_used, r_names

NEEDED_BY = """
args <- commandArgs(TRUE)
files <- list.files(file.path(args[1], "R"), "[.]R$", full.names = TRUE)
made <- lapply(files, function(file) {
  frame <- new.env()
  defines <- function(call) {
    is.call(call) && identical(call[[1]], quote(`<-`)) && is.call(call[[3]]) &&
      identical(call[[3]][[1]], quote(`function`))
  }
  for (call in Filter(defines, as.list(parse(file)))) assign(as.character(call[[2]]), eval(call[[3]], frame), frame)
  frame
})
owner <- unlist(Map(function(frame, file) setNames(rep(file, length(ls(frame))), ls(frame)), made, basename(files)))
for (i in seq_along(files)) {
  functions <- Filter(is.function, mget(ls(made[[i]]), made[[i]]))
  used <- unique(unlist(lapply(functions, function(one) codetools::findGlobals(one, merge = TRUE))))
  others <- setdiff(unique(owner[names(owner) %in% used]), basename(files[i]))
  cat(basename(files[i]), others, "\\n")
}
"""


def test_modules_that_a_script_imports_are_found_at_any_distance(project):
    found = code_files(["workflow/scripts/tidy/survey.py"], project)
    assert "workflow/countback/io/tables.py" in found
    assert "workflow/countback/io/files.py" in found
    assert "workflow/countback/io/catalog.py" not in found


def test_a_name_that_a_package_itself_defines_is_found_in_the_package(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("from countback.look import color, plot\nfrom countback import look\nimport pandas\n")
    look = WORKFLOW / "countback" / "look"
    assert imported_files(script) == {look / "__init__.py", look / "plot.py"}


def test_cells_of_a_chapter_are_read_and_its_prose_is_not(tmp_path):
    chapter = tmp_path / "one.qmd"
    chapter.write_text(
        "import countback.periods\n\n```{python}\n#| label: a\n%load_ext rpy2.ipython\n"
        "from countback.text import units\n```\n\n```{python}\n%%R\nx <- read_table(path)\n```\n\nagreement_pairs(x)\n"
    )
    assert imported_files(chapter) == {WORKFLOW / "countback" / "text" / "units.py"}
    assert r_functions_used(chapter) == {WORKFLOW / "R" / "tables.R"}


def test_calls_and_functions_handed_on_are_names_and_words_in_text_and_comments_are_not(tmp_path):
    script = tmp_path / "a.R"
    script.write_text('one <- function(x) two(x$three(4), "four(5)") # five(6)\nlapply(xs, six)\nseven = x$eight\n')
    made, named = r_names(script)
    assert made == {"one"}
    assert {"two", "six", "lapply"} <= named
    assert not {"three", "four", "five", "eight"} & named


def test_no_function_of_r_is_missed_that_r_itself_finds(project, tmp_path):
    script = tmp_path / "needed.R"
    script.write_text(NEEDED_BY)
    done = subprocess.run(
        ["Rscript", "--vanilla", script, project / "workflow"], capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) > 20
    for name, *needed in lines:
        found = {path.name for path in r_functions_used(WORKFLOW / "R" / name)}
        assert set(needed) <= found, f"{name} uses {sorted(set(needed) - found)}"
