-- Numbers headings, figures, tables and equations, and turns references to them into linked text.
-- Numbers are written as text, so that every output format shows the same ones.

local crossref = {}

local CALLOUTS = { note = "Note", tip = "Tip", warning = "Warning", important = "Important", caution = "Caution" }
local WORDS = { fig = "Figure", tbl = "Table", eq = "Equation", sec = "Section" }
local NBSP = "\u{a0}"

crossref.entries = {} -- of the whole book: id -> { word, number, title }
crossref.problems = pandoc.List({})

-- Note a fault in a file, or in what one of its cells prints.
function crossref.problem(kind, id, file, cell)
  table.insert(crossref.problems, { kind = kind, id = id, file = file, cell = cell })
end

-- Return `fig`, `tbl`, `sec` or `eq` for an identifier that can be referred to, else nil.
function crossref.kind(id)
  local prefix = id:match("^(%a+)%-.")
  return prefix and WORDS[prefix:lower()] and prefix:lower() or nil
end

-- Whether an identifier is the address of a provider or a place: known, and unique, in the whole book.
function crossref.is_address(id) return id:match("^provider%-.") ~= nil or id:match("^place%-.") ~= nil end

local function register(chapter, id, entry)
  if chapter.entries[id] then crossref.problem("duplicate", id, chapter.file) end
  chapter.entries[id] = entry
end

local function next_number(chapter, kind)
  chapter.counts[kind] = (chapter.counts[kind] or 0) + 1
  return (chapter.number and chapter.number .. "." or "") .. chapter.counts[kind]
end

local function section_number(chapter, level)
  local counters, parts = chapter.sections, { chapter.number }
  for deeper = level + 1, 6 do counters[deeper] = 0 end
  counters[level] = (counters[level] or 0) + 1
  for at = 2, level do table.insert(parts, tostring(counters[at] or 0)) end
  return table.concat(parts, ".")
end

local function number_header(chapter, header, depth)
  local number, word = nil, "Section"
  if header.level == 1 then
    number, word = chapter.number, chapter.is_appendix and "Appendix" or "Chapter"
  elseif chapter.number and header.level <= depth and not header.classes:includes("unnumbered") then
    number = section_number(chapter, header.level)
  end
  if crossref.kind(header.identifier) == "sec" then
    register(chapter, header.identifier, { word = word, number = number, title = pandoc.utils.stringify(header.content) })
  end
  header.attributes["data-number"] = number
  return header
end

-- A figure or table as one Figure block: class `fig`, `tbl` or `sub`, label and number in its caption.
local function float(class, attr, blocks, label, inlines)
  attr.classes, attr.attributes["label"] = { class }, label
  local text = pandoc.Inlines({ pandoc.Span({ pandoc.Str(label .. (class == "sub" and "" or ":")) }, { class = "caption-label" }) })
  if #inlines > 0 then text = text .. { pandoc.Space() } .. inlines end
  return pandoc.Figure(blocks, { long = { pandoc.Plain(text) } }, attr)
end

local function numbered(chapter, kind, attr, blocks, inlines, number)
  number = number or next_number(chapter, kind)
  register(chapter, attr.identifier, { word = WORDS[kind], number = number })
  return float(kind, attr, blocks, WORDS[kind] .. NBSP .. number, inlines)
end

-- A callout's title, from its attribute or its first heading, becomes a block of its own: no section, no number.
local function title_callout(div)
  local kind = (div.classes[1] or ""):match("^callout%-(%a+)$")
  if not CALLOUTS[kind] then return nil end
  local title = pandoc.Inlines({ pandoc.Str(CALLOUTS[kind]) })
  if div.attributes["title"] then
    title = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes["title"], "markdown").blocks)
  elseif div.content[1] and div.content[1].t == "Header" then
    title = div.content:remove(1).content
  end
  div.content:insert(1, pandoc.Div({ pandoc.Plain(title) }, { class = "callout-title" }))
  div.attributes["callout"] = kind
  return div
end

-- The headings of a tabset become titles of tabs: no section, no number.
local function split_tabs(div)
  local tabs = pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    if block.t == "Header" then
      tabs:insert(pandoc.Div({ pandoc.Plain(block.content) }, { class = "tab" }))
    elseif #tabs > 0 then
      tabs[#tabs].content:insert(block)
    end
  end
  return pandoc.Div(tabs, { class = "panel-tabset" })
end

local function is_code(block) return block.t == "Div" and block.classes:includes("cell-code") end

-- Take the last paragraph of a block as its caption, its code out of it, and images out of figures of their own.
local function parts_of(chapter, div)
  local blocks, code, rest = pandoc.Blocks(div.content), pandoc.Blocks({}), pandoc.Blocks({})
  local last = blocks:remove()
  if #blocks == 0 or (last.t ~= "Para" and last.t ~= "Plain") then
    crossref.problem("caption", div.identifier, chapter.file)
    return code, rest, pandoc.Inlines({})
  end
  for _, block in ipairs(blocks) do (is_code(block) and code or rest):insert(block) end
  return code, rest, last.content
end

local function unwrapped(blocks) return blocks:walk({ Figure = function(figure) return figure.content end }) end

-- An image without caption is no figure to pandoc; return one, if it has the label of a figure.
local function captionless(para)
  local image = para.t == "Para" and #para.content == 1 and para.content[1]
  if not image or image.t ~= "Image" or crossref.kind(image.identifier) ~= "fig" then return nil end
  local attr = pandoc.Attr(image.identifier)
  image.identifier = ""
  return pandoc.Figure({ pandoc.Plain({ image }) }, { long = {} }, attr)
end

-- The figures within a figure: lettered, each with a caption of its own, side by side. Among them stands nothing else.
local function sub_figures(chapter, id, blocks, number, n_columns)
  local n, figures, n_others = 0, pandoc.Blocks({}), 0
  local function add(attr, content, inlines)
    n = n + 1
    local letter = "(" .. string.char(96 + n) .. ")"
    register(chapter, attr.identifier, { word = WORDS.fig, number = number .. NBSP .. letter })
    figures:insert(float("sub", attr, content, letter, inlines))
  end
  for _, block in ipairs(blocks) do
    block = captionless(block) or block
    local is_figure = crossref.kind(block.identifier or "") == "fig"
    if is_figure and block.t == "Figure" then
      add(block.attr, block.content, pandoc.utils.blocks_to_inlines(block.caption.long))
    elseif is_figure and block.t == "Div" then
      local code, rest, inlines = parts_of(chapter, block)
      figures:extend(code)
      add(block.attr, unwrapped(rest), inlines)
    else
      n_others = n_others + 1
    end
  end
  if n > 0 and n_others > 0 then crossref.problem("panel", id, chapter.file) end
  local columns = n_columns or tostring(n)
  return n > 0 and pandoc.Blocks({ pandoc.Div(figures, { class = "panel", columns = columns }) }) or unwrapped(blocks)
end

local function number_div(chapter, div)
  local kind = crossref.kind(div.identifier)
  local n_columns = div.attributes["layout-ncol"]
  if div.classes:includes("panel-tabset") then return split_tabs(div) end
  if kind ~= "fig" and kind ~= "tbl" then
    if n_columns then return pandoc.Div(div.content, { class = "panel", columns = n_columns }) end
    return title_callout(div)
  end
  local code, rest, inlines = parts_of(chapter, div)
  local number = next_number(chapter, kind)
  local id = div.identifier
  div.attributes["layout-ncol"] = nil
  code:insert(numbered(chapter, kind, div.attr, sub_figures(chapter, id, rest, number, n_columns), inlines, number))
  return code, false
end

local function number_figure(chapter, figure)
  if crossref.kind(figure.identifier) ~= "fig" then return nil end
  return numbered(chapter, "fig", figure.attr, figure.content, pandoc.utils.blocks_to_inlines(figure.caption.long)), false
end

local function number_table(chapter, tbl)
  if crossref.kind(tbl.identifier) ~= "tbl" then return nil end
  local caption, attr = pandoc.utils.blocks_to_inlines(tbl.caption.long), tbl.attr:clone()
  tbl.caption, tbl.attr = { long = {} }, pandoc.Attr()
  return numbered(chapter, "tbl", attr, { tbl }, caption), false
end

local function number_equation(chapter, span)
  if crossref.kind(span.identifier) ~= "eq" then return nil end
  local number = next_number(chapter, "eq")
  register(chapter, span.identifier, { word = WORDS.eq, number = number })
  span.classes, span.attributes["data-number"] = { "equation" }, "(" .. number .. ")"
  return span
end

-- Number everything in one chapter, in the order of its text; headings down to a level.
function crossref.number(chapter, depth)
  chapter.counts, chapter.sections, chapter.entries = {}, {}, {}
  return chapter.blocks:walk({
    traverse = "topdown",
    Header = function(header) return number_header(chapter, header, depth) end,
    Div = function(div) return number_div(chapter, div) end,
    Figure = function(figure) return number_figure(chapter, figure) end,
    Para = function(para)
      local figure = captionless(para)
      if figure then crossref.problem("caption", figure.identifier, chapter.file) end
    end,
    Table = function(tbl) return number_table(chapter, tbl) end,
    Span = function(span) return number_equation(chapter, span) end,
  })
end

local function reference(chapter, citation)
  local id = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
  local entry = crossref.entries[id]
  if not entry then
    crossref.problem("reference", citation.id, chapter.file)
    return pandoc.Str("?")
  end
  -- Quarto finds no target in a heading without number.
  if not entry.number then crossref.problem("unnumbered", citation.id, chapter.file) end
  local text = pandoc.Inlines({})
  if #citation.prefix > 0 then
    text = citation.prefix .. { pandoc.Str(NBSP) }
  elseif citation.mode ~= "SuppressAuthor" and entry.number then
    text:insert(pandoc.Str(entry.word .. NBSP))
  end
  text:insert(pandoc.Str(entry.number or entry.title))
  return pandoc.Link(text, "#" .. id, "", { class = "xref" })
end

local function resolve_cite(chapter, cite)
  local inlines, n_found = pandoc.Inlines({}), 0
  for i, citation in ipairs(cite.citations) do
    if crossref.kind(citation.id) then
      n_found = n_found + 1
      if i > 1 then inlines:extend({ pandoc.Str(","), pandoc.Space() }) end
      inlines:insert(reference(chapter, citation))
      inlines:extend(citation.suffix)
    end
  end
  if n_found == 0 then return nil end
  if n_found < #cite.citations then crossref.problem("mixed", cite.citations[1].id, chapter.file) end
  return inlines
end

function crossref.resolve(chapter)
  return chapter.blocks:walk({ Cite = function(cite) return resolve_cite(chapter, cite) end })
end

return crossref
