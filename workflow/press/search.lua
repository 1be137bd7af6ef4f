-- What search and popovers know of a page: its sections as text, and the rows and terms that have an address;
-- captions, equations and references by their ids.
local crossref = require("crossref")

local search = {}

local function nothing() return {} end

-- A table as the words of its cells, one after the other.
local function words_of(tbl)
  local words = {}
  local function keep(block) table.insert(words, pandoc.utils.stringify(block)) end
  tbl:walk({ Plain = keep, Para = keep })
  return pandoc.Para({ pandoc.Str(table.concat(words, " ")) })
end

local function in_brackets(note)
  return pandoc.Inlines({ pandoc.Str(" (") }) .. pandoc.utils.blocks_to_inlines(note.content) .. { pandoc.Str(")") }
end

-- Code is not searched; a footnote is, where it is called.
local function plain(blocks)
  local found = blocks:walk({ RawBlock = nothing, CodeBlock = nothing })
  found = found:walk({ Table = words_of, Note = in_brackets })
  return (pandoc.write(pandoc.Pandoc(found), "plain", { wrap_text = "none" }):gsub("%s+", " "):gsub("^ ", ""))
end

-- What stands at the head of each column, from the top down; heads may span columns and rows.
local function column_heads(tbl)
  local heads, taken = {}, {}
  for line, row in ipairs(tbl.head.rows) do
    local at = 1
    for _, cell in ipairs(row.cells) do
      while (taken[at] or 0) >= line do at = at + 1 end
      local words = pandoc.utils.stringify(cell.contents)
      for column = at, at + cell.col_span - 1 do
        taken[column] = line + cell.row_span - 1
        heads[column] = (heads[column] and words ~= "" and heads[column] .. " " or heads[column] or "") .. words
      end
      at = at + cell.col_span
    end
  end
  return heads
end

-- What bears an address; a row whose name leads to a section is no entry of its own: the section is one.
local function address_in(inlines)
  local found
  local function look(span)
    local leads_away = false
    span:walk({ Link = function() leads_away = true end })
    if crossref.is_address(span.identifier) and not leads_away then found = span end
  end
  inlines:walk({ Span = look })
  return found
end

local function row_entry(row, heads)
  local name = row.cells[1] and address_in(row.cells[1].contents)
  if not name then return nil end
  local parts, title = pandoc.List({}), pandoc.utils.stringify(name)
  local beside = pandoc.utils.stringify(row.cells[1].contents):sub(#title + 1):gsub("^%s+", "")
  if beside ~= "" then parts:insert(beside) end
  for at = 2, #row.cells do
    local words = pandoc.utils.stringify(row.cells[at].contents)
    if words:match("[%w]") then parts:insert((heads[at] or "") .. ": " .. words) end
  end
  return { id = name.identifier, title = title, text = table.concat(parts, "; "), also = name.attributes.also }
end

-- Rows of tables that have an address, each an entry like a section.
local function add_rows(entries, tbl)
  local heads = column_heads(tbl)
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      local entry = row_entry(row, heads)
      if entry then entries:insert(entry) end
    end
  end
end

-- Terms of lists that have an address, each with what is said of it.
local function add_terms(entries, list)
  for _, item in ipairs(list.content) do
    local name, said = address_in(item[1]), pandoc.Blocks({})
    for _, blocks in ipairs(item[2]) do said:extend(blocks) end
    if name then
      entries:insert({ id = name.identifier, title = pandoc.utils.stringify(name), text = (plain(said):gsub(" $", "")) })
    end
  end
end

-- Give a page its sections and notes; `source` holds its blocks before they were made HTML, `blocks` after.
function search.add(page, source, blocks, options)
  page.sections, page.notes = pandoc.List({}), {}
  for _, block in ipairs(blocks) do
    local title = block.t == "Header" and pandoc.utils.stringify(block.content)
    if title then page.sections:insert({ id = block.identifier, title = title, blocks = pandoc.Blocks({}) }) end
    if not title and #page.sections > 0 then page.sections[#page.sections].blocks:insert(block) end
  end
  for _, section in ipairs(page.sections) do section.text, section.blocks = plain(section.blocks), nil end
  source:walk({
    Table = function(tbl) add_rows(page.sections, tbl) end,
    DefinitionList = function(list) add_terms(page.sections, list) end,
  })
  local function outward(link) if not link.target:match("^https?:") then return link.content end end
  local bare = { Link = outward, RawInline = nothing, RawBlock = nothing, Note = nothing }
  local function keep(element, content)
    if element.identifier == "" then return end
    local note = pandoc.Pandoc(pandoc.Blocks(content):walk(bare))
    page.notes[element.identifier] = pandoc.write(note, "html5", options)
  end
  source:walk({
    Figure = function(it) keep(it, it.caption.long) end,
    Span = function(it) if it.classes:includes("equation") then keep(it, { pandoc.Plain(it.content) }) end end,
    Div = function(it) if it.identifier:match("^ref%-") then keep(it, it.content) end end,
  })
end

return search
