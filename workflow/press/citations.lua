-- Takes citations out of chapters, resolves those of the whole book at once, and puts them back: one bibliography, years
-- told apart alike everywhere. Between the steps they are documents of Pandoc as JSON, a paragraph for each citation.

local crossref = require("crossref")

local citations = {}

local function as_json(blocks) return pandoc.write(pandoc.Pandoc(blocks), "json") end

local function from_json(text) return pandoc.read(text, "json").blocks end

local function is_reference(cite)
  for _, citation in ipairs(cite.citations) do
    if crossref.kind(citation.id) then return true end
  end
end

-- Return the citations of a chapter, in the order in which `put` gives them back.
function citations.of(blocks)
  local found = pandoc.Blocks({})
  blocks:walk({ Cite = function(cite) if not is_reference(cite) then found:insert(pandoc.Para({ cite })) end end })
  return as_json(found)
end

local function read_file(path)
  local handle = assert(io.open(path, "rb"))
  local text = handle:read("a")
  handle:close()
  return text
end

local function read_references(paths)
  local references = pandoc.List({})
  for _, path in ipairs(paths) do
    local format = path:match("%.json$") and "csljson" or "biblatex"
    references:extend(pandoc.read(read_file(path), format).meta.references or {})
  end
  return references
end

local function check(chapter, blocks, keys)
  blocks:walk({
    Cite = function(cite)
      for _, citation in ipairs(cite.citations) do
        if not keys[citation.id] then crossref.problem("citation", citation.id, chapter.file) end
      end
    end,
  })
end

local function metadata(request, references)
  local meta = { ["link-citations"] = true, lang = request.lang, references = references }
  if request.csl then meta.csl = request.csl end
  if request.nocite then meta.nocite = pandoc.read(request.nocite, "markdown").blocks end
  return meta
end

-- Return the citations of all chapters in words, the bibliography as a block, and the identifiers of its entries.
function citations.resolved(request)
  local references, keys, merged = read_references(request.bibliography), {}, pandoc.Blocks({})
  for _, entry in ipairs(references) do keys[pandoc.utils.stringify(entry.id)] = true end
  for _, chapter in ipairs(request.chapters) do
    local blocks = from_json(chapter.citations)
    check(chapter, blocks, keys)
    merged:insert(pandoc.Div(blocks))
  end
  merged:insert(pandoc.Div({}, { id = "refs" }))
  local doc = pandoc.Pandoc(merged, pandoc.Meta(metadata(request, references)))
  local blocks, answer = pandoc.utils.citeproc(doc).blocks, { chapters = pandoc.List({}), ids = pandoc.List({}) }
  for i, chapter in ipairs(request.chapters) do
    answer.chapters:insert({ file = chapter.file, citations = as_json(blocks[i].content) })
  end
  answer.bibliography = as_json({ blocks[#blocks] })
  blocks[#blocks]:walk({ Div = function(entry) answer.ids:insert(entry.identifier) end })
  return answer
end

-- Put citations in words back in the places that they were taken from, and the bibliography where it has one.
function citations.put(blocks, words, bibliography)
  local at, resolved = 0, words and from_json(words)
  local function replace(cite)
    if not resolved or is_reference(cite) then return nil end
    at = at + 1
    return resolved[at].content[1].content
  end
  blocks = blocks:walk({ Cite = replace })
  if not bibliography then return blocks end
  local list, is_placed = from_json(bibliography)[1], false
  blocks = blocks:walk({
    Div = function(div)
      if div.identifier ~= "refs" then return nil end
      is_placed = true
      return list
    end,
  })
  if not is_placed then blocks:insert(list) end
  return blocks
end

return citations
