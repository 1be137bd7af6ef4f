table_of <- function(...) {
  rows <- list(...)
  data.frame(
    table_name = vapply(rows, `[[`, "", 1), period = vapply(rows, `[[`, "", 2), kind = "unit",
    title = vapply(rows, `[[`, "", 3), note = "It changed."
  )
}

test_that("years of one number mean the same, whichever of several tables breaks", {
  rows <- table_of(c("two", "2032 Q2", "b"), c("one", "2030", "a"), c("other", "2031", "c"))
  found <- breaks_of(c("one", "two"), rows)
  expect_equal(found$year, c(2030, 2032))
  expect_equal(segments(2029:2033, found), c(0, 1, 1, 2, 2))
  expect_equal(segments(2029:2030, breaks_of("none", rows)), c(0, 0))
})

test_that("two breaks in one year are one border", {
  found <- breaks_of(c("one", "two"), table_of(c("one", "2031", "a"), c("two", "2031", "b")))
  expect_equal(segments(2030:2032, found), c(0, 1, 1))
  expect_equal(breaks_within(found, 2030:2032), data.frame(at = 2030.5, label = "a; b"))
})

test_that("the longest run is taken, and the first of several", {
  years <- data.frame(year = 2029:2034)
  found <- breaks_of("one", table_of(c("one", "2031", "a"), c("one", "2034", "b")))
  expect_equal(longest_run(years, found)$year, 2031:2033)
  expect_equal(longest_run(years[years$year < 2033, , drop = FALSE], found)$year, 2029:2030)
})

test_that("a figure marks the breaks within its years, and no other", {
  found <- breaks_of("one", table_of(c("one", "2031", "a"), c("one", "2036", "b"), c("one", "2029", "c")))
  expect_equal(breaks_within(found, 2029:2035)$label, "a")
  in_project({
    expect_null(break_marks(found, 2031:2035))
    drawn <- ggplot2::ggplot_build(ggplot2::ggplot() + break_marks(found, 2029:2035))$data
  })
  expect_equal(drawn[[1]]$xintercept, 2030.5)
  expect_equal(drawn[[2]]$label, "a")
})
