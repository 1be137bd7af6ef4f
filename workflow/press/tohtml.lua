-- Writes one chapter as the body of an HTML page.

local links = require("links")
local search = require("search")

local tohtml = {}

local OPTIONS = pandoc.WriterOptions({ html_math_method = "mathml", wrap_text = "none", email_obfuscation = "none" })

local function raw(text) return pandoc.RawBlock("html", text) end

local function inline(text) return pandoc.RawInline("html", text) end

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function around(open, blocks, close) return pandoc.Blocks({ raw(open) }) .. blocks .. { raw(close) } end

function tohtml.write(inlines)
  return (pandoc.write(pandoc.Pandoc({ pandoc.Plain(inlines) }), "html5", OPTIONS):gsub("%s+$", ""))
end

local function page_name(chapter) return (chapter.file:gsub("%.qmd$", ".html")) end

local function up(chapter) return ("../"):rep(select(2, chapter.file:gsub("/", ""))) end

local function rewrite_link(job, chapter, link, assets)
  local to = links.resolve(job, chapter, link.target)
  if to.chapter then
    local page = to.chapter == chapter and "" or up(chapter) .. page_name(to.chapter)
    link.target = page .. (to.id ~= "" and "#" .. to.id or "")
  elseif to.file then
    link.target = up(chapter) .. links.encoded(links.asset(chapter, link.target, assets))
    link.attributes["download"] = ""
  end
  return link
end

-- A map to explore and a look-up name a script of data, which lies beside the book as a figure does.
local DATA = { explorer = "map", lookup = "cards" }

local function with_data(chapter, div, assets)
  local name = DATA[div.classes[1]]
  if name and div.attributes[name] then
    div.attributes[name] = up(chapter) .. links.asset(chapter, div.attributes[name], assets)
    return div
  end
end

local function rewrite_image(chapter, image, assets, fallback)
  local width = image.attributes["width"]
  image.caption = { pandoc.Str(links.alt(chapter, image, fallback)) }
  image.src = up(chapter) .. links.encoded(links.asset(chapter, image.src, assets))
  image.attributes = { decoding = "async", width = width }
  return image
end

-- A long name of a file or column, or an address, may break after these signs, so that it need not be cut elsewhere.
local function breakable(str)
  if pandoc.text.len(str.text) < (str.text:find("_") and 14 or 24) then return nil end
  local parts = pandoc.Inlines({})
  for piece in str.text:gmatch("[^/_]*[/_]?") do
    if piece ~= "" then parts:extend({ pandoc.Str(piece), inline("<wbr>") }) end
  end
  parts:remove() -- what follows stays with the last piece
  return parts
end

-- Columns of text, which on a phone may not be squeezed: how long their longest text is, and what that is called.
local LONG, MIDDLE = 30, 12

local function mark_columns(tbl)
  local longest = {}
  local function each_cell(act)
    for _, body in ipairs(tbl.bodies) do
      for _, row in ipairs(body.body) do
        for i, cell in ipairs(row.cells) do act(i, cell) end
      end
    end
  end
  each_cell(function(i, cell)
    if cell.col_span == 1 then
      longest[i] = math.max(longest[i] or 0, pandoc.text.len(pandoc.utils.stringify(cell.contents)))
    end
  end)
  each_cell(function(i, cell)
    if not longest[i] or longest[i] <= MIDDLE then return end
    cell.classes:insert(longest[i] > LONG and "sentences" or "words")
  end)
  return tbl
end

-- What names a group of rows stays in sight when the table is scrolled.
local function hold_groups(tbl)
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.head) do
      for _, cell in ipairs(row.cells) do
        if cell.classes:includes("gt_group_heading") then
          cell.contents = { pandoc.Plain({ pandoc.Span(pandoc.utils.blocks_to_inlines(cell.contents)) }) }
        end
      end
    end
  end
  return tbl
end

-- Tables scroll inside themselves, so that the page never does.
local function scrolling(tbl, label)
  local open = '<div class="scroll" tabindex="0" role="group" aria-label="' .. escape(label) .. '">'
  return around(open, pandoc.Blocks({ hold_groups(mark_columns(tbl)):walk({ Str = breakable }) }), "</div>"), false
end

local function rewrite_figure(figure)
  local class, id = figure.classes[1] or "fig", figure.identifier
  local caption = around("<figcaption>", pandoc.Blocks(figure.caption.long), "</figcaption>")
  if #figure.caption.long == 0 then caption = pandoc.Blocks({}) end
  local open = "<figure" .. (id ~= "" and ' id="' .. escape(id) .. '"' or "") .. ' class="' .. class .. '">'
  return around(open, class == "tbl" and caption .. figure.content or figure.content .. caption, "</figure>")
end

local function code_cell(div)
  local fold, summary = div.attributes["fold"], escape(div.attributes["summary"])
  if fold == "false" then return div.content end
  local open = '<details class="code"' .. (fold == "show" and " open" or "") .. "><summary>" .. summary .. "</summary>"
  return around(open, div.content, "</details>")
end

-- A picture with words below it, which has no number.
local function chart(div)
  local words = div.content:remove()
  local caption = around("<figcaption>", pandoc.Blocks({ pandoc.Plain(words.content) }), "</figcaption>")
  return around('<figure class="chart">', div.content .. caption, "</figure>")
end

local function tab(div)
  local title = around('<p class="tab-title">', pandoc.Blocks({ div.content:remove(1) }), "</p>")
  return around('<section class="tab">', title .. div.content, "</section>")
end

local function rewrite_div(div)
  local kind, class, format = div.attributes["callout"], div.classes[1], div.attributes["when-format"]
  if div.identifier == "refs" then return div:walk({ Str = breakable }) end
  if kind then return around('<div class="callout callout-' .. kind .. '" role="note">', div.content, "</div>") end
  if class == "cell-code" then return code_cell(div) end
  if class == "tab" then return tab(div) end
  if class == "chart" then return chart(div) end
  if DATA[class] then
    local name = DATA[class]
    return around('<div class="' .. class .. '" data-' .. name .. '="' .. escape(div.attributes[name]) .. '">', div.content, "</div>")
  end
  if class == "panel" then
    return around('<div class="panel columns-' .. div.attributes["columns"] .. '">', div.content, "</div>")
  end
  if (class == "content-visible") ~= (format == "html") and format then return {} end
end

local function rewrite_span(span)
  span.attributes.also = nil -- which the search has
  if span.classes:includes("literal") then return span.content end
  if span.classes:includes("value") then return pandoc.Span(span.content, { class = "value", ["data-of"] = span.attributes["of"] }) end
  if not span.classes:includes("equation") then return span end
  return {
    inline('<span class="equation" id="' .. escape(span.identifier) .. '"><span class="equation-body">'),
    span.content[1],
    inline('</span><span class="equation-number">' .. span.attributes["data-number"] .. "</span></span>"),
  }
end

local function rewrite_header(chapter, header, headings)
  local number, content, id = header.attributes["data-number"], header.content, escape(header.identifier)
  if number then
    local text = (header.level == 1 and chapter.is_appendix) and "Appendix " .. number .. " —" or number
    content = pandoc.Inlines({ pandoc.Span({ pandoc.Str(text) }, { class = "num" }), pandoc.Space() }) .. content
  end
  if header.level > 1 then
    if header.level < 4 then
      table.insert(headings, { id = header.identifier, level = header.level, html = tohtml.write(content) })
    end
    content:insert(inline('<a class="anchor" href="#' .. id .. '" aria-label="Link to this section">#</a>'))
  end
  header.attributes["data-number"], header.content = nil, content
  return header
end

local function without_notes(inlines)
  return inlines:walk({ Note = function() return {} end, Link = function(link) return link.content end })
end

local function body(job, chapter, assets, headings)
  local function figure_images(figure)
    local caption = pandoc.utils.stringify(figure.caption.long)
    return figure:walk({ Image = function(image) return rewrite_image(chapter, image, assets, caption) end })
  end
  local function image(img) return not img.attributes["decoding"] and rewrite_image(chapter, img, assets) or nil end
  local function float_table(figure)
    local label = figure.attributes["label"] or "Table"
    return figure:walk({ traverse = "topdown", Table = function(tbl) return scrolling(tbl, label) end })
  end
  return chapter.blocks
    :walk({ Figure = figure_images })
    :walk({
      Image = image,
      Link = function(link) return rewrite_link(job, chapter, link, assets) end,
      Header = function(header) return rewrite_header(chapter, header, headings) end,
      Span = rewrite_span,
      Div = function(div) return with_data(chapter, div, assets) end,
    })
    :walk({
      traverse = "topdown",
      Figure = function(figure) return float_table(figure), false end,
      Table = function(tbl) return scrolling(tbl, "Table") end,
    })
    :walk({ Div = rewrite_div, Figure = rewrite_figure })
end

-- Return the page: its body, its title, and its headings for the contents beside it.
function tohtml.page(job, chapter, assets)
  local heading, headings = links.heading(chapter), {}
  local title = without_notes(heading and heading.content or pandoc.Inlines({}))
  local blocks = body(job, chapter, assets, headings)
  local page = {
    file = chapter.file,
    name = page_name(chapter),
    number = chapter.number,
    is_appendix = chapter.is_appendix,
    title = pandoc.utils.stringify(title),
    title_html = tohtml.write(title),
    html = pandoc.write(pandoc.Pandoc(blocks), "html5", OPTIONS),
    headings = headings,
  }
  search.add(page, chapter.blocks, blocks, OPTIONS)
  return page
end

return tohtml
