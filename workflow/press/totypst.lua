-- Writes the whole book as Typst. Whatever needs a look calls a function of templates/book.typ.

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
    links.asset(chapter, link.target, assets)
    return link.content
  end
  if to.chapter then
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

-- What book.typ must know of a table: `short` is kept on one page, `wide` gets a page on its side.
local function sort_table(figure)
  local n_rows, is_wide = 0, false
  figure:walk({
    Table = function(tbl)
      n_rows, is_wide = n_rows + typsttable.n_rows(tbl), is_wide or typsttable.is_wide(tbl)
    end,
  })
  figure.attributes["sort"] = is_wide and "wide" or (n_rows > 0 and n_rows <= 20 and "short") or nil
  return figure
end

local function rewrite_figure(chapter, figure)
  local sort, id = figure.attributes["sort"], global_id(chapter, figure.identifier)
  local kind = figure.classes[1] == "tbl" and "table" or "image"
  local open = "#figure(kind: " .. kind .. (sort and ", supplement: [" .. sort .. "]" or "") .. ", caption: "
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  local head = #caption > 0 and { inline(open .. "[") } .. caption .. { inline("])[") } or { inline(open .. "none)[") }
  return pandoc.Blocks({ pandoc.Plain(head) }) .. figure.content .. { raw("]" .. (id ~= "" and " <" .. id .. ">" or "")) }
end

-- A block whose first child is its title: a callout, a tab.
local function titled(open, div)
  local title = div.content:remove(1)
  title = title.t == "Div" and title.content[1].content or title.content
  local head = pandoc.Inlines({ inline("#" .. open .. "[") }) .. title .. { inline("])[") }
  return pandoc.Blocks({ pandoc.Plain(head) }) .. div.content .. { raw("]") }
end

local function panel(div)
  local out = pandoc.Blocks({ raw("#panel(columns: " .. div.attributes["columns"] .. ")") })
  for _, block in ipairs(div.content) do out:extend(around("", pandoc.Blocks({ block }))) end
  -- Arguments of one call stand without a gap.
  local text = pandoc.write(pandoc.Pandoc(out), "typst", totypst.options):gsub("%)%s+%[", ")["):gsub("%]%s+%[", "][")
  return raw(text)
end

local function rewrite_div(div)
  local kind, class, format = div.attributes["callout"], div.classes[1], div.attributes["when-format"]
  if div.identifier == "refs" then return around("#references", div.content) end
  if kind then return titled('callout("' .. kind .. '", ', div) end
  if class == "tab" then return titled("tab(", div) end
  if class == "panel" then return panel(div) end
  if (class == "content-visible") ~= (format == "typst") and format then return {} end
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

-- Figures between paragraphs go to the head or foot of a page, so that text fills the one they don't fit on.
local function floated(blocks)
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if block.t == "Figure" and block.classes[1] ~= "tbl" then
      out:extend(around("#floated", pandoc.Blocks({ block })))
    elseif block.t == "Figure" and block.attributes["sort"] == "wide" then
      out:extend(around("#on-its-side", pandoc.Blocks({ block })))
    else
      out:insert(block)
    end
  end
  out:insert(raw("#place.flush()"))
  return out
end

local function chapter_blocks(job, chapter, assets)
  local function drop_code(div) return div.classes:includes("cell-code") and {} or nil end
  local function figure_images(figure)
    local caption = pandoc.utils.stringify(figure.caption.long)
    return figure:walk({ Image = function(img) return image(chapter, img, assets, caption) end })
  end
  local blocks = prefix_ids(chapter, chapter.blocks:walk({ Div = drop_code }))
    :walk({ Link = function(link) return rewrite_link(job, chapter, link, assets) end })
    :walk({ Figure = figure_images })
    :walk({
      traverse = "topdown",
      Image = function(img) return image(chapter, img, assets) end,
      Math = function(element) return formula(element), false end,
      Span = rewrite_span,
      Header = function(header) return rewrite_header(chapter, header) end,
    })
    :walk({ Figure = sort_table })
    :walk({ Table = typsttable.blocks })
  return floated(blocks):walk({ Figure = function(figure) return rewrite_figure(chapter, figure) end }):walk({ Div = rewrite_div })
end

totypst.options = pandoc.WriterOptions({ wrap_text = "none", highlight_method = "idiomatic" })

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
  return pandoc.write(pandoc.Pandoc(all), "typst", totypst.options)
end

return totypst
