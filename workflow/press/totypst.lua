-- Writes the whole book as Typst. Whatever needs a look calls a function of templates/book.typ.

local crossref = require("crossref")
local links = require("links")
local typsttable = require("typsttable")

local totypst = {}

local function raw(text) return pandoc.RawBlock("typst", text) end

local function inline(text) return pandoc.RawInline("typst", text) end

local function quote(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%s+", " ") .. '"'
end

-- Identifiers that only their chapter knows may come twice in the book.
local function global_id(job, chapter, id)
  if id == "" or id == "refs" or crossref.kind(id) or id:match("^ref%-") then return id end
  return "c" .. chapter.index .. "-" .. id
end

local function rewrite_link(job, chapter, link, assets)
  local to = links.resolve(job, chapter, link.target)
  if to.file then
    links.asset(chapter, link.target, assets)
    return link.content
  end
  if to.chapter then
    link.target = "#" .. (to.id ~= "" and global_id(job, to.chapter, to.id) or "chapter-" .. to.chapter.index)
  end
  return link
end

local function size(image)
  local width = image.attributes["width"]
  if not width then return "" end
  local px = width:match("^([%d.]+)p?x?$")
  if px then return string.format(", width: calc.min(%.1fpt, full-width)", tonumber(px) * 0.75) .. "" end
  return ", width: " .. width
end

local function image(chapter, img, assets, fallback)
  local path, alt = links.asset(chapter, img.src, assets), links.alt(img, fallback)
  if alt == "" then crossref.problem("alt", img.src, chapter.file) end
  return inline("#image(" .. quote("/" .. path) .. ", alt: " .. quote(alt) .. size(img) .. ")")
end

local function math(element, alt, number)
  local display = element.mathtype == "DisplayMath"
  local open = "#formula(" .. tostring(display) .. ", " .. quote(alt or element.text) .. ", " .. quote(number or "") .. ", "
  return pandoc.Inlines({ inline(open), element, inline(")") })
end

-- What book.typ must know of a table: `short` is kept on one page, `wide` gets a page on its side.
local function sort_table(figure)
  local n_rows, is_wide = 0, false
  figure:walk({
    Table = function(tbl)
      n_rows = n_rows + typsttable.n_rows(tbl)
      is_wide = is_wide or typsttable.is_wide(tbl)
    end,
  })
  if n_rows > 0 and n_rows <= 20 then figure.attributes["sort"] = "short" end
  if is_wide then figure.attributes["sort"] = "wide" end
  return figure
end

local function figure_blocks(job, chapter, figure)
  local kind = figure.classes[1] == "tbl" and "table" or "image"
  if figure.attributes["sort"] then kind = kind .. ", supplement: [" .. figure.attributes["sort"] .. "]" end
  local open = pandoc.Inlines({ inline("#figure(kind: " .. kind .. ", caption: ") })
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  if #caption > 0 then
    open = open .. { inline("[") } .. caption .. { inline("]") }
  else
    open:insert(inline("none"))
  end
  open:insert(inline(")["))
  local id = global_id(job, chapter, figure.identifier)
  return pandoc.Blocks({ pandoc.Plain(open) }) .. figure.content .. { raw("]" .. (id ~= "" and " <" .. id .. ">" or "")) }
end

local function callout(div, kind)
  local title = div.content:remove(1).content[1].content
  local open = pandoc.Inlines({ inline('#callout("' .. kind .. '", [') }) .. title .. { inline("])[") }
  return pandoc.Blocks({ pandoc.Plain(open) }) .. div.content .. { raw("]") }
end

-- Tables that cells print as HTML become native ones.
local function read_html(div)
  local out = pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    if block.t == "RawBlock" and block.format == "html" then
      out:extend(pandoc.read(block.text, "html-native_divs").blocks)
    else
      out:insert(block)
    end
  end
  return out
end

local function rewrite_div(div)
  if div.identifier == "refs" then
    return pandoc.Blocks({ raw("#references[") }) .. div.content .. { raw("]") }
  end
  if div.attributes["callout"] then return callout(div, div.attributes["callout"]) end
  if div.classes:includes("content-visible") and div.attributes["when-format"] == "html" then return {} end
  if div.classes:includes("content-hidden") and div.attributes["when-format"] ~= "html" then return {} end
end

local function drop_code(div)
  if div.classes:includes("cell-code") then return {} end
  if div.classes:includes("cell-html") then return read_html(div) end
end

local function rewrite_span(span)
  if span.classes:includes("equation") and span.content[1] and span.content[1].t == "Math" then
    local out = math(span.content[1], span.attributes["alt"], span.attributes["data-number"])
    out:insert(inline(" <" .. span.identifier .. ">"))
    return out, false
  end
  if span.classes:includes("literal") then return span.content end
  if span.classes:includes("gt_footnote_marks") then return pandoc.Superscript(span.content) end
  if span.classes:includes("caption-label") then
    return pandoc.Inlines({ inline("#captionlabel[") }) .. span.content .. { inline("]") }
  end
end

local function rewrite_header(job, chapter, header)
  local number = header.attributes["data-number"]
  header.attributes = {}
  header.classes = {}
  if number then
    local text = (header.level == 1 and chapter.is_appendix) and "Appendix " .. number .. " —" or number
    header.content = pandoc.Inlines({ inline("#num["), pandoc.Str(text), inline("] ") }) .. header.content
  end
  return header
end

local function figure_images(chapter, figure, assets)
  local caption = pandoc.utils.stringify(figure.caption.long):gsub("^%a+\u{a0}[%w.]+: ", "")
  return figure:walk({ Image = function(img) return image(chapter, img, assets, caption) end })
end

local function prefix_ids(job, chapter, blocks)
  local function rename(element)
    element.identifier = global_id(job, chapter, element.identifier)
    return element
  end
  return blocks:walk({ Header = rename, Div = rename, Span = rename, Code = function(code) code.identifier = "" return code end })
end

-- Figures between paragraphs go to the head or foot of a page, so that text fills the one they don't fit on.
local function floated(blocks)
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if block.t == "Figure" and block.classes[1] ~= "tbl" then
      out:extend({ raw("#floated["), block, raw("]") })
    elseif block.t == "Figure" and block.attributes["sort"] == "wide" then
      out:extend({ raw("#on-its-side["), block, raw("]") })
    else
      out:insert(block)
    end
  end
  out:insert(raw("#place.flush()"))
  return out
end

local function chapter_blocks(job, chapter, assets)
  local blocks = chapter.blocks:walk({ Div = drop_code })
  blocks = blocks:walk({ Link = function(link) return rewrite_link(job, chapter, link, assets) end })
  blocks = prefix_ids(job, chapter, blocks)
  blocks = blocks:walk({ Figure = function(figure) return figure_images(chapter, figure, assets) end })
  blocks = blocks:walk({
    traverse = "topdown",
    Image = function(img) return image(chapter, img, assets) end,
    Math = function(element) return math(element), false end,
    Span = rewrite_span,
    Header = function(header) return rewrite_header(job, chapter, header) end,
  })
  blocks = blocks:walk({ Figure = sort_table })
  blocks = blocks:walk({ Div = rewrite_div, Table = typsttable.blocks })
  return floated(blocks):walk({ Figure = function(figure) return figure_blocks(job, chapter, figure) end })
end

-- Return the body of the book.
function totypst.book(job, assets)
  local all = pandoc.Blocks({})
  for i, chapter in ipairs(job.chapters) do chapter.index = i end
  for i, chapter in ipairs(job.chapters) do
    if chapter.part and chapter.part ~= (job.chapters[i - 1] or {}).part then
      all:insert(pandoc.Plain({ inline("#part-title["), pandoc.Str(chapter.part), inline("]") }))
    end
    all:insert(raw("#metadata(none) <chapter-" .. i .. ">"))
    all:extend(chapter_blocks(job, chapter, assets))
  end
  local options = pandoc.WriterOptions({ wrap_text = "none", highlight_method = "idiomatic" })
  return pandoc.write(pandoc.Pandoc(all), "typst", options)
end

return totypst
