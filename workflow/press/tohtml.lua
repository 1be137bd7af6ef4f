-- Writes one chapter as the body of an HTML page.

local links = require("links")
local search = require("search")

local tohtml = {}

local OPTIONS = { html_math_method = "mathml", wrap_text = "none", email_obfuscation = "none" }

local function raw(text) return pandoc.RawBlock("html", text) end

local function inline(text) return pandoc.RawInline("html", text) end

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function write_inlines(inlines)
  local doc = pandoc.Pandoc({ pandoc.Plain(inlines) })
  return (pandoc.write(doc, "html5", pandoc.WriterOptions(OPTIONS)):gsub("%s+$", ""))
end

local function page_name(chapter) return (chapter.file:gsub("%.qmd$", ".html")) end

local function up(chapter) return ("../"):rep(select(2, chapter.file:gsub("/", ""))) end

local function rewrite_link(job, chapter, link, assets)
  local to = links.resolve(job, chapter, link.target)
  if to.chapter then
    local page = to.chapter == chapter and "" or up(chapter) .. page_name(to.chapter)
    link.target = page .. (to.id ~= "" and "#" .. to.id or "")
  elseif to.file then
    link.target = up(chapter) .. links.asset(chapter, link.target, assets)
    link.attributes["download"] = ""
  end
  return link
end

local function rewrite_image(chapter, image, assets, fallback)
  local alt = links.alt(image, fallback)
  local path = links.asset(chapter, image.src, assets)
  image.attributes["fig-alt"], image.attributes["alt"] = nil, nil
  image.src, image.caption = up(chapter) .. path, { pandoc.Str(alt) }
  image.attributes["decoding"] = "async"
  return image
end

local function scroll(label)
  return raw('<div class="scroll" tabindex="0" role="region" aria-label="' .. escape(label) .. '">')
end

local function is_html_table(block) return block.t == "RawBlock" and block.format == "html" and block.text:match("^%s*<table") end

-- Tables scroll inside themselves, so that the page never does.
local function scrolling(blocks, label)
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    if block.t == "Table" or is_html_table(block) then
      out:extend({ scroll(label), block, raw("</div>") })
    elseif block.t == "Div" then
      block.content = scrolling(block.content, label)
      out:insert(block)
    else
      out:insert(block)
    end
  end
  return out
end

local function figure_blocks(figure)
  local class = figure.classes[1] or "fig"
  local id = figure.identifier ~= "" and ' id="' .. escape(figure.identifier) .. '"' or ""
  local caption = pandoc.Blocks({})
  if #figure.caption.long > 0 then
    caption:extend({ raw("<figcaption>"), pandoc.Plain(pandoc.utils.blocks_to_inlines(figure.caption.long)), raw("</figcaption>") })
  end
  local content = scrolling(figure.content, figure.attributes["label"] or "Table")
  local open, close = raw("<figure" .. id .. ' class="' .. class .. '">'), raw("</figure>")
  local body = class == "tbl" and caption .. content or content .. caption
  return pandoc.Blocks({ open }) .. body .. { close }
end

local function callout(div, kind)
  local open = raw('<div class="callout callout-' .. kind .. '" role="note">')
  return pandoc.Blocks({ open }) .. div.content .. { raw("</div>") }
end

local function code_cell(div)
  local fold = div.attributes["fold"]
  if fold == "false" then return div.content end
  local open = '<details class="code"' .. (fold == "show" and " open" or "") .. "><summary>"
  return pandoc.Blocks({ raw(open .. escape(div.attributes["summary"]) .. "</summary>") }) .. div.content .. { raw("</details>") }
end

local function rewrite_div(div)
  if div.attributes["callout"] then return callout(div, div.attributes["callout"]) end
  if div.classes:includes("cell-code") then return code_cell(div) end
  if div.classes:includes("cell-html") then return div.content end
  if div.classes:includes("content-visible") and div.attributes["when-format"] ~= "html" then return {} end
  if div.classes:includes("content-hidden") and div.attributes["when-format"] == "html" then return {} end
end

local function equation(span)
  local number = span.attributes["data-number"]
  return {
    inline('<span class="equation" id="' .. escape(span.identifier) .. '"><span class="equation-body">'),
    span.content[1],
    inline('</span><span class="equation-number">' .. number .. "</span></span>"),
  }
end

local function rewrite_span(span)
  if span.classes:includes("equation") then return equation(span) end
  if span.classes:includes("literal") then return span.content end
end

local function number_inlines(chapter, header)
  local number = header.attributes["data-number"]
  if not number then return pandoc.Inlines({}) end
  local appendix = header.level == 1 and chapter.is_appendix
  local text = appendix and "Appendix " .. number .. " —" or number
  return pandoc.Inlines({ pandoc.Span({ pandoc.Str(text) }, { class = "num" }), pandoc.Space() })
end

local function rewrite_header(chapter, header, headings)
  local content = number_inlines(chapter, header) .. header.content
  if header.level > 1 and header.level < 4 then
    table.insert(headings, { id = header.identifier, level = header.level, html = write_inlines(content) })
  end
  header.attributes["data-number"] = nil
  local anchor = '<a class="anchor" href="#' .. escape(header.identifier) .. '" aria-label="Link to this section">#</a>'
  if header.level > 1 then content:insert(inline(anchor)) end
  header.content = content
  return header
end

local function plain_title(chapter)
  for _, block in ipairs(chapter.blocks) do
    if block.t == "Header" and block.level == 1 then return block end
  end
  return pandoc.Header(1, {})
end

local function notes_removed(inlines)
  return inlines:walk({ Note = function() return {} end, Link = function(link) return link.content end })
end

-- Return the page: its body, its title, and its headings for the contents beside it.
function tohtml.page(job, chapter, assets)
  local header, headings = plain_title(chapter), {}
  local title = notes_removed(header.content)
  local page = {
    file = chapter.file,
    name = page_name(chapter),
    number = chapter.number,
    is_appendix = chapter.is_appendix,
    title = pandoc.utils.stringify(title),
    title_html = write_inlines(title),
  }
  local blocks = chapter.blocks:walk({
    Figure = function(figure)
      local caption = pandoc.utils.stringify(figure.caption.long)
      return figure:walk({ Image = function(image) return rewrite_image(chapter, image, assets, caption) end })
    end,
  })
  blocks = blocks:walk({
    Image = function(image)
      if image.attributes["decoding"] then return nil end
      return rewrite_image(chapter, image, assets)
    end,
    Link = function(link) return rewrite_link(job, chapter, link, assets) end,
    Header = function(block) return rewrite_header(chapter, block, headings) end,
    Span = rewrite_span,
  })
  blocks = scrolling(blocks:walk({ Div = rewrite_div }), "Table"):walk({ Figure = figure_blocks })
  search.add(page, chapter.blocks, blocks, OPTIONS)
  page.html = pandoc.write(pandoc.Pandoc(blocks), "html5", pandoc.WriterOptions(OPTIONS))
  page.headings = headings
  return page
end

return tohtml
