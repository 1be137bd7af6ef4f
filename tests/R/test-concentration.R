test_that("Herfindahl's index is one over n for equals, and one for one", {
  expect_equal(herfindahl(rep(7, 5)), 1 / 5)
  expect_equal(herfindahl(c(9, 0, 0)), 1)
  expect_equal(herfindahl(c(1, 3)), 0.25^2 + 0.75^2)
})

test_that("Gini's index is none for equals, 1 - 1/n for one that has all, and known for a straight rise", {
  expect_equal(gini(rep(7, 5)), 0)
  expect_equal(gini(c(0, 0, 0, 9)), 3 / 4)
  # of 1 to n it is (n - 1) / 3n
  expect_equal(gini(sample(10)), 9 / 30)
})

test_that("Gini's index is half the mean difference of all pairs over the mean", {
  counts <- c(1, 1, 4, 20, 900, 33, 7)
  differences <- outer(counts, counts, function(one, other) abs(one - other))
  expect_equal(gini(counts), mean(differences) / (2 * mean(counts)))
})

test_that("Gini's index is the area of the Lorenz curve", {
  counts <- c(1, 1, 4, 20, 900, 33, 7)
  curve <- lorenz(counts)
  n <- nrow(curve)
  area <- sum(diff(curve$largest_share) * (curve$reports_share[-1] + curve$reports_share[-n]) / 2)
  expect_equal(gini(counts), 2 * area - 1)
})

test_that("as many of the largest are counted as make the share, and no more", {
  counts <- c(10, 50, 40)
  expect_equal(number_making(counts, 0.5), 1)
  expect_equal(number_making(counts, 0.9), 2)
  expect_equal(number_making(counts, 0.91), 3)
  expect_equal(number_making(c(3, 3, 1), 6 / 7), 2)
  expect_equal(top_share(counts, 2), 0.9)
  expect_equal(top_share(counts, 9), 1)
})

test_that("a thinned curve departs nowhere by more than the tolerance, and keeps its ends", {
  curve <- lorenz(2^(0:60 / 3))
  kept <- thin_curve(curve$n_largest, curve$reports_share, 0.001)
  expect_equal(range(kept), c(1, 62))
  expect_lt(length(kept), 40)
  drawn <- stats::approx(curve$n_largest[kept], curve$reports_share[kept], curve$n_largest)$y
  expect_lte(max(abs(drawn - curve$reports_share)), 0.001)
  expect_equal(thin_curve(1:9, 2 * (1:9), 1e-9), c(1, 9))
})

tables <- function(...) {
  rows <- list(...)
  data.frame(
    esp = vapply(rows, function(row) row[[1]], ""), year = vapply(rows, function(row) row[[2]], 0),
    reports = vapply(rows, function(row) row[[3]], 0), owner = vapply(rows, function(row) row[[4]], ""),
    is_combined = vapply(rows, function(row) row[[5]], NA)
  ) |> transform(name = toupper(esp))
}

# The firm's two apps are one row in the first year and two in the second; the group's parts nobody knows.
split_up <- tables(
  list("app", 2030, 80, "firm", TRUE), list("chat", 2030, 20, NA_character_, FALSE),
  list("app", 2031, 50, "firm", FALSE), list("game", 2031, 30, "firm", FALSE),
  list("chat", 2031, 20, NA_character_, FALSE), list("chat", 2032, 20, NA_character_, FALSE),
  list("app", 2032, 80, "firm", FALSE)
)
results <- concentration(split_up, top = 1, making = 0.9)
result <- function(parameter, subset) results[results$parameter == parameter & results$subset == subset, ]

test_that("rows of one owner are one owner, whether they are combined or not", {
  expect_equal(result("n", "2031, providers")$estimate, 3)
  expect_equal(result("n", "2031, owners")$estimate, 2)
  expect_equal(result("top_1_share", "2031, providers")$estimate, 0.5)
  expect_equal(result("top_1_share", "2031, owners")$estimate, 0.8)
  expect_equal(result("n_making_90_percent", "2031, owners")$estimate, 2)
})

test_that("a row that is split up is no entry of an owner, and years of split rows are not compared", {
  of_rows <- result("entries", "2030 to 2031, providers")
  expect_equal(c(of_rows$estimate, of_rows$status), c("1", "fails_check"))
  expect_match(of_rows$note, "\\(APP\\)")
  of_owners <- result("entries", "2030 to 2031, owners")
  expect_equal(c(of_owners$estimate, of_owners$status), c("0", "estimated"))
  expect_equal(result("herfindahl_change", "2030 to 2031, owners")$estimate, 0)
  expect_lt(result("herfindahl_change", "2030 to 2031, providers")$estimate, -0.2)
})

test_that("a change of the index has bounds where rows were split, and stands where they can't explain it", {
  of_rows <- result("herfindahl_change", "2030 to 2031, providers")
  expect_equal(of_rows$status, "fails_check")
  expect_equal(c(of_rows$low, of_rows$high), of_rows$estimate + c(0, 0.8^2 - 80 / 100^2))
  expect_true(is.na(result("herfindahl_change", "2031 to 2032, providers")$low))
  small <- tables(
    list("big", 2030, 900, NA_character_, FALSE), list("duo", 2030, 100, NA_character_, TRUE),
    list("big", 2031, 500, NA_character_, FALSE), list("one", 2031, 500, NA_character_, FALSE)
  )
  row <- herfindahl_change(
    transform(small[1:2, ], id = esp), transform(small[3:4, ], id = esp), "provider", "2030 to 2031"
  )
  expect_equal(row$status, "estimated")
  expect_equal(c(row$estimate, row$high - row$estimate), c(0.5 - 0.82, 0.01 - 100 / 1000^2))
  expect_equal(row$low, row$estimate)
})

test_that("the bounds of a change imply no index that no split of the rows can have", {
  with_seed(5, for (draw in 1:40) {
    counts <- lapply(1:2, function(year) sample(c(1, 2, 5, 30, 400), 6, replace = TRUE))
    is_combined <- lapply(1:2, function(year) stats::runif(6) < 0.3)
    bounds <- herfindahl_change_bounds(counts, Map(function(all, rows) all[rows], counts, is_combined))
    # all rows split up into single reports, and none of them: the lowest and the highest index of each year
    split_up <- Map(function(all, rows) c(all[!rows], rep(1, sum(all[rows]))), counts, is_combined)
    lowest <- vapply(split_up, herfindahl, 0)
    highest <- vapply(counts, herfindahl, 0)
    expect_equal(bounds, c(lowest[2] - highest[1], highest[2] - lowest[1]))
    expect_true(all(abs(bounds) <= 1))
    # the index that a bound implies for the other year is one that its rows can have
    expect_gte(highest[2] - bounds[2], 1 / sum(counts[[1]]) - 1e-12)
    expect_gte(highest[1] + bounds[1], 1 / sum(counts[[2]]) - 1e-12)
    expect_lte(max(highest[2] - bounds[2], highest[1] + bounds[1]), 1)
  })
})

test_that("a row that was split in the later year can't make the index of the earlier one higher", {
  row <- result("herfindahl_change", "2030 to 2031, providers")
  before <- herfindahl(c(80, 20))
  after <- herfindahl(c(50, 30, 20))
  expect_equal(row$low, after - before)
  expect_lte(row$high, after)
})

test_that("splitting a row takes at most the square of its share from the index", {
  whole <- herfindahl(c(60, 40))
  parts <- herfindahl(c(60, rep(1, 40)))
  expect_lt(whole - parts, 0.4^2)
})

test_that("who leaves is counted with what they had", {
  expect_equal(result("exits", "2031 to 2032, providers")$estimate, 1)
  expect_equal(result("exits_share", "2031 to 2032, providers")$estimate, 0.3)
  expect_equal(result("exits", "2031 to 2032, providers")$status, "estimated")
})

test_that("a combined row whose owner is not known keeps owners from being compared too", {
  unknown <- split_up
  unknown$owner <- NA
  found <- concentration(unknown, top = 1, making = 0.9)
  status <- found$status[found$subset == "2030 to 2031, owners"]
  expect_equal(unique(status), "fails_check")
})

test_that("there are no intervals, and the note says why", {
  is_change <- results$parameter == "herfindahl_change"
  expect_true(all(is.na(results$low[!is_change]) & is.na(results$p_value[!is_change])))
  expect_match(result("gini", "2030, owners")$note, "no interval")
})
