# look() and figure fonts are found from the project's root
in_project <- function(code) {
  old <- setwd(project)
  on.exit(setwd(old))
  force(code)
}

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

test_that("a year is not printed where its label would lie on the dot of a year farther off", {
  pairs <- pairs_of(c(1000, 1000, 1000, 10), c(1009, 1004, 996, 10), provider = "a")
  pairs$name <- "A"
  expect_identical(years_with_room(pairs), c(2021, NA, 2023, NA))
  apart <- transform(pairs[1:2, ], mean_reports = c(10, 1000))
  expect_identical(years_with_room(apart), c(2021, 2022))
  plot <- in_project(plot_agreement_grid(pairs, agreement_summary(pairs)))
  expect_setequal(stats::na.omit(labels_of(plot)), c(2021, 2023))
})

test_that("the pooled plot draws every pair, and a bar where its count is rounded", {
  pairs <- named_pairs()
  plot <- in_project(plot_agreement(pairs, agreement_summary(pairs)))
  expect_true("A 2022" %in% labels_of(plot))
  unnamed <- in_project(plot_agreement(pairs[names(pairs) != "name"], agreement_summary(pairs)))
  expect_false(any(grepl("2022", labels_of(unnamed))))
  rounded <- transform(pairs, provider_high = provider_high + c(0, 10, 0, 0), relative_low = relative_low - 0.1)
  bars <- function(rows) {
    layers <- built(in_project(plot_agreement(rows, agreement_summary(rows))))$data
    layers[[which(vapply(layers, function(layer) all(c("ymin", "ymax") %in% names(layer)), NA))[1]]]
  }
  expect_identical(nrow(bars(rounded)), 1L)
})

test_that("the curve of cutoffs names the provider with the smallest p and draws all", {
  cutoffs <- cutoff_tests(named_pairs())
  cutoffs$name <- toupper(cutoffs$provider)
  plot <- in_project(plot_cutoffs(cutoffs))
  expect_true(cutoffs$name[which.min(cutoffs$p)] %in% labels_of(plot))
  drawn <- c(built(plot)$data[[2]]$x, built(plot)$data[[3]]$x)
  expect_equal(10^sort(unique(signif(drawn, 10))), sort(unique(cutoffs$cutoff)))
})

test_that("the forest has a row per subset, named by providers, all pairs on top", {
  pairs <- pairs_of(c(100, 120, 140, 160, 90, 70), c(101, 119, 160, 160, 93, 71), rep(c("a", "b", "c"), each = 2))
  ids <- c(a = "A", b = "B", c = "C")
  data <- forest_data(agreement_models(pairs, sets_left_out(pairs)), function(words) unname(ids[words]))
  expect_identical(unique(data$title), c("All pairs", "Without A", "Without B", "Without C", "Without B 2023"))
  expect_identical(levels(in_project(plot_forest(data))$data$title)[5], "All pairs")
  layers <- built(in_project(plot_forest(data)))$data
  expect_true(all(layers[[5]]$y > layers[[2]]$ymin))
})

test_that("without anything to draw a plot says so", {
  expect_identical(labels_of(in_project(plot_cutoffs(cutoff_tests(pairs_of(1, 1))))), "No two counts differ.")
  nothing <- data.frame(title = character(), parameter = character(), estimate = numeric())
  expect_match(labels_of(in_project(plot_forest(nothing))), "No set of pairs")
})
