-- What search and popovers know of a page: its sections as text; captions, equations and references by their ids.
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

-- Give a page its sections and notes; `source` holds its blocks before they were made HTML, `blocks` after.
function search.add(page, source, blocks, options)
  page.sections, page.notes = pandoc.List({}), {}
  for _, block in ipairs(blocks) do
    local title = block.t == "Header" and pandoc.utils.stringify(block.content)
    if title then page.sections:insert({ id = block.identifier, title = title, blocks = pandoc.Blocks({}) }) end
    if not title and #page.sections > 0 then page.sections[#page.sections].blocks:insert(block) end
  end
  for _, section in ipairs(page.sections) do section.text, section.blocks = plain(section.blocks), nil end
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
