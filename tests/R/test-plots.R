test_that("labels are moved apart as far as needed and keep their order", {
  expect_equal(spread_apart(c(1, 1.1, 5), 1), c(0.55, 1.55, 5), tolerance = 1e-6)
  moved <- spread_apart(c(3, 1, 2, 2), 0.5)
  expect_equal(order(moved), order(c(3, 1, 2, 2)))
  expect_true(all(diff(sort(moved)) >= 0.5 - 1e-6))
})

test_that("numbers on an axis are written out, and what is missing stays so", {
  expect_identical(axis_numbers(c(1e9, 0.01, NA)), c("1,000,000,000", "0.01", NA))
})

test_that("a share is printed in percent, and what rounds to zero carries no sign", {
  expect_identical(percent_text(c(-0.0312, -0.0001, 0.0001, 0, NA), 1), c("\u22123.1%", "0.0%", "0.0%", "0.0%", NA))
  expect_identical(percent_text(c(-0.5, 0.025, 0)), c("\u221250%", "2.5%", "0%"))
})

test_that("a name in the funnel stands where no dot, no other name and no line is in its way", {
  data <- data.frame(
    name = c("Kept away", "Near", "Free"), population = c(1e6, 1.2e6, 1e8), reports_per_100k = c(300, 220, 30),
    common_per_100k = 400, is_named = c(TRUE, FALSE, TRUE)
  )
  named <- funnel_names(data)
  expect_identical(named$name, c("Free", "Kept away"))
  kept <- named[2, ]
  half <- name_sizes$letter * 9 / 2
  middle <- log10(kept$label_x) - (2 * kept$hjust - 1) * half
  is_covered <- abs(log10(data$population) - middle) < half &
    abs(log10(data$reports_per_100k / kept$label_y)) < name_sizes$height / 2
  expect_false(any(is_covered))
  expect_gt(abs(log10(400 / kept$label_y)), name_sizes$height / 2)
  crowd <- data.frame(
    name = "Crowded", population = 10^seq(5, 7, 0.02), reports_per_100k = rep(10^seq(1.5, 2.5, 0.05), each = 101),
    common_per_100k = 400, is_named = FALSE
  )
  crowd$is_named[1061] <- TRUE
  expect_identical(nrow(funnel_names(crowd)), 0L)
})

# Ranks of many places and three years, as the figures read them.
many_ranks <- function() {
  rows <- do.call(rbind, lapply(2031:2033, function(year) {
    places_of(with_seed(year, stats::rpois(40, 10 * (1:40))), rep(1e5, 40) * (1:40), year = year)
  }))
  jurisdiction_ranks(rows, fit_panel(rankable(rows)), place_settings)
}

test_that("the funnel shows each place of the last year, and names extremes of rate and people", {
  data <- funnel_data(many_ranks())
  expect_identical(unique(data$year), 2033L)
  expect_identical(nrow(data), 40L)
  expect_true(all(data$is_named[data$population >= 3.7e6]))
  expect_true(data$is_named[which.max(data$reports_per_100k)])
  expect_true(data$is_named[which.min(data$reports_per_100k)])
})

test_that("a place far below all others does not set the scale of the funnel, and its rate is printed", {
  ranks <- many_ranks()
  last <- ranks$year == max(ranks$year)
  ranks$reports_per_100k[last] <- c(0.002, seq(100, 300, length.out = sum(last) - 1))
  data <- funnel_data(ranks)
  expect_identical(sum(data$is_below_scale), 1L)
  expect_match(funnel_note(data), "Triangles")
  layers <- in_project(ggplot2::ggplot_build(plot_funnel(data)))$data
  expect_true(any(grepl("0.002", unlist(lapply(layers, function(layer) layer$label)))))
})

test_that("states have their names and the rate of all beside their own", {
  ranks <- data.frame(
    state = c("TX", "ZZ"), year = 2031L, reports = c(30, 10), population = 1e5, reports_per_100k = c(30, 10),
    rank = 1:2, funnel_low_per_100k = 15, funnel_high_per_100k = 25
  )
  data <- state_data(rbind(transform(ranks, year = 2030L), ranks))
  expect_identical(data$name, c("Texas", "ZZ"))
  expect_equal(data$common_per_100k, c(20, 20))
  expect_match(state_note(data), "all states, 20;")
  layers <- in_project(ggplot2::ggplot_build(plot_states(data)))$data
  expect_true(all(c("30", "10") %in% unlist(lapply(layers, function(layer) layer$label))))
})

test_that("the figure of ranks shows the first places in order, each with its crude rank of every year", {
  data <- rank_data(many_ranks(), data.frame(year = integer()), 30)
  expect_identical(nrow(data), 3L * 30L)
  expect_false(is.unsorted(data$shrunken_rank))
  expect_true(all(data$rank_low <= data$shrunken_rank & data$shrunken_rank <= data$rank_high))
})

test_that("no rank of a year before a break stands beside those after it", {
  data <- rank_data(many_ranks(), data.frame(year = 2032), 30)
  expect_identical(sort(unique(data$year)), 2032:2033)
})

test_that("no line of a continent is drawn across a break, which is marked", {
  areas <- data.frame(kind = "continent", area = "Asia", year = 2030:2033, reports_per_100k = c(1, 2, 8, 9))
  breaks <- data.frame(year = 2032, title = "each recipient counted")
  layers <- in_project(ggplot2::ggplot_build(plot_continents(continent_data(areas), breaks)))$data
  expect_equal(layers[[1]]$xintercept, 2031.5)
  lines <- layers[[4]]
  expect_equal(lines$x[lines$group == 1], 2030:2031)
  expect_equal(lines$x[lines$group == 2], 2032:2033)
})

test_that("continents stand in panels by their last rate, and no group of countries among them", {
  areas <- data.frame(
    kind = c("continent", "continent", "group"), area = c("Africa", "Asia", "A league"), year = 2033,
    reports_per_100k = c(1, 2, 9)
  )
  data <- continent_data(areas)
  none <- data.frame(year = integer(), title = character())
  expect_identical(data$area, c("Africa", "Asia"))
  panels <- in_project(ggplot2::ggplot_build(plot_continents(data, none)))$layout$layout
  expect_identical(as.character(panels$area), c("Asia", "Africa"))
})

test_that("relationships are of the last year of each source, files without copies", {
  shares <- data.frame(
    study = c("ncmec", "ncmec", "ncmec", "learcat"), year = c(2030, 2031, 2031, 2016), victim_age = NA,
    measure = c("unique_files", "unique_files", "all_files", "victims"), level = "group", group = "family", share = 0.5,
    share_low = 0.4, share_high = 0.5, interval_kind = "bounds"
  )
  data <- relationship_data(shares)
  expect_identical(paste(data$study, data$year, data$measure), c("ncmec 2031 unique_files", "learcat 2016 victims"))
  expect_silent(in_project(ggplot2::ggplot_build(plot_relationships(data))))
})

test_that("a doubtful number carries a question mark, and its neighbor none", {
  table <- data.frame(
    iso3 = "AAA", country = "Land", platform = c("Big", "Chat"), reported_as = c("Big", NA), named_percent = c(90, 10),
    named_rank = 1:2, reports = c(1234, NA), reports_rank = c(1, NA), share_of_country = c(0.2, NA),
    is_named_doubtful = c(FALSE, TRUE),
    is_reports_doubtful = c(TRUE, FALSE)
  )
  data <- named_data(table)
  expect_identical(data$text, c("90%", "10% ?", "1,234 ?"))
  expect_silent(in_project(ggplot2::ggplot_build(plot_named(data))))
})

test_that("a larger share is drawn darker than a smaller one, whatever the ranks in their rows", {
  data <- data.frame(
    chart = "Named", iso3 = c("AAA", "AAA", "BBB", "BBB"), country = c("A", "A", "B", "B"),
    platform = c("Big", "Chat", "Big", "Chat"), reported_as = NA, value = c(90, 82, 10, 5),
    share = c(0.9, 0.82, 0.1, 0.05),
    text = c("90%", "82%", "10%", "5%")
  )
  tiles <- in_project(ggplot2::ggplot_build(plot_named(data)))$data[[1]]
  shade <- tiles$alpha[order(tiles$y, tiles$x)]
  # the second of one row is darker than the first of the other
  expect_gt(min(shade[tiles$y[order(tiles$y, tiles$x)] == 2]), max(shade[tiles$y[order(tiles$y, tiles$x)] == 1]))
})

test_that("a bound is drawn without a dot, a number that is counted with one", {
  shares <- data.frame(
    study = c("ncmec", "learcat"), year = 2031, victim_age = NA_character_, measure = c("unique_files", "victims"),
    group = "family", share = 0.5, share_low = c(0.4, NA), share_high = c(0.5, NA), interval_kind = c("bounds", NA)
  )
  layers <- in_project(ggplot2::ggplot_build(plot_relationships(shares)))$data
  dots <- layers[[5]]
  expect_identical(nrow(dots), 1L)
  expect_identical(as.integer(dots$PANEL), 2L)
  expect_equal(unlist(layers[[3]][c("x", "xend")], use.names = FALSE), c(0.4, 0.5))
})

test_that("rings of age groups are named in each row, in the order in which they lie", {
  ages <- data.frame(
    panel = factor("LEARCAT"), group = factor(rep(c("Family", "Stranger"), each = 3)),
    victim_age = c("1 to 4", "5 to 14", "15 to 17", "15 to 17", "1 to 4", "5 to 14"),
    share = c(0.6, 0.4, 0.2, 0.04, 0.01, 0.02)
  )
  named <- age_names(ages)
  expect_identical(named$label[named$group == "Family"], c("15\u201317", "5\u201314", "1\u20134"))
  expect_identical(diff(named$vjust[named$group == "Family"]) > 0, c(FALSE, TRUE))
  close <- named[named$group == "Stranger", ]
  expect_identical(close$label, "1\u20134, 5\u201314, 15\u201317")
  expect_equal(close$share, 0.04)
})

test_that("signs that are drawn as points take the look's face, not one of the system's", {
  fonts <- tempfile(fileext = ".json")
  writeLines('{"400": "data:font/woff;base64,AA=="}', fonts)
  face <- in_project(look()$fonts$sans)
  # another file under the name of the face: figures say of text what its file says of itself
  file <- systemfonts::match_font("mono")$path
  systemfonts::register_font(face, plain = file)
  on.exit(systemfonts::clear_registry())
  plot <- ggplot2::ggplot(data.frame(x = 1), ggplot2::aes(x, x)) + ggplot2::geom_point(shape = "|") +
    ggplot2::theme_void()
  frame <- list(title = "Title", subtitle = "Subtitle", foot = "Foot")
  svg <- suppressWarnings(in_project(figure_svg(plot, "small", frame, fonts)), classes = "warning")
  drawn <- sprintf("font-family: \"%s\";'>|</text>", systemfonts::font_info(path = file)$family)
  expect_match(svg, drawn, fixed = TRUE)
})
