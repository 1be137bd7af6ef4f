-- Says where a link or the path of an image leads: to a place in the book, to a file of the project, or out of it.

local crossref = require("crossref")

local links = {}

-- Return a path of the project without `.` and `..`; a leading slash stands for the project's root.
function links.project_path(chapter, path)
  local from = path:sub(1, 1) == "/" and path:sub(2) or (pandoc.path.directory(chapter.file) .. "/" .. path)
  local parts = {}
  for part in from:gmatch("[^/]+") do
    if part == ".." then table.remove(parts) elseif part ~= "." then table.insert(parts, part) end
  end
  return table.concat(parts, "/")
end

local function chapter_with_id(job, chapter, id)
  if chapter.ids[id] then return chapter end
  for _, other in ipairs(job.chapters) do
    if other.ids[id] and (crossref.kind(id) or id:match("^ref%-")) then return other end
  end
end

local function chapter_of_file(job, path)
  for _, other in ipairs(job.chapters) do
    if other.file == path then return other end
  end
end

-- Return { chapter =, id = }, { file = } or { url = } for the target of a link.
function links.resolve(job, chapter, target)
  if target:match("^%a[%w+.-]*:") or target == "" then return { url = target } end
  local path, id = target:match("^([^#]*)#?(.*)$")
  local to = path == "" and chapter_with_id(job, chapter, id) or chapter_of_file(job, links.project_path(chapter, path))
  if to and (id == "" or to.ids[id]) then return { chapter = to, id = id } end
  if to or path == "" then
    crossref.problem("link", target, chapter.file)
    return { url = target }
  end
  return { file = links.project_path(chapter, path) }
end

-- Note an image, or a file that the book links to, and return its path in the project.
function links.asset(chapter, source, assets)
  if source:match("^%a[%w+.-]*:") then
    crossref.problem("external", source:sub(1, 60), chapter.file)
    return source
  end
  local path = links.project_path(chapter, source)
  table.insert(assets, { path = path, source = source, file = chapter.file })
  return path
end

-- Alt text of an image: its own, else what stands in its brackets, else the caption around it.
function links.alt(image, fallback)
  local alt = image.attributes["fig-alt"] or image.attributes["alt"] or pandoc.utils.stringify(image.caption)
  if alt == "" then alt = fallback or "" end
  return alt
end

return links
