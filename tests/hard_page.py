"""A page with what the press writes for panels, notes, equations and wide tables, whether or not chapters have them."""

import shutil

HARD_CASES = f"""<h1 id="hard">Hard cases</h1>
<h2 id="tabs">Tabs</h2>
<div class="panel-tabset">
<section class="tab"><p class="tab-title">Counts</p><p id="counts">Twelve.</p></section>
<section class="tab"><p class="tab-title">Shares</p><p id="shares">A third.</p></section>
<section class="tab"><p class="tab-title">Notes</p><p id="notes">None.</p></section>
</div>
<div class="panel columns-2">
<figure class="fig"><p>Left</p><figcaption>(a) The left one</figcaption></figure>
<figure class="fig"><p>Right</p><figcaption>(b) The right one</figcaption></figure>
</div>
<h2 id="wide">Wide</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Table 9"><table><thead>
<tr>{"<th>Heading</th>" * 20}</tr></thead><tbody><tr>{"<td>1,234,567</td>" * 20}</tr></tbody></table></div>
<div class="scroll" tabindex="0" role="group" aria-label="Table 10"><table><tr><td>1</td></tr></table></div>
<p>Marked<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a> once.</p>
<details class="code" open><summary>Code</summary><div class="sourceCode"><pre class="sourceCode python"><code>
{"print(1) " * 40}</code></pre></div></details>
<p>{"Text. " * 900}</p>
<section id="footnotes" class="footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>A <em>note</em> at the end.
<a href="#fnref1" class="footnote-back" role="doc-backlink">back</a></p></li></ol></section>"""


def write_hard(book, copy):
    """Copy a book, put the hard cases into the frame of one of its pages, and return this page."""
    shutil.copytree(book, copy)
    page = copy / "chapters" / "growth.html"
    before, _, rest = page.read_text().partition("<article>")
    page.write_text(f"{before}<article>{HARD_CASES}</article>{rest.partition('</article>')[2]}")
    return page
