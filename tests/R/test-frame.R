figures <- data.frame(
  figure = c("pairs", "plain"), title = c("What a provider's count is", "A title"),
  counted_by = c("providers|ncmec", "ncmec"), caution = c("Beware.", NA)
)

test_that("a frame says what is drawn, of which years, who counted, and the caution", {
  frame <- figure_frame("pairs", "Reports in a year", c(2033, 2031), "Bold: apart.", figures)
  expect_identical(frame$subtitle, "Reports in a year, 2031 to 2033")
  expect_identical(frame$foot, "Counted by the providers and by NCMEC. Bold: apart. Beware. Source:\u00a0countback.")
  plain <- figure_frame("plain", "Reports", 2031, figures = figures)
  expect_identical(plain$subtitle, "Reports, 2031")
  expect_identical(plain$foot, "Counted by NCMEC. Source:\u00a0countback.")
  expect_identical(figure_frame("plain", "Reports", NULL, figures = figures)$subtitle, "Reports")
})

test_that("a figure without a row stops the drawing and says what to add", {
  expect_error(figure_frame("none", "Reports", 2031, figures = figures), "figures.csv: found no row of the figure none")
})

test_that("every counter that the table of figures may name has words", {
  schema <- jsonlite::fromJSON(file.path(project, "data", "schemas", "figures.json"))
  pattern <- schema$fields$constraints$pattern[schema$fields$name == "counted_by"]
  named <- strsplit(sub("^\\^\\(([a-z|]+)\\).*", "\\1", pattern), "|", fixed = TRUE)[[1]]
  expect_setequal(named, names(counters))
})

test_that("text is broken into lines that fit, and the source is in one of them", {
  lines <- in_project(strsplit(wrapped("one two three four five six seven Source:\u00a0countback.", 9, 60), "\n")[[1]])
  expect_gt(length(lines), 3)
  widths <- systemfonts::string_width(lines, family = in_project(look()$fonts$sans), size = 9, res = 72)
  expect_true(all(widths[seq_along(lines) < length(lines)] <= 60))
  expect_match(tail(lines, 1), "Source: countback.", fixed = TRUE)
})

test_that("a figure grows by the lines of its frame", {
  plot <- ggplot2::ggplot()
  short <- list(title = "Title", subtitle = "Subtitle", foot = "Foot")
  long <- replace(short, "foot", paste(rep("word", 200), collapse = " "))
  inches <- function(frame) in_project(framed(plot, frame, 6))$inches
  expect_gt(inches(long), inches(short))
  labels <- in_project(framed(plot, replace(short, "title", "A provider's count"), 6))$plot$labels
  expect_identical(labels$title, "A provider\u2019s count")
})
