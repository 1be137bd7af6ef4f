-- Says where a link or the path of an image leads: to a place in the book, to a file of the project, or out of it.

local crossref = require("crossref")

local links = {}

-- Pandoc writes a space within a target as %20; a file has it as it is.
local function decoded(path) return (path:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)) end

-- Return a path as an address: what would end it there is written by number.
function links.encoded(path)
  return (path:gsub("[ %%#?\"<>]", function(sign) return string.format("%%%02X", sign:byte()) end))
end

-- Return a path of the project without `.` and `..`; a leading slash stands for the project's root.
local function project_path(chapter, written)
  local path = decoded(written)
  local from = path:sub(1, 1) == "/" and path:sub(2) or (pandoc.path.directory(chapter.file) .. "/" .. path)
  local parts = {}
  for part in from:gmatch("[^/]+") do
    if part == ".." then table.remove(parts) elseif part ~= "." then table.insert(parts, part) end
  end
  return table.concat(parts, "/")
end

-- Labels, references and addresses are known in the whole book, other identifiers in their chapter alone.
function links.is_global(id)
  return id == "refs" or crossref.kind(id) ~= nil or id:match("^ref%-") ~= nil or crossref.is_address(id)
end

local function find(job, test)
  for _, chapter in ipairs(job.chapters) do
    if test(chapter) then return chapter end
  end
end

-- Return { chapter =, id = }, { file = } or { url = } for the target of a link.
function links.resolve(job, chapter, target)
  if target:match("^%a[%w+.-]*:") or target == "" then return { url = target } end
  local path, id = target:match("^([^#]*)#?(.*)$")
  local file, to = project_path(chapter, path), nil
  if path ~= "" then
    to = find(job, function(other) return other.file == file end)
  else
    to = chapter.ids[id] and chapter or find(job, function(other) return links.is_global(id) and other.ids[id] end)
  end
  if to and (id == "" or to.ids[id]) then return { chapter = to, id = id } end
  if not to and path ~= "" then return { file = file } end
  crossref.problem("link", target, chapter.file)
  return { url = target }
end

-- Note an image, or a file that the book links to, and return its path in the project.
function links.asset(chapter, source, assets)
  if source:match("^%a[%w+.-]*:") then
    crossref.problem("external", source:sub(1, 60), chapter.file)
    return source
  end
  local path = project_path(chapter, source)
  table.insert(assets, { path = path, source = source, file = chapter.file })
  return path
end

-- Alt text of an image: its own, else what stands in its brackets, else the caption around it.
function links.alt(chapter, image, fallback)
  local alt = image.attributes["fig-alt"] or image.attributes["alt"] or pandoc.utils.stringify(image.caption)
  if alt == "" then alt = (fallback or ""):gsub("^%a+\u{a0}[%w.]+: ", "") end
  if alt == "" then crossref.problem("alt", image.src, chapter.file) end
  return alt
end

-- Return a chapter's heading of level 1, or nil.
function links.heading(chapter)
  return chapter.blocks:find_if(function(block) return block.t == "Header" and block.level == 1 end)
end

return links
