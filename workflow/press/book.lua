-- Reads chapters and writes them as pages of HTML and as Typst, in steps that the press asks for one after the other.
-- Run as `pandoc lua book.lua`: a line of standard input is a request, a line of standard output its answer, in JSON.
-- What a chapter needs to know of the others comes with the requests, so that a process need not hold the whole book.

local folder = pandoc.path.directory(arg[0])
package.path = pandoc.path.join({ folder, "?.lua" }) .. ";" .. package.path
local citations = require("citations")
local crossref = require("crossref")
local links = require("links")
local subset = require("subset")
local tohtml = require("tohtml")
local totypst = require("totypst")

-- `---` stands for a rule in prose; front matter was taken off before. A paragraph may begin with `(@fig-a)`, which is no
-- numbered example.
local READER = "markdown-yaml_metadata_block-example_lists"

local loaded = {} -- chapters that this process has read, by their files
local steps = {}

local function answers(act, chapters)
  local found = pandoc.List({})
  for _, chapter in ipairs(chapters) do found:insert(act(chapter)) end
  return { chapters = found }
end

-- Read chapters, each with `file`, `markdown` and what it is in the book; tell which get a number.
function steps.read(request)
  return answers(function(chapter)
    chapter.blocks = subset.read(chapter, pandoc.read(chapter.markdown, READER).blocks)
    chapter.markdown, loaded[chapter.file] = nil, chapter
    local header = links.heading(chapter)
    if not header then crossref.problem("title", "", chapter.file) end
    local is_numbered = header and not chapter.is_index and not header.classes:includes("unnumbered")
    return { file = chapter.file, is_numbered = is_numbered or false }
  end, request.chapters)
end

local ANY_ID = { "Header", "Div", "Span", "Figure", "Table", "Code", "CodeBlock" }

local function each_id(blocks, act)
  local filter = {}
  for _, kind in ipairs(ANY_ID) do filter[kind] = function(element) act(element.identifier) end end
  blocks:walk(filter)
end

-- Return which identifiers a chapter has, which of them are addresses, and which no PDF prints.
local function identifiers(chapter)
  local ids, addresses, printed, unprinted = pandoc.List({}), pandoc.List({}), {}, pandoc.List({})
  each_id(totypst.printed(chapter.blocks), function(id) printed[id] = true end)
  each_id(chapter.blocks, function(id)
    if id == "" then return end
    ids:insert(id)
    if crossref.is_address(id) then addresses:insert(id) end
    if not printed[id] then unprinted:insert(id) end
  end)
  return ids, addresses, unprinted
end

-- Number what chapters that were read hold; tell what others can refer to, and what they cite.
function steps.number(request)
  return answers(function(one)
    local chapter = loaded[one.file]
    chapter.number = one.number
    chapter.blocks = crossref.number(chapter, request.number_depth)
    local ids, addresses, unprinted = identifiers(chapter)
    return {
      file = chapter.file,
      entries = chapter.entries,
      ids = ids,
      addresses = addresses,
      unprinted = unprinted,
      citations = citations.of(chapter.blocks),
    }
  end, request.chapters)
end

-- Resolve the citations of all chapters; return them by file, and the bibliography.
function steps.cite(request) return citations.resolved(request) end

local function set_of(list)
  local out = {}
  for _, item in ipairs(list) do out[item] = true end
  return out
end

-- Return the book as this process knows it: every chapter by its place and identifiers, those it has read with blocks.
local function whole(request)
  local job = { site = request.site, chapters = pandoc.List({}) }
  for i, known in ipairs(request.book) do
    local chapter = loaded[known.file] or { file = known.file }
    chapter.index, chapter.ids, chapter.printed = i, set_of(known.ids), set_of(known.ids)
    for _, id in ipairs(known.unprinted) do chapter.printed[id] = nil end
    job.chapters:insert(chapter)
  end
  return job
end

local function written(job, chapter, formats)
  local out = { file = chapter.file, images = pandoc.List({}) }
  if formats.html then out.page = tohtml.page(job, chapter, out.images) end
  if formats.pdf then
    out.typst = totypst.chapter(job, chapter, out.images)
    if chapter.is_sheet then out.sheet = totypst.sheet(job, chapter) end
  end
  return out
end

-- Write chapters that were read and numbered, with what the others told.
function steps.write(request)
  local job = whole(request)
  crossref.entries = request.entries
  return answers(function(one)
    local chapter = loaded[one.file]
    chapter.part = one.part
    chapter.blocks = citations.put(crossref.resolve(chapter), one.citations, one.bibliography)
    return written(job, chapter, request.formats)
  end, request.chapters)
end

for line in io.lines() do
  local request = pandoc.json.decode(line, false)
  local answer = steps[request.step](request)
  answer.problems, crossref.problems = crossref.problems, pandoc.List({})
  io.write(pandoc.json.encode(answer), "\n")
  io.flush()
end
