-- Writes the whole book as Typst. Whatever needs a look calls a function of templates/look.typ.

local links = require("links")
local typsttable = require("typsttable")

local totypst = {}

local function inline(text) return pandoc.RawInline("typst", text) end

local function raw(text) return pandoc.RawBlock("typst", text) end

local function around(open, blocks) return pandoc.Blocks({ raw(open .. "[") }) .. blocks .. { raw("]") } end

local function quote(text) return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s+", " ") .. '"' end

-- Identifiers that only their chapter knows may come twice in the book.
local function global_id(chapter, id)
  return (id == "" or links.is_global(id)) and id or "c" .. chapter.index .. "-" .. id
end

local function rewrite_link(job, chapter, link, assets)
  local to = links.resolve(job, chapter, link.target)
  if to.file then
    local path = links.asset(chapter, link.target, assets)
    if not job.site then return link.content end
    link.target = job.site .. links.encoded(path)
    return link
  end
  if to.chapter then
    if to.id ~= "" and not to.chapter.printed[to.id] then return link.content end
    link.target = "#" .. (to.id ~= "" and global_id(to.chapter, to.id) or "chapter-" .. to.chapter.index)
  end
  return link
end

local function size(image)
  local width = image.attributes["width"]
  local px = width and width:match("^([%d.]+)p?x?$")
  if px then return string.format(", width: calc.min(%.1fpt, full-width)", tonumber(px) * 0.75) end
  return width and ", width: " .. width or ""
end

local function image(chapter, img, assets, fallback)
  local path, alt = links.asset(chapter, img.src, assets), links.alt(chapter, img, fallback)
  return inline("#image(" .. quote("/" .. path) .. ", alt: " .. quote(alt) .. size(img) .. ")")
end

local function formula(element, alt, number)
  local is_display = tostring(element.mathtype == "DisplayMath")
  local arguments = table.concat({ is_display, quote(alt or element.text), quote(number or "") }, ", ")
  return pandoc.Inlines({ inline("#formula(" .. arguments .. ", "), element, inline(")") })
end

-- A table too wide for the page gets one on its side; of each, about how high it is helps to find its place.
local function note_extent(figure)
  local height = 0
  local function look(tbl)
    if typsttable.is_wide(tbl) then figure.attributes["wide"] = "true" end
    height = height + typsttable.height(tbl)
  end
  figure:walk({ Table = look })
  if height > 0 then figure.attributes["height"] = string.format("%.0f", height) end
  return figure
end

local function rewrite_figure(chapter, figure)
  local id, kind = global_id(chapter, figure.identifier), figure.classes[1] == "tbl" and "table" or "image"
  local open, caption = "#figure(kind: " .. kind .. ", caption: ", pandoc.utils.blocks_to_inlines(figure.caption.long)
  local head = pandoc.Inlines(#caption > 0 and { inline(open .. "[") } .. caption .. { inline("])[") } or { inline(open .. "none)[") })
  local height = figure.attributes["height"]
  if height then head:insert(inline("#metadata(" .. height .. "pt)")) end
  local close = raw("]" .. (id ~= "" and " <" .. id .. ">" or ""))
  local whole = pandoc.Blocks({ pandoc.Plain(head) }) .. figure.content .. { close }
  return figure.attributes["wide"] and around("#on-its-side", whole) or whole
end

-- A block whose first child is its title: a callout, a tab.
local function titled(open, div)
  local title = div.content:remove(1)
  title = title.t == "Div" and title.content[1].content or title.content
  local head = pandoc.Inlines({ inline("#" .. open .. "[") }) .. title .. { inline("])[") }
  return pandoc.Blocks({ pandoc.Plain(head) }) .. div.content .. { raw("]") }
end

-- What stands side by side must still be told apart when figures have become several blocks.
local function wrap_panel(div)
  if div.classes[1] ~= "panel" then return nil end
  div.content = div.content:map(function(block) return pandoc.Div({ block }) end)
  return div
end

local function panel(div)
  local out = pandoc.Blocks({ raw("#panel(columns: " .. div.attributes["columns"]) })
  for _, block in ipairs(div.content) do out:extend(around(", ", block.content)) end
  return out .. { raw(")") }
end

-- A picture with words below it, which has no number.
local function chart(div)
  local words = div.content:remove().content
  local head = pandoc.Inlines({ inline("#chart([") }) .. words .. { inline("])[") }
  return pandoc.Blocks({ pandoc.Plain(head) }) .. div.content .. { raw("]") }
end

local function rewrite_div(div)
  local kind, class = div.attributes["callout"], div.classes[1]
  if div.identifier == "refs" then return around("#references", div.content) end
  if kind then return titled('boxed("' .. kind .. '", ', div) end
  if class == "tab" then return titled("tab(", div) end
  if class == "chart" then return chart(div) end
  if class == "panel" then return panel(div) end
end

local function rewrite_span(span)
  if span.classes:includes("equation") then
    local out = formula(span.content[1], span.attributes["alt"], span.attributes["data-number"])
    out:insert(inline(" <" .. span.identifier .. ">"))
    return out, false
  end
  if span.classes:includes("literal") then return span.content end
  if span.classes:includes("gt_footnote_marks") then return pandoc.Superscript(span.content) end
  if span.classes:includes("caption-label") then
    return pandoc.Inlines({ inline("#captionlabel[") }) .. span.content .. { inline("]") }
  end
end

local function rewrite_header(chapter, header)
  local number = header.attributes["data-number"]
  header.attributes, header.classes = {}, {}
  if number then
    local text = (header.level == 1 and chapter.is_appendix) and "Appendix " .. number .. " —" or number
    header.content = pandoc.Inlines({ inline("#num["), pandoc.Str(text), inline("] ") }) .. header.content
  end
  return header
end

local function prefix_ids(chapter, blocks)
  local function rename(element)
    element.identifier = global_id(chapter, element.identifier)
    return element
  end
  local function without(code)
    code.identifier = ""
    return code
  end
  return blocks:walk({ Header = rename, Div = rename, Span = rename, Code = without })
end

-- What pages alone show.
local function drop_unprinted(div)
  local format = div.attributes["when-format"]
  local is_other = format and (div.classes[1] == "content-visible") ~= (format == "typst")
  return (is_other or div.classes:includes("cell-code")) and {} or nil
end

-- Return what is printed of a chapter: a link to anything else has no goal.
function totypst.printed(blocks) return blocks:walk({ Div = drop_unprinted }) end

local function chapter_blocks(job, chapter, assets)
  local function figure_images(figure)
    local caption = pandoc.utils.stringify(figure.caption.long)
    return figure:walk({ Image = function(img) return image(chapter, img, assets, caption) end })
  end
  local blocks = prefix_ids(chapter, totypst.printed(chapter.blocks))
    :walk({ Link = function(link) return rewrite_link(job, chapter, link, assets) end })
    :walk({ Figure = figure_images })
    :walk({
      traverse = "topdown",
      Image = function(img) return image(chapter, img, assets) end,
      Math = function(element) return formula(element), false end,
      Span = rewrite_span,
      Header = function(header) return rewrite_header(chapter, header) end,
    })
    :walk({ Figure = note_extent, Div = wrap_panel })
    :walk({ Table = typsttable.blocks })
    :walk({ Figure = function(figure) return rewrite_figure(chapter, figure) end })
    :walk({ Div = rewrite_div })
  blocks:insert(raw("#place.flush()"))
  return blocks
end

totypst.options = pandoc.WriterOptions({ wrap_text = "none", highlight_method = "idiomatic" })

-- Typst takes these signs for a heading or a list where they begin a cell, a note or a line; Pandoc escapes them where
-- they begin a paragraph alone.
local function plain_sign(str)
  local is_sign = str.text:match("^=+$") or str.text:match("^[-+/]$") or str.text:match("^%d+%.$")
  return is_sign and inline("\\" .. str.text) or nil
end

local function written(blocks)
  return pandoc.write(pandoc.Pandoc(blocks:walk({ Str = plain_sign })), "typst", totypst.options)
end

-- Return the body of a chapter that is set once more as a page of its own: what lies elsewhere can't be reached there.
function totypst.sheet(job, chapter)
  local function unlinked(link)
    local to = links.resolve(job, chapter, link.target)
    if to.chapter and to.chapter ~= chapter then return link.content end
  end
  local alone = setmetatable({ blocks = chapter.blocks:walk({ Link = unlinked }) }, { __index = chapter })
  return written(chapter_blocks(job, alone, pandoc.List({})))
end

-- Return a chapter in the body of the book; the first one of a part has the part's name, `chapter.part`.
function totypst.chapter(job, chapter, assets)
  local blocks = pandoc.Blocks({ raw("#metadata(none) <chapter-" .. chapter.index .. ">") })
  if chapter.part then
    blocks:insert(1, pandoc.Plain({ inline("#part["), pandoc.Str(chapter.part), inline("]") }))
  end
  local body = chapter_blocks(job, chapter, assets)
  -- what is one page of its own for print is set closer in the book, so that it is one page there
  if chapter.is_sheet then body = around("#close-set", body) end
  return written(blocks .. body)
end

return totypst
