"""What runs before and after Quarto: the workflow, and fixes of the pages."""

import ast
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader

from countback.io import frozen
from countback.io.environment import environment, variables
from countback.io.manifest import damage, write_manifest
from press.book import load_book
from scripts.report import quarto_cells, quarto_postrender, quarto_prerender
from scripts.report.quarto_look import sass_theme, write_look
from scripts.report.quarto_policy import digests, with_policy

CHAPTER = """<h1 class="title"><span class="chapter-number">2</span>&nbsp; <span>Growth</span></h1>
<h2 data-number="2.1" class="anchored" data-anchor-id="sec-years">Years</h2>"""
APPENDIX = """<h1 class="title"><span id="sec-codebook">Appendix B — Codebook</span></h1>
<nav><span class="chapter-number">A</span>&nbsp; <span>Methods</span></nav>"""
NUMBERED = """
#import "{numbering}": by-chapter, equation-numbering, in-appendix
#let (figures, equations) = (counter(figure.where(kind: image)), counter(math.equation))
#show heading.where(level: 1): it => figures.update(0) + equations.update(0) + it
#set figure(numbering: it => by-chapter("1.1", "A.1", it))
#set math.equation(numbering: equation-numbering)
#let one(name) = [#figure([], caption: name) #label(name) $ x $]
See @summary, @growth and @methods.
#heading(level: 1, numbering: none)[Summary] #one("summary")
#set heading(numbering: "1")
= Growth
#one("other") #one("growth")
#heading(level: 1, numbering: none)[Afterword] #one("after")
#counter(heading).update(0) #in-appendix.update(true)
#set heading(numbering: "A")
= Methods
#one("methods")
"""


BODY = """<p>What b says.</p><h2>More</h2><figure><div><img src="figures/a.svg" alt="A line"></div>
<figcaption>Figure&nbsp;1: A line.</figcaption></figure><a href="exports/all.zip">All</a>"""


GUARDED = """<html><head>

<meta charset="utf-8">
<script src="site_libs/quarto.js"></script><script type="application/json">{"a": 1}</script>
<script type="application/javascript">
  quarto();
</script></head><body><a onclick="if (a &amp;&amp; b) { toggle(); }">x</a>
<main><script>fromTable()</script><img onerror="fromTable()"></main><main></main>
<script id="after">after()</script></body></html>"""


@pytest.fixture
def by_hand(monkeypatch, project):
    """Stand where Quarto starts the step before it, the user's environment having nothing to say."""
    for name in ("COUNTBACK_RENDERING", "COUNTBACK_RENDERER", "QUARTO_PYTHON", *environment()):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(project / "workflow"))
    monkeypatch.setattr(quarto_prerender, "update_results", lambda: 0)
    monkeypatch.setattr(frozen, "drop_stale", lambda _: [])
    monkeypatch.setattr(quarto_cells, "fill", lambda *_, **__: [])
    return monkeypatch


def test_the_workflow_is_not_asked_again_when_it_has_started_quarto_itself_but_stale_outputs_go(by_hand, capsys):
    by_hand.setenv("COUNTBACK_RENDERING", "1")
    by_hand.setattr(quarto_prerender, "update_results", lambda: 1 / 0)
    by_hand.setattr(frozen, "drop_stale", lambda _: ["chapters/growth.qmd"])
    assert quarto_prerender.main() == 0
    assert capsys.readouterr().out.endswith("something that they depend on has changed: chapters/growth.qmd\n")


def test_outputs_are_compared_with_what_they_depend_on_after_the_results_are_up_to_date(by_hand):
    done = []
    by_hand.setattr(quarto_prerender, "update_results", lambda: done.append("results") or 0)
    by_hand.setattr(frozen, "drop_stale", lambda _: done.append("outputs") or [])
    by_hand.setattr(quarto_cells, "fill", lambda *_, **__: done.append("filled in"))
    assert quarto_prerender.main() == 0
    assert done == ["results", "outputs", "filled in"]
    by_hand.setattr(quarto_prerender, "update_results", lambda: 3)
    assert quarto_prerender.main() == 3
    assert done[3:] == []


@pytest.mark.parametrize(("all_of_it", "may_run"), [("1", True), (None, False)])
def test_cells_are_run_before_a_render_of_the_whole_book_alone(by_hand, all_of_it, may_run):
    asked = []
    if all_of_it:
        by_hand.setenv("QUARTO_PROJECT_RENDER_ALL", all_of_it)
    by_hand.setattr(frozen, "drop_stale", lambda _: ["chapters/growth.qmd"])
    by_hand.setattr(quarto_cells, "fill", lambda _, may_run, changed: asked.append((may_run, changed)))
    assert quarto_prerender.main() == 0
    assert asked == [(may_run, ["chapters/growth.qmd"])]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PYTHONPATH", "/somewhere/else", "expected the project's folder `workflow` in it"),
        ("LC_ALL", "C", "expected a locale that writes UTF-8. Unset it."),
        ("MATPLOTLIBRC", "/home/ada/matplotlibrc", "expected what _environment sets: cells would read it. Unset it."),
        ("IPYTHONDIR", "/home/ada/.ipython", "Unset it."),
        ("PYTHONSTARTUP", "/home/ada/.pythonrc", "Unset it."),
        ("PYTHONSAFEPATH", "1", "Quarto's own Python can't run with it. Unset it."),
    ],
)
def test_what_would_change_the_cells_from_outside_is_refused_before_any_runs(by_hand, capsys, name, value, says):
    by_hand.setenv(name, value)
    by_hand.setattr(quarto_prerender, "update_results", lambda: 1 / 0)
    assert quarto_prerender.main() == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{name}: found {value!r}, ")
    assert says in said


def test_a_module_in_the_projects_folder_is_refused_since_kernels_would_import_it(by_hand, capsys, tmp_path):
    shutil.copy(quarto_prerender.PROJECT / "_environment", tmp_path)
    (tmp_path / "rpy2.py").touch()
    by_hand.setenv("PYTHONPATH", str(tmp_path / "workflow"))
    by_hand.setattr(quarto_prerender, "PROJECT", tmp_path)
    assert quarto_prerender.main() == 1
    assert capsys.readouterr().err.startswith("rpy2.py: found a module in the project's folder, expected none")


def test_what_quarto_reads_from_the_file_of_the_environment_is_let_pass(by_hand, project):
    by_hand.chdir(project.parent)
    for name, value in variables(project / "_environment").items():
        by_hand.setenv(name, value)
    assert quarto_prerender.main() == 0


def said_by(*command, script=quarto_prerender.__file__, **more):
    """Return what the step before Quarto says when some Python runs it."""
    done = subprocess.run([*command, script], env={"PATH": "/usr/bin:/bin"} | more, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_before_set_up_a_sentence_says_what_to_do():
    said = said_by(sys.executable, "-I", "-S")
    version = ".".join(map(str, sys.version_info[:2]))
    assert f"found Python {version} without snakemake, pandas, nbclient, ipykernel, rpy2, expected" in said
    assert "Run `make setup`" in said and "conda env create --file envs/environment.yml" in said
    assert len(said.splitlines()) == 1


def test_a_python_set_by_the_user_is_the_fault_where_the_project_has_its_own(tmp_path):
    step = tmp_path / "workflow" / "scripts" / "report" / "quarto_prerender.py"
    for file in (step, tmp_path / ".venv" / "bin" / "python"):
        file.parent.mkdir(parents=True)
        file.touch()
    shutil.copy(quarto_prerender.__file__, step)
    said = said_by(sys.executable, "-I", "-S", script=str(step), QUARTO_PYTHON="/nowhere/python")
    assert "Unset QUARTO_PYTHON, so that the one in .venv is used" in said


def test_a_python_too_old_for_the_library_can_read_the_step_and_is_named(by_hand, capsys):
    ast.parse(Path(quarto_prerender.__file__).read_text(), feature_version=(3, 7))
    by_hand.setattr(sys, "version_info", (3, 7, 3))
    assert quarto_prerender.main() == 1
    assert "found Python 3.7, expected the Python that set-up makes" in capsys.readouterr().err


def test_the_library_is_found_by_a_relative_and_an_absolute_search_path():
    assert quarto_prerender.finds_library("workflow")
    assert quarto_prerender.finds_library(f"/elsewhere:{quarto_prerender.PROJECT / 'workflow'}")
    assert not quarto_prerender.finds_library("")


def test_pages_ask_no_server_for_scripts(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<script src="https://cdn.net/a.js" crossorigin="x"></script><script src="../site_libs/b.js"></script>'
    )
    assert quarto_postrender.fixed(page) == '<script src="../site_libs/b.js"></script>'


def test_scripts_from_the_network_leave_no_empty_line_so_that_pages_made_of_kept_outputs_are_the_same(tmp_path):
    page = tmp_path / "page.html"
    follow_up = '<script type="application/javascript">define("jquery", [],function() {return 1;})</script>'
    page.write_text(f'<a>\n<script src="https://cdn.net/a.js"></script>\n{follow_up}\n\n<b>')
    assert quarto_postrender.fixed(page) == "<a>\n<b>"


def test_the_menu_that_opens_all_code_finds_it_below_a_button_to_copy(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('const detailsSrc = window.document.querySelectorAll(".cell > details > .sourceCode");')
    assert quarto_postrender.fixed(page) == page.read_text().replace(".sourceCode", "summary")


def test_a_reference_from_a_chapter_without_number_prints_kind_and_number(tmp_path):
    (tmp_path / "growth.html").write_text(CHAPTER)
    page = tmp_path / "index.html"
    to_chapter = '<a href="growth.html" class="quarto-xref"><span>2&nbsp; Growth</span></a>'
    to_section = '<a href="growth.html#sec-years" class="quarto-xref"><span>Years</span></a>'
    page.write_text(f"{to_chapter} {to_section}")
    assert quarto_postrender.fixed(page) == (
        '<a href="growth.html" class="quarto-xref">Chapter&nbsp;2</a> '
        '<a href="growth.html#sec-years" class="quarto-xref">Section&nbsp;2.1</a>'
    )


def test_a_reference_to_an_appendix_prints_its_own_letter(tmp_path):
    (tmp_path / "codebook.html").write_text(APPENDIX)
    page = tmp_path / "methods.html"
    page.write_text('<a href="codebook.html" class="quarto-xref"><span>Appendix B — Codebook</span></a>')
    assert quarto_postrender.fixed(page) == '<a href="codebook.html" class="quarto-xref">Appendix&nbsp;B</a>'


def test_a_page_without_number_takes_none_from_its_menus():
    menu = '<nav><span class="chapter-number">3</span></nav>'
    assert quarto_postrender.number_in(f'<h1 class="title">References</h1>{menu}', None) is None


KERNEL = """import os
from ipykernel.kernelapp import IPKernelApp
IPKernelApp(capture_fd_output=False).initialize([])
os._exit(0)
"""


def said_by_a_kernel(folder):
    env = os.environ | {"IPYTHONDIR": str(folder)}
    return subprocess.run([sys.executable, "-c", KERNEL], env=env, capture_output=True, text=True).stderr


def test_the_kernels_that_quarto_starts_say_only_what_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", ".ipython")
    assert "without encryption" in said_by_a_kernel(tmp_path / "other")
    quarto_prerender.quiet_kernels(tmp_path)
    assert said_by_a_kernel(tmp_path / ".ipython") == ""


def test_links_to_the_first_page_work_from_disk(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<a href="../">Title</a> <a href="./">Title</a> <a href="../a.csv">Data</a>')
    assert quarto_postrender.fixed(page) == (
        '<a href="../index.html">Title</a> <a href="./index.html">Title</a> <a href="../a.csv">Data</a>'
    )


def policy_of(html):
    found = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert len(found) == 1
    return dict(rule.split(" ", 1) for rule in found[0].split("; "))


def test_a_policy_names_the_scripts_that_quarto_writes_and_none_that_a_chapter_holds():
    page = with_policy(GUARDED)
    named = digests(["\n  quarto();\n", "after()"])
    assert policy_of(page)["script-src"].split() == [
        "'self'",
        *named,
        "'unsafe-hashes'",
        *digests(["if (a && b) { toggle(); }"]),
    ]
    assert digests(["fromTable()"])[0] not in page
    assert page.index("utf-8") < page.index("Content-Security-Policy") < page.index("<script")
    # as `openssl dgst -sha256 -binary | base64` has it
    assert digests(["after()", "after()"]) == ["'sha256-a1gNZ2Izyv8QHY4EGivVaYLMhSZ4UJcp84iKTV+FO7w='"]


def test_a_policy_lets_nothing_come_from_elsewhere_nothing_be_sent_and_no_plugin_start(tmp_path):
    book = write_small(tmp_path)
    page = tmp_path / "_book" / "b.html"
    quarto_postrender.complete(book, [page])
    policy = policy_of(page.read_text())
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert not any("http" in rule or "*" in rule for rule in policy.values())
    assert "'unsafe-inline'" not in policy["script-src"]


def test_the_menu_that_opens_code_holds_buttons_and_no_addresses_that_are_scripts(tmp_path):
    page = tmp_path / "page.html"
    item = 'id="quarto-show-all-code" class="dropdown-item"'
    page.write_text(f'<li><a {item} href="javascript:void(0)" role="button">Show All Code</a></li>')
    assert quarto_postrender.fixed(page) == f'<li><button type="button" {item}>Show All Code</button></li>'


def write_small(project, settings=""):
    """Write a book of two pages, as Quarto leaves them, in a project with a figure and its files."""
    for name in ("figures/a.svg", "figures/a.png", "exports/all.zip"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(name)
    (project / "figures" / "a.csv").write_text("place,share\nCôte d'Ivoire,0.123456789\n", encoding="utf-8")
    (project / "_quarto.yml").write_text(
        "project: {type: book}\n"
        "book: {title: A title, author: Ada, description: About it, chapters: [index.qmd, b.qmd]}\n"
        "publication:\n  page: b.qmd\n  files: [{file: exports/all.zip, title: All tables}]\n" + settings
    )
    (project / "_book").mkdir()
    for name, text in {"index": "<p>First.</p>", "b": BODY}.items():
        (project / f"{name}.qmd").touch()
        head = f'<head><meta name="author" content="x">\n<title>{name} – A title</title></head>'
        page = f'{head}<body class="light"><main><header></header>{text}</main>'
        (project / "_book" / f"{name}.html").write_text(page)
    return load_book(project)


def test_pages_by_quarto_get_heads_links_and_feet_as_the_presss_have_and_files_lie_beside_them(tmp_path):
    (tmp_path / "set.json").write_text('{"distribution": [{"contentUrl": "exports/all.zip"}]}')
    book = write_small(tmp_path, "  address: https://count.report.eu\ndataset: set.json\n")
    folder = tmp_path / "_book"
    quarto_postrender.complete(book, [folder / "index.html", folder / "b.html"])
    first, page = ((folder / name).read_text() for name in ("index.html", "b.html"))
    assert page.count('name="author"') == 1
    assert '<meta name="author" content="Ada">' in page
    assert '<meta property="og:description" content="What b says.">' in page
    assert '<meta property="og:image" content="https://count.report.eu/figures/a.png">' in page
    links = '<a href="figures/a.png" download>PNG</a> <a href="figures/a.svg" download>SVG</a>'
    assert page.index("<img") < page.index(links) < page.index("<figcaption")
    assert '<a href="exports/all.zip" download>All tables</a>' in first
    assert '<a href="b.html">All files, with what each holds</a>' in first
    assert '<body class="light"><a class="skip" href="#quarto-document-content">' in page
    assert '<link rel="icon" href="data:,">' in page  # browsers ask for another one
    told = '<script type="application/ld+json">{"distribution": [{"contentUrl": "exports/all.zip"}]}</script>'
    assert told in first and told in page
    assert "Report an error on this page" in page and 'class="cite"' not in page
    assert (folder / "exports" / "all.zip").read_text() == "exports/all.zip"
    assert (folder / "figures" / "a.csv").read_text(encoding="utf-8") == "\ufeffplace,share\nCôte d'Ivoire,0.123457\n"


def test_a_page_of_an_earlier_render_stays_as_it_is(tmp_path):
    book = write_small(tmp_path)
    pages = [tmp_path / "_book" / name for name in ("index.html", "b.html")]
    quarto_postrender.complete(book, pages)
    before = pages[0].read_text()
    pages[1].write_text(f"<head></head><main>{BODY}</main>")
    quarto_postrender.complete(book, pages[1:])
    assert pages[0].read_text() == before
    assert pages[1].read_text().count("figure-links") == 1


def test_what_stands_in_a_chapter_without_number_is_counted_alone_in_the_pdf(project, tmp_path):
    (tmp_path / "numbering.typ").write_text((project / "workflow" / "quarto" / "numbering.typ").read_text())
    (tmp_path / "book.typ").write_text(NUMBERED.replace("{numbering}", "numbering.typ"))
    pages = PdfReader(io.BytesIO(typst.compile(tmp_path / "book.typ"))).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    assert "See Figure 1, Figure 1.2 and Figure A.1." in text
    for caption in ("Figure 1: summary", "Figure 1.1: other", "Figure 1: after", "Figure A.1: methods"):
        assert caption in text
    assert [text.count(number) for number in ("(1)", "(1.1)", "(1.2)", "(A.1)")] == [2, 1, 1, 1]


def test_a_reference_that_has_its_number_stays_as_it_is(tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<a href="#tbl-years" class="quarto-xref">Table&nbsp;<span>2.1</span></a>')
    assert quarto_postrender.fixed(page) == page.read_text()


def test_labels_of_captions_are_marked(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<figcaption>\nTable&nbsp;2.1: Years.</figcaption>")
    assert '<span class="caption-label">Table&nbsp;2.1:</span> Years.' in quarto_postrender.fixed(page)


def test_a_reference_or_citation_that_leads_nowhere_fails_the_render(whole, monkeypatch, capsys):
    page = whole / "_book" / "page.html"
    page.write_text(
        '<span class="quarto-unresolved-ref">?sec-x</span> <a href="#ref-key"><strong>key2000?</strong></a>'
    )
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_FILES", str(page))
    assert quarto_postrender.main() == 1
    assert capsys.readouterr().err.count("leads nowhere") == 2


@pytest.fixture
def whole(by_hand, tmp_path):
    """Return a project whose whole book Quarto has just written."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").write_text("renderer: auto\n")
    (tmp_path / "index.qmd").touch()
    (tmp_path / "_quarto.yml").write_text("project: {type: book}\nbook: {title: Title, chapters: [index.qmd]}\n")
    files = [tmp_path / "_book" / name for name in ("index.html", "Title.pdf")]
    files[0].parent.mkdir()
    for file in files:
        file.write_text("<main>Words</main>")
    by_hand.setattr(quarto_postrender, "PROJECT", tmp_path)
    by_hand.setenv("QUARTO_PROJECT_OUTPUT_DIR", str(tmp_path / "_book"))
    by_hand.setenv("QUARTO_PROJECT_OUTPUT_FILES", "\n".join(str(file.relative_to(tmp_path)) for file in files))
    return tmp_path


def test_a_whole_render_by_hand_leaves_the_next_build_nothing_to_do(whole):
    manifest = whole / "results" / "book.json"
    write_manifest(whole / "_book", manifest, 2)
    (whole / "_book" / "index.html").write_text("<main>Other words</main>")
    assert damage(whole / "_book", manifest) == (2, ["index.html"])
    assert quarto_postrender.main() == 0
    assert damage(whole / "_book", manifest) == (2, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUARTO_PROJECT_OUTPUT_FILES", ""),  # a part of the book
        ("COUNTBACK_RENDERER", "press"),  # a build would make another book
        ("COUNTBACK_RENDERING", "1"),  # the rule notes it, in the end
    ],
)
def test_what_a_build_would_make_anew_is_not_noted(whole, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert quarto_postrender.main() == 0
    assert not (whole / "results" / "book.json").exists()


def test_a_folder_named_on_the_command_line_gets_the_tables_that_pages_link_to(whole, monkeypatch):
    (whole / "results").mkdir()
    (whole / "results" / "a.csv").write_text("1")
    page = whole / "elsewhere" / "index.html"
    page.parent.mkdir()
    page.write_text('<main><a href="results/a.csv">Data</a></main>')
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_DIR", str(page.parent))
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_FILES", "elsewhere/index.html")
    assert quarto_postrender.main() == 0
    assert (page.parent / "results" / "a.csv").read_text(encoding="utf-8-sig") == "1\n"
    assert 'class="downloads"' in page.read_text()


def test_both_themes_take_their_colors_from_the_look():
    assert "$body-bg: #ffffff;" in sass_theme("light")
    assert "$body-bg: #15171a;" in sass_theme("dark")


def test_the_pdf_by_quarto_gets_the_look_and_the_facts_of_the_press(project, tmp_path):
    write_look(project, tmp_path)
    written = (tmp_path / "quarto.typ").read_text()
    assert (project / "workflow" / "press" / "templates" / "look.typ").read_text() in written
    assert '#let book-title = "Putting the Count Back Into Accountability"' in written
    assert "#let book-time = datetime(year: 20" in written
