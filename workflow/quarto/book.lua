-- What Quarto is to write as the press does.
-- Tables that cells print as HTML: in the PDF by the press's own writer, because Quarto's way to Typst loses spanners and
-- notes; in HTML without style sheets and ids, which would come again with each table, since book.scss styles classes.
-- Figures float in the PDF, but not beyond their chapter. Code says its language. Long tables, the map, the look-up and
-- numbers that are asked have the press's scripts.

local UNTOUCHED = "<!--| quarto-html-table-processing: none -->\n"

local function is_table(raw) return raw.format == "html" and raw.text:find("<table", 1, true) end

local function writer() return dofile(quarto.project.directory .. "/workflow/press/typsttable.lua") end

local function tables(raw) return pandoc.read(raw.text, "html-native_divs").blocks end

-- Where a table leads within the book may not be printed.
local function without_goal(link) return not link.target:find("^%a[%w+.-]*:") and link.content or nil end

-- Addresses of rows are of pages.
local function without_address(span) return span.identifier ~= "" and span.content or nil end

local function to_typst(raw)
  if is_table(raw) then return tables(raw):walk({ Link = without_goal, Span = without_address }):walk({ Table = writer().blocks }) end
end

-- A table too wide for the page gets one on its side, with its caption.
local function turn(div)
  if not div.identifier:find("^tbl%-") then return nil end
  local is_wide = false
  local function look(tbl) is_wide = is_wide or writer().is_wide(tbl) end
  div:walk({ Table = look, RawBlock = function(raw) if is_table(raw) then tables(raw):walk({ Table = look }) end end })
  if is_wide then return { pandoc.RawBlock("typst", "#on-its-side["), div, pandoc.RawBlock("typst", "]") } end
end

-- A heading that a cell prints first keeps its distance from what is before it: in a block, which a cell becomes, it has none.
-- A picture with words below it, which has no number: as the press writes it.
local function chart(div)
  if not div.classes:includes("chart") then return nil end
  local words = div.content:remove().content
  local function raw(format, text) return pandoc.RawInline(format, text) end
  if quarto.doc.is_format("typst") then
    local head = pandoc.Inlines({ raw("typst", "#chart([") }) .. words .. { raw("typst", "])[") }
    return pandoc.Blocks({ pandoc.Plain(head) }) .. div.content .. { pandoc.RawBlock("typst", "]") }
  end
  local caption = pandoc.Inlines({ raw("html", "<figcaption>") }) .. words .. { raw("html", "</figcaption>") }
  -- in one block: of several, a layout of panels would put each into a cell, and the end of the figure elsewhere
  return pandoc.Div(pandoc.Blocks({ pandoc.RawBlock("html", '<figure class="chart">') }) .. div.content
    .. { pandoc.Plain(caption), pandoc.RawBlock("html", "</figure>") })
end

local function opened(div)
  local first = div.classes:includes("cell") and div.content[1]
  if first and first.t == "Header" then return div.content end
end

-- A row keeps its address.
local function kept_id(id) return (id:find("^provider%-") or id:find("^place%-")) and ' id="' .. id .. '"' or "" end

local function without_ids(tag)
  return (tag:gsub(' id="([^"]*)"', kept_id):gsub(' headers="[^"]*"', ""):gsub(' data%-quarto[%w-]*="[^"]*"', ""))
end

local function to_html(raw)
  if not is_table(raw) then return nil end
  local alone = raw.text:gsub("<style>.-</style>", ""):match("<table.*</table>"):gsub("<[^>]+>", without_ids)
  return pandoc.RawBlock("html", UNTOUCHED .. alone)
end

-- A number of the prose keeps its name, by which a page can be asked where it comes from.
local function with_name(span)
  local name = (span.attributes["data-raw"] or ""):match("^{{<%s*var%s+(%S+)%s*>}}$")
  if name then return pandoc.Span({ span }, { class = "value", ["data-of"] = name }) end
end

local function end_floats(header)
  if header.level == 1 then return { pandoc.RawBlock("typst", "#place.flush()"), header } end
end

-- Code that a cell of Python hands to R is R, and is shown without the line that hands it on, as the press shows it.
local function in_its_language(code)
  if not code.classes:includes("cell-code") then return nil end
  local magic, rest = code.text:match("^%s*%%%%R([^\n]*)\n?(.*)$")
  if magic then
    local parts = pandoc.List({})
    for _, way in ipairs({ { "i", "in" }, { "o", "out" } }) do
      local names = pandoc.List({})
      for name in magic:gmatch("%-" .. way[1] .. " (%S+)") do names:insert(name) end
      if #names > 0 then parts:insert(way[2] .. ": " .. table.concat(names, ", ")) end
    end
    code.text = (#parts > 0 and "# " .. table.concat(parts, "; ") .. "\n" or "") .. rest
    code.classes = code.classes:map(function(class) return class == "python" and "r" or class end)
  end
  code.attributes["code-summary"] = code.attributes["code-summary"] or (magic and "Code (R)" or "Code (Python)")
  return code
end

-- The press's scripts for what lies in a page, and their style: they find the others where they lie themselves.
local TEMPLATES = "../press/templates/"

local function with_parts()
  local resources = {}
  for _, name in ipairs({ "tables.js", "map.js", "places.js", "ask.js" }) do
    table.insert(resources, { name = name, path = TEMPLATES .. name })
  end
  quarto.doc.add_html_dependency({
    name = "parts",
    version = "1",
    scripts = { TEMPLATES .. "parts.js" },
    stylesheets = { TEMPLATES .. "parts.css" },
    resources = resources,
  })
  quarto.doc.include_text("in-header", '<meta name="origins" content="' .. quarto.project.offset .. '/results/origins.js">')
end

if quarto.doc.is_format("html") then with_parts() end
if quarto.doc.is_format("typst") then return { { Div = chart }, { Div = opened }, { Div = turn }, { RawBlock = to_typst, Header = end_floats } } end
return { { Div = chart }, { RawBlock = to_html, CodeBlock = in_its_language, Span = with_name } }
