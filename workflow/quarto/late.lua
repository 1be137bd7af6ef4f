-- What Quarto's PDF and pages get after Quarto has numbered everything.
-- Equations have an alternative text, their own or their source: without one it is no PDF/UA. Tables of markdown are
-- written as those of cells are. The appendices have no heading for all of them.
-- On a page, tables of markdown scroll in a box as those of cells do, and long names in either may break.

local OPEN = "^#math%.equation%(block: (%a+), numbering: equation%-numbering"

local function raw(text) return pandoc.RawInline("typst", text) end

local function quoted(text) return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s+", " ") .. '"' end

local function is_raw(element) return element and element.t == "RawInline" and element.format == "typst" end

-- Quarto puts a labelled equation between two pieces of Typst.
local function with_alt(inlines)
  for i, element in ipairs(inlines) do
    if element.t == "Math" then
      local before, after = inlines[i - 1], inlines[i + 1]
      local block = is_raw(before) and before.text:match(OPEN)
      local alt = block and before.text:match('alt: (".*"), %[') or quoted(element.text)
      if block then
        before.text = "#formula(" .. block .. ", " .. alt .. ", equation-numbering, "
        after.text = after.text:gsub("^%s*%]", "")
      else
        local display = tostring(element.mathtype == "DisplayMath")
        inlines[i] = pandoc.Span({ raw("#formula(" .. display .. ", " .. alt .. ', "", '), element, raw(")") })
      end
    end
  end
  return inlines
end

local function typst_table(tbl) return dofile(quarto.project.directory .. "/workflow/press/typsttable.lua").blocks(tbl) end

-- A PDF has no files beside it: a link to one leads to the report's address, or is the text alone, as in the press.
local site
local FILE = "^[./]*(%a+/[%w/_-]+%.%a+)$"

local function note_site(meta)
  local address = meta.publication and meta.publication.address and pandoc.utils.stringify(meta.publication.address) or ""
  site = address:match("^https?://") and not address:match("//example%.") and (address:gsub("/*$", "/")) or nil
end

local function to_file(link)
  local path = not link.target:match("^%a[%w+.-]*:") and link.target:match(FILE)
  if not path or path:match("%.qmd$") then return nil end
  if not site then return link.content end
  link.target = site .. path
  return link
end

-- Typst takes a path as it is, a space as a space.
local function by_its_path(image)
  image.src = image.src:gsub("%%20", " ")
  return image
end

local function without_heading(raw)
  if raw.format == "typst" and raw.text:find("^#heading%(level: 1, numbering: none%)") then return {} end
end

local BOX = '<div class="scroll" tabindex="0" role="group" aria-label="Table">'

local function breakable(word) return (utf8.len(word) or 0) >= (word:find("_") and 14 or 24) and word:gsub("[/_]", "%0<wbr>") or nil end

local function breakable_str(str)
  local broken = breakable((str.text:gsub("&", "&amp;"):gsub("<", "&lt;")))
  return broken and pandoc.RawInline("html", broken)
end

local function scrolling(tbl)
  return { pandoc.RawBlock("html", BOX), tbl:walk({ Str = breakable_str }), pandoc.RawBlock("html", "</div>") }
end

-- What book.lua made of a table of a cell.
local function scrolling_raw(raw)
  if raw.format ~= "html" or not raw.text:find("^<!%-%-| quarto%-html%-table%-processing: none") then return nil end
  local text = raw.text:gsub(">([^<]+)", function(words) return ">" .. words:gsub("%S+", breakable) end)
  return pandoc.RawBlock("html", BOX .. text .. "</div>")
end

if quarto.doc.is_format("typst") then
  return { { Meta = note_site }, { Link = to_file, Image = by_its_path }, { Inlines = with_alt, Table = typst_table, RawBlock = without_heading } }
end
return { { RawBlock = scrolling_raw, Table = scrolling } }
