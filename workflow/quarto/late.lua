-- What Quarto's PDF gets after Quarto has numbered everything.
-- Equations have an alternative text, their own or their source: without one it is no PDF/UA. Tables of markdown are
-- written as those of cells are. The appendices have no heading for all of them.

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

local function without_heading(raw)
  if raw.format == "typst" and raw.text:find("^#heading%(level: 1, numbering: none%)") then return {} end
end

if quarto.doc.is_format("typst") then
  return { { Inlines = with_alt, Table = typst_table, RawBlock = without_heading } }
end
