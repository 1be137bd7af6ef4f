-- Refuses what the press would pass over in silence: classes and attributes that it does nothing with, and headings that
-- no outline can hold. Reads the markdown and HTML that cells print, which may come from data, and keeps of it what can
-- neither run, load nor cover anything.

local crossref = require("crossref")

local subset = {}

local function set(words)
  local out = {}
  for word in words:gmatch("%S+") do out[word] = true end
  return out
end

local CALLOUTS = "callout-note callout-tip callout-warning callout-important callout-caution"
local ANY = setmetatable({}, { __index = function() return true end })
-- Classes and attributes by kind; cell-*, cell, summary, fold, value and of are what outputs.py and cells.py write.
local KNOWN = {
  Div = {
    set(CALLOUTS .. " content-visible content-hidden panel-tabset cell-code chart explorer lookup"),
    set("title when-format layout-ncol lang summary fold map cards"),
  },
  Span = { set("literal mark underline value"), set("alt lang of") },
  Image = { {}, set("alt fig-alt width") },
  Figure = { {}, {} },
  Table = { {}, {} },
  Header = { set("unnumbered"), {} },
  Link = { set("uri email"), {} },
  Code = { ANY, {} },
  CodeBlock = { ANY, set("cell") },
}
local UNITS = set("px pt mm cm in em %") -- those of HTML and Typst alike
UNITS[""] = true
local VALUES = {
  ["when-format"] = function(value) return value == "html" or value == "typst" end,
  ["width"] = function(value) return UNITS[value:match("^[%d.]+(%D*)$") or "none"] end,
  ["layout-ncol"] = function(value) return value:match("^[1-4]$") end,
}

local MARKDOWN = "markdown-yaml_metadata_block-raw_html-raw_attribute-raw_tex-native_divs-native_spans"
local HTML = "html-native_divs"
local SCHEMES = set("http https mailto tel")
local ATTRIBUTES = set("dir lang scope title")
local STYLES = set([[background-color color font-style font-weight min-width text-align text-decoration vertical-align
  white-space width]])

-- A table, a picture or an export of the project, which links.lua copies beside the book.
local FOLDERS, SUFFIXES = set("results figures exports data"), set("csv parquet svg png xlsx zip bib json")

local function is_result(target)
  local folder, suffix = target:match("^%.%./(%a+)/[%w/_-]+%.(%a+)$")
  return folder and FOLDERS[folder] and SUFFIXES[suffix]
end

-- A place in a chapter beside this one.
local function is_place(target) return target:match("^[%w_-]+%.qmd#[%w_-]+$") end

-- A picture that the workflow draws.
local function is_drawn(source) return source:match("^%.%./figures/[%w/_-]+%.svg$") end

local function safe_link(link)
  local scheme = link.target:match("^%s*(%a[%w+.-]*):")
  local is_safe = scheme and SCHEMES[scheme:lower()] or link.target:match("^#")
  is_safe = is_safe or is_result(link.target) or is_place(link.target)
  if not is_safe then return link.content end
  link.attr = pandoc.Attr()
  return link
end

local function is_plain(value) return value:match("^[%w#%%.%s-]+$") or value:match("^%a+%([%d%s.,%%/]+%)$") end

local function safe_style(style)
  local kept = {}
  for name, value in style:gmatch("([%a-]+)%s*:%s*([^;]+)") do
    value = value:gsub("%s+$", "")
    if STYLES[name:lower()] and is_plain(value) then table.insert(kept, name:lower() .. ": " .. value .. ";") end
  end
  return #kept > 0 and table.concat(kept, " ") or nil
end

-- The classes of great_tables say what a cell is; any other could take a look of the page's own parts.
local function safe_attr(attr)
  local attributes = { style = safe_style(attr.attributes["style"] or "") }
  for name, value in pairs(attr.attributes) do
    if ATTRIBUTES[name] then attributes[name] = value end
  end
  return pandoc.Attr("", attr.classes:filter(function(class) return class:match("^gt_") end), attributes)
end

local function safe_rows(rows, are_heads)
  for _, row in ipairs(rows) do
    row.attr = safe_attr(row.attr)
    for _, cell in ipairs(row.cells) do
      cell.attr = safe_attr(cell.attr)
      -- Only what is written as `th` may have a scope.
      if not are_heads and not cell.classes:includes("gt_stub") then cell.attributes.scope = nil end
    end
  end
  return rows
end

local function has(row, class)
  return row and row.cells[1] ~= nil and row.cells[1].classes:includes(class)
end

local function new_body(head)
  return { attr = pandoc.Attr(), head = safe_rows(head, true), body = pandoc.List({}), row_head_columns = 0 }
end

-- Each group of rows becomes a body of its own, under the row that names it; names of rows stay heads.
local function groups(bodies)
  local out = pandoc.List({})
  for _, body in ipairs(bodies) do
    if #body.head == 0 then out:insert(new_body({})) end
    for _, row in ipairs(body.head) do out:insert(new_body({ row })) end
    for _, row in ipairs(body.body) do
      if has(row, "gt_group_heading") then
        out:insert(new_body({ row }))
      else
        out[#out].body:extend(safe_rows({ row }))
        if has(row, "gt_stub") then out[#out].row_head_columns = 1 end
      end
    end
  end
  return out:filter(function(body) return #body.head + #body.body > 0 end)
end

local function safe_table(tbl)
  tbl.attr = safe_attr(tbl.attr)
  tbl.head.rows, tbl.foot.rows = safe_rows(tbl.head.rows, true), safe_rows(tbl.foot.rows)
  tbl.bodies = groups(tbl.bodies)
  return tbl
end

-- A row has an address where its name has one, of the kinds that no other part of a page bears.
local function safe_span(span)
  local id = crossref.is_address(span.identifier) and span.identifier:match("^[%w_-]+$") or ""
  local also = id ~= "" and span.attributes.also or nil -- other names, for the search
  span.attr = safe_attr(span.attr)
  span.attributes.also = also
  span.identifier = id
  return span
end

local function without_level(header) return pandoc.Para({ pandoc.Strong(header.content) }) end

local function without_attr(element)
  element.attr = pandoc.Attr()
  return element
end

local function nothing() return {} end

local function read_markdown(chapter, block)
  if not block.classes:includes("cell-markdown") then return nil end
  local function drawn(image)
    if is_drawn(image.src) then return nil end
    crossref.problem("drawn", image.src:sub(1, 60), chapter.file)
    return {}
  end
  return pandoc.read(block.text, MARKDOWN).blocks:walk({ Link = safe_link, Image = drawn })
end

local function read_html(chapter, block)
  if not block.classes:includes("cell-html") then return nil end
  local function paragraph(part) return part.t == "Plain" and pandoc.Para(part.content) or part end
  return pandoc.Blocks(pandoc.read(block.text, HTML).blocks:map(paragraph)):walk({
    RawBlock = nothing, -- style sheets, scripts
    RawInline = nothing,
    Link = safe_link,
    Table = safe_table,
    Span = safe_span,
    Header = without_level,
    Code = without_attr,
    CodeBlock = without_attr,
    Image = function(image)
      crossref.problem("picture", image.src:sub(1, 24), chapter.file, block.attributes["cell"])
      return {}
    end,
  })
end

local function check(chapter, element)
  local classes, attributes = table.unpack(KNOWN[element.t])
  for _, class in ipairs(element.classes) do
    if not classes[class] then crossref.problem("class", class, chapter.file) end
  end
  for name, value in pairs(element.attributes) do
    if not attributes[name] or (VALUES[name] and not VALUES[name](value)) then
      crossref.problem("attribute", name, chapter.file)
    end
  end
end

-- A block whose headings are titles of its own parts, no sections.
local function has_own_headings(div) return (div.classes[1] or ""):match("^callout%-") or div.classes:includes("panel-tabset") end

-- Return a chapter's blocks with what its cells print among them, all of it checked.
function subset.read(chapter, blocks)
  local filter, before = {}, 0
  for kind in pairs(KNOWN) do filter[kind] = function(element) check(chapter, element) end end
  blocks = blocks:walk({ CodeBlock = function(block) return read_markdown(chapter, block) end })
  blocks:walk(filter)
  blocks:walk({
    Math = function(math)
      if (" " .. math.text):find("[^\\]%%") then crossref.problem("percent", math.text, chapter.file) end
    end,
  })
  blocks = blocks:walk({ CodeBlock = function(block) return read_html(chapter, block) end })
  blocks:walk({
    traverse = "topdown",
    Div = function(div) return div, not has_own_headings(div) end,
    Header = function(header)
      local text = pandoc.utils.stringify(header.content)
      if header.level == 1 and before > 0 then crossref.problem("second", text, chapter.file) end
      if header.level > before + 1 then crossref.problem("skipped", text, chapter.file) end
      before = header.level
    end,
  })
  return blocks
end

return subset
