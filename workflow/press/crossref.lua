-- Numbers headings, figures, tables and equations, and turns references to them into linked text.
-- Numbers are written as text, so that every output format shows the same ones.

local crossref = {}

local CALLOUTS = { note = "Note", tip = "Tip", warning = "Warning", important = "Important", caution = "Caution" }
local WORDS = { fig = "Figure", tbl = "Table", eq = "Equation", sec = "Section" }
local NBSP = "\u{a0}"

local entries = {} -- id -> { word, number, title, page }
local problems = {}

function crossref.problem(kind, id, file)
  table.insert(problems, { kind = kind, id = id, file = file })
end

function crossref.problems() return problems end

function crossref.entry(id) return entries[id] end

-- Return `fig`, `tbl`, `sec` or `eq` for an identifier that can be referred to, else nil.
function crossref.kind(id)
  local prefix = id:match("^(%a+)%-.")
  return prefix and WORDS[prefix:lower()] and prefix:lower() or nil
end

local function register(id, entry)
  if entries[id] then
    crossref.problem("duplicate", id, entry.page)
  end
  entries[id] = entry
end

local function number_in(chapter, count)
  return chapter.number and (chapter.number .. "." .. count) or tostring(count)
end

local function next_number(chapter, kind)
  chapter.counts[kind] = (chapter.counts[kind] or 0) + 1
  return number_in(chapter, chapter.counts[kind])
end

local function section_number(chapter, level)
  local counters = chapter.sections
  for deeper = level + 1, 6 do counters[deeper] = 0 end
  counters[level] = (counters[level] or 0) + 1
  local parts = { chapter.number }
  for at = 2, level do table.insert(parts, tostring(counters[at] or 0)) end
  return table.concat(parts, ".")
end

local function number_header(chapter, header, depth)
  local plain = not chapter.number or header.level > depth or header.classes:includes("unnumbered")
  local number, word = nil, "Section"
  if header.level == 1 then
    number, word = chapter.number, chapter.is_appendix and "Appendix" or "Chapter"
  elseif not plain then
    number = section_number(chapter, header.level)
  end
  if crossref.kind(header.identifier) == "sec" then
    local title = pandoc.utils.stringify(header.content)
    register(header.identifier, { word = word, number = number, title = title, page = chapter.file })
  end
  if number then header.attributes["data-number"] = number end
  return header
end

local function caption_inlines(word, number, inlines)
  local label = pandoc.Span({ pandoc.Str(word .. NBSP .. number .. ":") }, { class = "caption-label" })
  return pandoc.Inlines({ label, pandoc.Space() }) .. inlines
end

-- A figure or table as one Figure block: class `fig` or `tbl`, number in its caption.
local function float(chapter, kind, attr, blocks, inlines)
  local number = next_number(chapter, kind)
  register(attr.identifier, { word = WORDS[kind], number = number, page = chapter.file })
  attr.classes = { kind }
  attr.attributes["label"] = WORDS[kind] .. NBSP .. number
  local caption = { long = { pandoc.Plain(caption_inlines(WORDS[kind], number, inlines)) } }
  return pandoc.Figure(blocks, caption, attr)
end

-- Images alone in a paragraph of a float are no figures of their own.
local function unwrap_figures(blocks)
  return blocks:walk({ Figure = function(figure) return figure.content end })
end

-- A callout's title, from its attribute or its first heading, becomes a block of its own: no section, no number.
local function title_callout(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%a+)$")
    if kind and CALLOUTS[kind] then
      local title = pandoc.Inlines({ pandoc.Str(CALLOUTS[kind]) })
      if div.attributes["title"] then
        title = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes["title"], "markdown").blocks)
      elseif div.content[1] and div.content[1].t == "Header" then
        title = div.content:remove(1).content
      end
      div.content:insert(1, pandoc.Div({ pandoc.Plain(title) }, { class = "callout-title" }))
      div.attributes["callout"] = kind
    end
  end
  return div
end

local function number_div(chapter, div)
  local kind = crossref.kind(div.identifier)
  if kind ~= "fig" and kind ~= "tbl" then return title_callout(div) end
  local blocks = pandoc.Blocks(div.content)
  local last = blocks[#blocks]
  if #blocks < 2 or (last.t ~= "Para" and last.t ~= "Plain") then
    crossref.problem("caption", div.identifier, chapter.file)
    return div, false
  end
  blocks:remove()
  local code = blocks:filter(function(block) return block.t == "Div" and block.classes:includes("cell-code") end)
  local rest = blocks:filter(function(block) return not (block.t == "Div" and block.classes:includes("cell-code")) end)
  local figure = float(chapter, kind, div.attr, unwrap_figures(rest), last.content)
  code:insert(figure)
  return code, false
end

local function number_figure(chapter, figure)
  if crossref.kind(figure.identifier) ~= "fig" then return nil end
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  return float(chapter, "fig", figure.attr, figure.content, caption), false
end

local function number_table(chapter, tbl)
  if crossref.kind(tbl.identifier) ~= "tbl" then return nil end
  local caption, attr = pandoc.utils.blocks_to_inlines(tbl.caption.long), tbl.attr:clone()
  tbl.caption, tbl.attr = { long = {} }, pandoc.Attr()
  return float(chapter, "tbl", attr, { tbl }, caption), false
end

local function number_equation(chapter, span)
  if crossref.kind(span.identifier) ~= "eq" then return nil end
  local number = next_number(chapter, "eq")
  register(span.identifier, { word = WORDS.eq, number = number, page = chapter.file })
  span.classes = { "equation" }
  span.attributes["data-number"] = "(" .. number .. ")"
  return span
end

-- Number everything in one chapter, in the order of its text; headings down to a level.
function crossref.number(chapter, depth)
  chapter.counts, chapter.sections = {}, {}
  return chapter.blocks:walk({
    traverse = "topdown",
    Header = function(header) return number_header(chapter, header, depth) end,
    Div = function(div) return number_div(chapter, div) end,
    Figure = function(figure) return number_figure(chapter, figure) end,
    Table = function(tbl) return number_table(chapter, tbl) end,
    Span = function(span) return number_equation(chapter, span) end,
  })
end

local function reference(citation)
  local id = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
  local entry = entries[id]
  if not entry then return nil, id end
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
      local link, missing = reference(citation)
      if missing then crossref.problem("reference", citation.id, chapter.file) end
      if i > 1 then inlines:extend({ pandoc.Str(","), pandoc.Space() }) end
      inlines:insert(link or pandoc.Str("?"))
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
