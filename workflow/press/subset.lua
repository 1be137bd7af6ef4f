-- Refuses what the press would pass over in silence: classes and attributes that it does nothing with, and headings that
-- no outline can hold. Reads the markdown that cells print.

local crossref = require("crossref")

local subset = {}

local function set(words)
  local out = {}
  for word in words:gmatch("%S+") do out[word] = true end
  return out
end

local CALLOUTS = "callout-note callout-tip callout-warning callout-important callout-caution"
local ANY = setmetatable({}, { __index = function() return true end })
-- Classes and attributes by kind; cell-*, summary and fold are what outputs.py writes.
local KNOWN = {
  Div = { set(CALLOUTS .. " content-visible content-hidden cell-code cell-html"), set("title when-format lang summary fold") },
  Span = { set("literal mark underline"), set("alt lang") },
  Image = { {}, set("alt fig-alt width") },
  Figure = { {}, {} },
  Table = { {}, {} },
  Header = { set("unnumbered"), {} },
  Link = { set("uri email"), {} },
  Code = { ANY, {} },
  CodeBlock = { ANY, {} },
}
local FORMATS = set("html typst")
local UNITS = set("px pt mm cm in em %") -- those of HTML and Typst alike
UNITS[""] = true

-- What cells print may come from data: it brings no markup of a format, and no link that could run something.
local PRINTED = "markdown-yaml_metadata_block-raw_html-raw_attribute-raw_tex-native_divs-native_spans"
local SCHEMES = set("http https mailto")

local function safe_link(link)
  local scheme = link.target:match("^%s*(%a[%w+.-]*):")
  if scheme and not SCHEMES[scheme:lower()] then return link.content end
end

local function read_printed(block)
  if not block.classes:includes("cell-markdown") then return nil end
  return pandoc.read(block.text, PRINTED).blocks:walk({ Link = safe_link })
end

local function is_known(name, value)
  if name == "when-format" then return FORMATS[value] end
  return name ~= "width" or UNITS[value:match("^[%d.]+(%D*)$") or "none"]
end

local function check(chapter, element)
  local classes, attributes = table.unpack(KNOWN[element.t])
  for _, class in ipairs(element.classes) do
    if not classes[class] then crossref.problem("class", class, chapter.file) end
  end
  for name, value in pairs(element.attributes) do
    if not attributes[name] or not is_known(name, value) then crossref.problem("attribute", name, chapter.file) end
  end
end

-- Return a chapter's blocks with the markdown of its cells among them, all of it checked.
function subset.read(chapter, blocks)
  local filter, before = {}, 0
  for kind in pairs(KNOWN) do filter[kind] = function(element) check(chapter, element) end end
  blocks = blocks:walk({ CodeBlock = read_printed })
  blocks:walk(filter)
  blocks:walk({
    traverse = "topdown",
    -- A callout's own heading is its title.
    Div = function(div) return div, not (div.classes[1] or ""):match("^callout%-") end,
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
