built <- function(plot) in_project(ggplot2::ggplot_build(plot))

labels_of <- function(plot) unlist(lapply(built(plot)$data, function(layer) layer$label))

named_pairs <- function() {
  pairs <- pairs_of(c(100, 100, 200, 50), c(100, 180, 201, 50), provider = c("a", "a", "b", "b"))
  transform(pairs, name = toupper(provider))
}

test_that("only pairs far apart are named, and none where names are not known", {
  pairs <- named_pairs()
  expect_identical(far_labels(pairs)$label, "A 2022")
  expect_identical(nrow(far_labels(pairs[names(pairs) != "name"])), 0L)
})

test_that("names of pairs far apart keep off each other, and turn away from a dot", {
  pairs <- transform(pairs_of(c(1000, 1100, 3500), c(1900, 2050, 6700), provider = "a"), name = "A")
  far <- far_labels(pairs)
  expect_true(all(diff(sort(far$at)) > 0.25))
  beside <- transform(pairs_of(c(1000, 2000), c(3000, 6000), provider = "a"), name = "A")
  expect_identical(far_labels(beside)$side, c(-1, 1))
})

test_that("the pooled plot draws every pair, its lines, and a ring with a bar where a count is rounded", {
  pairs <- named_pairs()
  pooled <- function(rows) plot_agreement(pooled_data(rows, agreement_summary(rows)))
  expect_true("A 2022" %in% labels_of(in_project(pooled(pairs))))
  expect_false(any(grepl("2022", labels_of(in_project(pooled(pairs[names(pairs) != "name"]))))))
  rounded <- transform(pairs, relative_low = relative_low - c(0, 0.1, 0, 0))
  bars <- Filter(function(layer) all(c("ymin", "ymax") %in% names(layer)), built(in_project(pooled(rounded)))$data)
  expect_identical(nrow(bars[[1]]), 1L)
  rings <- Filter(function(layer) identical(unique(layer$shape), 21), built(in_project(pooled(rounded)))$data)
  expect_equal(rings[[1]]$y, rounded$relative_difference[2])
  expect_match(pooled_note(rounded), "at most 10.0% of the mean")
  expect_null(pooled_note(pairs))
  data <- pooled_data(pairs, agreement_summary(pairs))
  expect_true(all(c("bias", "limit_low", "limit_high") %in% names(data)))
})

test_that("providers with years that are apart come first, and each pair has a row of its own", {
  pairs <- pairs_of(c(100, 200, 5000, 10), c(100, 201, 9000, 1), c("a", "a", "b", "c"))
  pairs$name <- toupper(pairs$provider)
  layout <- grid_layout(grid_data(pairs))
  expect_identical(unique(layout$name), c("B", "C", "A"))
  expect_false(any(duplicated(layout[c("column", "line")])))
  expect_true(all(layout$line > layout$head))
})

test_that("on a narrow screen all providers stand below one another, each pair in a row of its own", {
  pairs <- pairs_of(c(100, 200, 5000, 10), c(100, 201, 9000, 1), c("a", "a", "b", "c"))
  data <- grid_data(transform(pairs, name = toupper(provider)))
  layout <- grid_layout(data, is_narrow = TRUE)
  expect_identical(unique(layout$column), 1)
  expect_false(any(duplicated(layout$line)))
  inches <- function(is_narrow) in_project(grid_inches(data, is_narrow))
  expect_lt(inches(TRUE)[1], inches(FALSE)[1])
  expect_gt(inches(TRUE)[2], inches(FALSE)[2])
})

test_that("the shorter figure has the providers with a year that is apart, and all their years", {
  pairs <- pairs_of(c(100, 200, 5000, 50), c(100, 201, 9000, 50), c("a", "a", "b", "b"))
  data <- grid_data(transform(pairs, name = toupper(provider)))
  expect_identical(unique(apart_data(data)$name), "B")
  expect_identical(nrow(apart_data(data)), 2L)
  expect_identical(apart_data(data[data$name == "A", ])$name, c("A", "A"))
})

test_that("counts lie on the scale of their provider, from zero to its largest", {
  pairs <- transform(pairs_of(c(0, 500), c(1000, 500), "a"), name = "A")
  layout <- grid_layout(grid_data(pairs))
  ends <- unname(grid_places[c("from", "to")])
  expect_equal(c(layout$provider_at[1], layout$ncmec_at[1]), ends)
  expect_equal(layout$provider_at[2], mean(ends))
})

test_that("the figure of pairs prints both counts of every pair, and marks what is rounded or doubtful", {
  pairs <- pairs_of(c(1000, 2000), c(1010, 9000), "a", low = c(900, 2000), warnings = c("rounded", "doubtful"))
  data <- grid_data(transform(pairs, name = "A"))
  labels <- labels_of(in_project(plot_agreement_grid(data)))
  expect_true(all(c("~1,000", "1,010", "2,000", "9,000", "?", "A", "Provider", "NCMEC") %in% labels))
  note <- grid_note(data, 0.05)
  expect_match(note, "more than 5 percent")
  expect_match(note, "~: rounded. ?: doubtful.", fixed = TRUE)
  expect_false(grepl("compilation", note))
  expect_match(grid_note(transform(data, own_provenance = c("primary", "secondary")), 0.05), "1 of the 2 counts")
  expect_gt(in_project(grid_inches(rbind(data, transform(data, year = year + 2))))[2], in_project(grid_inches(data))[2])
})
