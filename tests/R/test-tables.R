package <- file.path(project, "data", "datapackage.json")
results <- function() {
  folder <- tempfile("results ")
  dir.create(folder)
  file.path(folder, "cybertipline_years.csv")
}
years <- data.frame(
  year = c(2022L, 2023L), submitter = "all", reports = c(3e9, 5), is_derived = c(FALSE, TRUE), change = c(NA, -3e9),
  change_share = c(NA, 0.1 + 0.2), segment = 0L
)

test_that("a table that is written is read back with types, missing values and counts beyond R's integers", {
  path <- results()
  write_table(years, path, package)
  read <- read_table(path, package)
  expect_identical(read$reports, c(3e9, 5))
  expect_identical(read$is_derived, c(FALSE, TRUE))
  expect_true(is.na(read$change[1]))
  expect_type(read$year, "integer")
})

test_that("numbers keep their digits and are not written in powers of ten", {
  path <- results()
  write_table(years, path, package)
  lines <- readLines(path)
  expect_match(lines[2], "3000000000,false,,,0$")
  expect_match(lines[3], ",0.3,0$")
})

test_that("a column too many or too few is refused by name", {
  expect_error(write_table(transform(years, extra = 1), results(), package), "extra")
  expect_error(write_table(years[-1], results(), package), "expected year, submitter")
})

test_that("a file whose columns differ from the schema is refused", {
  path <- results()
  writeLines(c("year,reports", "2023,1"), path)
  expect_error(read_table(path, package), "found columns year, reports")
})

test_that("a table that the data package does not describe is refused", {
  expect_error(table_fields("nothing", package), "Describe it there")
})

test_that("what stops the writing of a file leaves the old one and nothing beside it", {
  folder <- dirname(results())
  path <- file.path(folder, "a.csv")
  writeLines("old", path)
  expect_error(write_whole(path, function(partial) {
    writeLines("half", partial)
    stop("no more")
  }), "no more")
  expect_identical(list.files(folder), "a.csv")
  expect_identical(readLines(path), "old")
})

test_that("a full disk leaves no file, though R only warns of it", {
  folder <- dirname(results())
  path <- file.path(folder, "a.csv")
  file.symlink("/dev/full", sprintf("%s.%d.part", path, Sys.getpid()))
  expect_error(write_csv(data.frame(a = 1), path))
  expect_identical(list.files(folder), character())
})

test_that("a process that is killed while it writes leaves no file under the final name", {
  folder <- dirname(results())
  code <- sprintf(
    "source('%s'); write_whole('%s', function(to) { writeLines('half', to); tools::pskill(Sys.getpid(), 9) })",
    file.path(project, "workflow", "R", "tables.R"), file.path(folder, "a.svg")
  )
  suppressWarnings(system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", "-e", shQuote(code)), stderr = FALSE))
  left <- list.files(folder)
  expect_length(left, 1)
  expect_match(left, "^a\\.svg\\.[0-9]+\\.part$")
})

test_that("a character that a locale has lost is refused with its place, and nothing is written", {
  path <- results()
  lost <- transform(years, submitter = c("all", "C<U+00F4>te"))
  expect_error(write_table(lost, path, package), "row 3, column submitter: found 'C<U\\+00F4>te'")
  expect_false(file.exists(path))
})

test_that("a session that does not write UTF-8 is refused", {
  expect_silent(stop_unless_utf8(TRUE))
  expect_error(stop_unless_utf8(FALSE), "expected one that writes UTF-8")
})
