-- Reads every chapter, merges them into one document, and writes pages of HTML and one body of Typst.
-- Run as `pandoc lua book.lua job.json result.json`.

local folder = pandoc.path.directory(arg[0])
package.path = pandoc.path.join({ folder, "?.lua" }) .. ";" .. package.path
local crossref = require("crossref")
local links = require("links")
local subset = require("subset")
local tohtml = require("tohtml")
local totypst = require("totypst")

-- `---` stands for a rule in prose; front matter was taken off before. A paragraph may begin with `(@fig-a)`, which is no
-- numbered example.
local READER = "markdown-yaml_metadata_block-example_lists"

local function read_file(path)
  local handle = assert(io.open(path, "rb"))
  local text = handle:read("a")
  handle:close()
  return text
end

local function assign_numbers(chapters)
  local n_chapters, n_appendices = 0, 0
  for _, chapter in ipairs(chapters) do
    local header = links.heading(chapter)
    if not header then
      crossref.problem("title", "", chapter.file)
    elseif not chapter.is_index and not header.classes:includes("unnumbered") then
      if chapter.is_appendix then
        n_appendices = n_appendices + 1
        chapter.number = string.char(64 + n_appendices)
      else
        n_chapters = n_chapters + 1
        chapter.number = tostring(n_chapters)
      end
    end
  end
end

local function read_chapters(job)
  for _, chapter in ipairs(job.chapters) do
    chapter.blocks = subset.read(chapter, pandoc.read(chapter.markdown, READER).blocks)
  end
  assign_numbers(job.chapters)
  for _, chapter in ipairs(job.chapters) do chapter.blocks = crossref.number(chapter, job.number_depth) end
  for _, chapter in ipairs(job.chapters) do chapter.blocks = crossref.resolve(chapter) end
end

local function read_references(job)
  local references = pandoc.List({})
  for _, path in ipairs(job.bibliography) do
    local format = path:match("%.json$") and "csljson" or "biblatex"
    references:extend(pandoc.read(read_file(path), format).meta.references or {})
  end
  return references
end

local function check_citations(job, references)
  local keys = {}
  for _, entry in ipairs(references) do keys[pandoc.utils.stringify(entry.id)] = true end
  for _, chapter in ipairs(job.chapters) do
    chapter.blocks:walk({
      Cite = function(cite)
        for _, citation in ipairs(cite.citations) do
          if not keys[citation.id] then crossref.problem("citation", citation.id, chapter.file) end
        end
      end,
    })
  end
end

local function metadata(job, references)
  local meta = { ["link-citations"] = true, lang = job.lang, references = references }
  if job.csl then meta.csl = job.csl end
  if job.nocite then meta.nocite = pandoc.read(job.nocite, READER).blocks end
  return meta
end

-- Citations are resolved over the whole book at once: one bibliography, years told apart alike everywhere.
local function cite(job, references)
  local merged = pandoc.Blocks({})
  for _, chapter in ipairs(job.chapters) do merged:insert(pandoc.Div(chapter.blocks, { class = "press-chapter" })) end
  local doc = pandoc.Pandoc(merged, pandoc.Meta(metadata(job, references)))
  local blocks = pandoc.utils.citeproc(doc).blocks:walk({ Cite = function(found) return found.content end })
  for i, chapter in ipairs(job.chapters) do chapter.blocks = pandoc.Blocks(blocks[i].content) end
  local last = job.chapters[#job.chapters]
  for i = #job.chapters + 1, #blocks do last.blocks:insert(blocks[i]) end
end

local addresses = {}

local function collect_ids(chapter)
  local ids = {}
  local function note(element)
    local id = element.identifier
    if crossref.is_address(id) then
      if addresses[id] then crossref.problem("duplicate", id, chapter.file) end
      addresses[id] = true
    end
    if id ~= "" then ids[id] = true end
  end
  chapter.blocks:walk({ Header = note, Div = note, Span = note, Figure = note, Table = note, Code = note, CodeBlock = note })
  chapter.ids = ids
end

local function main(job_path, result_path)
  local job = pandoc.json.decode(read_file(job_path), false)
  read_chapters(job)
  local references = read_references(job)
  check_citations(job, references)
  if #crossref.problems == 0 then cite(job, references) end
  for _, chapter in ipairs(job.chapters) do collect_ids(chapter) end
  local result = { pages = pandoc.List({}), images = pandoc.List({}) }
  for _, chapter in ipairs(job.chapters) do
    if job.html then table.insert(result.pages, tohtml.page(job, chapter, result.images)) end
  end
  result.sheets = pandoc.List({})
  if job.pdf then
    result.typst = totypst.book(job, result.images)
    for _, chapter in ipairs(job.chapters) do
      if chapter.is_sheet then result.sheets:insert({ file = chapter.file, typst = totypst.sheet(job, chapter) }) end
    end
  end
  result.problems = crossref.problems
  local handle = assert(io.open(result_path, "wb"))
  handle:write(pandoc.json.encode(result))
  handle:close()
end

main(arg[1], arg[2])
