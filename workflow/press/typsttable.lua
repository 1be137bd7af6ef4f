-- Writes a table as Typst: spans, alignment, fills, row groups, a header that comes again on each page.

local typsttable = {}

local ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center" }
local CLASS_ALIGN = { gt_left = "left", gt_right = "right", gt_center = "center" }
local NOTES = { gt_sourcenotes = true, gt_footnotes = true }

local function raw(text) return pandoc.RawInline("typst", text) end

local function styles(attr)
  local found = {}
  for name, value in (attr.attributes["style"] or ""):gmatch("([%a-]+)%s*:%s*([^;]+)") do
    found[name:lower()] = value:gsub("%s+$", "")
  end
  return found
end

-- Only hexadecimal and rgb() colors are read: great_tables writes no others from its palettes.
local function color(value)
  if not value then return nil end
  local hex = value:match("^#%x+$")
  if hex then return 'rgb("' .. hex .. '")' end
  local red, green, blue = value:match("^rgba?%(%s*(%d+)%s*,%s*(%d+)%s*,%s*(%d+)")
  return red and ("rgb(" .. red .. ", " .. green .. ", " .. blue .. ")") or nil
end

-- A cell's own alignment, where it has one; a column's is an option of the table.
local function cell_align(cell, style)
  for _, class in ipairs(cell.classes) do
    if CLASS_ALIGN[class] then return CLASS_ALIGN[class] end
  end
  local named = style["text-align"]
  return (named == "left" or named == "right" or named == "center") and named or ALIGN[cell.alignment]
end

local function part_of(cell, row, in_head)
  if row.classes:includes("gt_heading") then return "heading" end
  if cell.classes:includes("gt_group_heading") then return "group" end
  if cell.classes:includes("gt_column_spanner_outer") then return "spanner" end
  if row.classes:includes("gt_summary_row") or cell.classes:includes("gt_grand_summary_row") then return "summary" end
  return in_head and "head" or "body"
end

-- Return the options among `name: value` pairs that have a value.
local function options(...)
  local given = {}
  for _, pair in ipairs({ ... }) do
    if pair[2] then table.insert(given, pair[1] .. ": " .. pair[2]) end
  end
  return table.concat(given, ", ")
end

local function cell_options(cell, style, part)
  return options(
    { "colspan", cell.col_span > 1 and cell.col_span },
    { "rowspan", cell.row_span > 1 and cell.row_span },
    { "align", part == "heading" and "left" or cell_align(cell, style) },
    { "fill", color(style["background-color"]) }
  )
end

local function text_options(style)
  return options(
    { "fill", color(style["color"]) },
    { "weight", (style["font-weight"] or ""):match("^bold") and "600" },
    { "style", style["font-style"] == "italic" and '"italic"' }
  )
end

-- The head of a group is a header of its own: it never ends a page, and comes again on the next.
local function add_cell(out, cell, row, in_head)
  local style, part = styles(cell), part_of(cell, row, in_head)
  local before, after = "table.cell(" .. cell_options(cell, style, part) .. ")[", "]"
  local text = text_options(style)
  if part ~= "body" then before, after = before .. '#part("' .. part .. '")[', "]" .. after end
  if text ~= "" then before, after = before .. "#text(" .. text .. ")[", "]" .. after end
  if part == "group" then before, after = "table.header(level: 2, " .. before, after .. ")" end
  out:insert(raw(before))
  out:extend(pandoc.utils.blocks_to_inlines(cell.contents, { pandoc.LineBreak() }))
  out:insert(raw(after .. ",\n"))
end

local function add_rows(out, rows, in_head)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do add_cell(out, cell, row, in_head) end
  end
end

-- The longest piece of a text that can't be broken, in characters; look.typ lets long words break after these signs.
local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do
    local pieces = #word < 24 and { word } or {}
    for piece in (#word < 24 and "" or word):gmatch("[^/_]*[/_]?") do table.insert(pieces, piece) end
    for _, piece in ipairs(pieces) do longest = math.max(longest, pandoc.text.len(piece)) end
  end
  return longest
end

local function each_row(tbl)
  local rows = pandoc.List({})
  rows:extend(tbl.head.rows)
  for _, body in ipairs(tbl.bodies) do
    rows:extend(body.head)
    rows:extend(body.body)
  end
  return rows
end

-- Per column, in characters: the least width its words need, the width of its longest text, and that of its longest one
-- in rows that spans cut into too, whose texts may wrap.
local function extents(tbl)
  local extent, taken = {}, {}
  for i = 1, #tbl.colspecs do extent[i] = { word = 2, text = 2, whole = 2 } end
  for line, row in ipairs(each_row(tbl)) do
    local at, plain = 1, #row.cells == #tbl.colspecs
    for _, cell in ipairs(row.cells) do
      while (taken[at] or 0) >= line do at = at + 1 end
      local text = pandoc.utils.stringify(cell.contents)
      if cell.col_span == 1 and extent[at] then
        extent[at].word = math.max(extent[at].word, longest_word(text))
        extent[at].whole = math.max(extent[at].whole, pandoc.text.len(text))
        if plain then extent[at].text = math.max(extent[at].text, pandoc.text.len(text)) end
      end
      for column = at, at + cell.col_span - 1 do taken[column] = line + cell.row_span - 1 end
      at = at + cell.col_span
    end
  end
  return extent
end

local PITCH = 1.16 -- from line to line, in parts of the size
local EM = 0.53 -- an average character of the sans face, a little more than a digit
local SIZES = { 8.4, 7.8, 7.2, 6.6 }
local PORTRAIT, LANDSCAPE = 6.1 * 72, 9 * 72

local LONG = 100 -- rows: a table of more is there to look something up in, and set as a directory is
local PROSE = 160 -- characters: a table with a longer cell is read, and set in no size of a directory
local COMPACT = 6.4

local function inset(size) return size > 8 and 5 or size > COMPACT and 3.5 or 2.5 end

local function sum_of(extent, what, size)
  local total = 0
  for _, column in ipairs(extent) do total = total + column[what] * EM * size + 2 * inset(size) end
  return total
end

-- Return the largest size at which every word fits, and the width of the page's block that it then needs.
local function fit(extent, is_long)
  for _, width in ipairs({ PORTRAIT, LANDSCAPE }) do
    for _, size in ipairs(is_long and { COMPACT } or SIZES) do
      if sum_of(extent, "word", size) <= width then return size, width end
    end
  end
  return 6, LANDSCAPE
end

-- Each column gets what its words need, and of the rest a part by how much longer its texts are; in points, or as much
-- as it takes, which is `nil`.
local function widths(tbl, extent, size, width)
  local found, spare, wanted = {}, math.max(0, width - sum_of(extent, "word", size)), 0
  for _, column in ipairs(extent) do wanted = wanted + math.max(0, column.text - column.word) * EM * size end
  for i, column in ipairs(tbl.colspecs) do
    if column[2] then
      found[i] = column[2] * width
    elseif sum_of(extent, "whole", size) > width then
      local more = math.max(0, extent[i].text - extent[i].word) * EM * size
      found[i] = extent[i].word * EM * size + more * math.min(1, spare / math.max(1, wanted)) + 2 * inset(size)
    end
  end
  return found
end

local function width_options(tbl, found)
  local parts = {}
  for i, column in ipairs(tbl.colspecs) do
    parts[i] = column[2] and string.format("%.4ffr", column[2]) or found[i] and string.format("%.2fpt", found[i]) or "auto"
  end
  return table.concat(parts, ", ")
end

local function is_long(tbl)
  if #each_row(tbl) <= LONG then return false end
  for _, column in ipairs(extents(tbl)) do
    if column.whole > PROSE then return false end
  end
  return true
end

-- Whether a table is too wide for an upright page.
function typsttable.is_wide(tbl)
  local _, width = fit(extents(tbl), is_long(tbl))
  return width == LANDSCAPE
end

-- How many lines a text takes in a width of points.
local function lines_in(text, size, width)
  return math.max(1, math.ceil(pandoc.text.len(text) * EM * size / math.max(1, width)))
end

local function row_height(row, found, size, gap)
  local lines, at = 1, 1
  for _, cell in ipairs(row.cells) do
    local room = cell.col_span == 1 and found[at]
    if room then
      lines = math.max(lines, lines_in(pandoc.utils.stringify(cell.contents), size, room - 2 * inset(size)))
    end
    at = at + cell.col_span
  end
  return (lines * PITCH - 0.5) * size + 2 * gap + 0.4
end

-- About how high a table is with its notes, in points: Typst need not set it to know that it fills pages.
function typsttable.height(tbl)
  local extent, is_compact = extents(tbl), is_long(tbl)
  local size, width = fit(extent, is_compact)
  local found, total = widths(tbl, extent, size, width), 0
  for _, row in ipairs(each_row(tbl)) do total = total + row_height(row, found, size, is_compact and 1.6 or 3.2) end
  for _, row in ipairs(tbl.foot.rows) do
    for _, cell in ipairs(row.cells) do
      total = total + lines_in(pandoc.utils.stringify(cell.contents), 8, width) * PITCH * 8
    end
  end
  return total
end

-- Notes stand once, under the table.
local function notes(foot)
  local out, rest = pandoc.Inlines({}), pandoc.List({})
  for _, row in ipairs(foot.rows) do
    if NOTES[row.classes[1] or ""] then
      out:insert(raw("#tablenote["))
      for _, cell in ipairs(row.cells) do out:extend(pandoc.utils.blocks_to_inlines(cell.contents)) end
      out:insert(raw("]\n"))
    else
      rest:insert(row)
    end
  end
  return out, rest
end

-- Whether a table's last row can be set apart, to stand on one page with the notes: no cell spans rows, it is no head.
local function ends_in_plain_row(rows)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do
      if cell.row_span > 1 then return false end
    end
  end
  local last = rows[#rows]
  if not last then return false end
  for _, cell in ipairs(last.cells) do
    if part_of(cell, last, false) == "group" then return false end
  end
  return true
end

-- Return the table as one block of raw Typst around the cells' own content.
function typsttable.blocks(tbl)
  local extent = extents(tbl)
  local size, width = fit(extent, is_long(tbl))
  local aligns = tbl.colspecs:map(function(column) return ALIGN[column[1]] or "left" end)
  local sizes = string.format("size: %.1fpt, inset: %.1fpt, width: %.1fpt", size, inset(size), width)
  if is_long(tbl) then sizes = sizes .. ", gap: 1.6pt" end
  local columns = "columns: (" .. width_options(tbl, widths(tbl, extent, size, width)) .. ",), align: (" .. table.concat(aligns, ", ") .. ",)"
  local out = pandoc.Inlines({ raw("#tabular(" .. sizes .. ", " .. columns .. ",\n") })
  if #tbl.head.rows > 0 then
    out:insert(raw("table.header(\n"))
    add_rows(out, tbl.head.rows, true)
    out:insert(raw("),\n"))
  end
  local under, rest = notes(tbl.foot)
  local rows = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    rows:extend(body.head)
    rows:extend(body.body)
  end
  rows:extend(rest)
  local last = #under > 0 and ends_in_plain_row(rows) and rows:remove()
  add_rows(out, rows, false)
  if last then
    out:insert(raw("last: (\n"))
    add_rows(out, { last }, false)
    out:insert(raw("),\n"))
  end
  if #under > 0 then out:extend(pandoc.Inlines({ raw("note: [") }) .. under .. { raw("],\n") }) end
  out:insert(raw(")\n"))
  return pandoc.Blocks({ pandoc.Plain(out) })
end

return typsttable
