# How far the reports of service providers come from few of them, who enters the tables, and who leaves them.
#
# The tables are complete counts of a year: nothing is sampled, so no index has an interval. What can mislead is what
# counts as one provider. The clearinghouse combined some corporations' services in one row and later ceased to, so all
# is computed twice: for providers as printed, and for owners, with the rows of known brands added to their owner.

complete_count <- "A complete count of the year's table: nothing is sampled, so there is no interval."

#' Herfindahl's index: the sum of squared shares, from 1 over their number, if all are equal, to 1 for one that has all.
#'
#' @source Herfindahl, Concentration in the steel industry, dissertation, Columbia University (1950).
herfindahl <- function(counts) sum((counts / sum(counts))^2)

#' Gini's index: twice the area between the Lorenz curve and equality, from 0 to 1 - 1/n.
#'
#' @source Gini, Variabilità e mutabilità (1912).
gini <- function(counts) {
  n <- length(counts)
  sum((2 * seq_len(n) - n - 1) * sort(counts)) / (n * sum(counts))
}

#' How many of the largest it takes to make a share of the whole.
#'
#' @param share From 0 to 1.
number_making <- function(counts, share) {
  reached <- cumsum(sort(counts, decreasing = TRUE))
  # whole counts, so that no rounding of shares decides
  which(reached >= share * sum(counts) * (1 - 1e-12))[1]
}

#' What the largest have together.
top_share <- function(counts, number) sum(utils::head(sort(counts, decreasing = TRUE), number)) / sum(counts)

#' The Lorenz curve, read from the largest.
#'
#' @return Data frame with `n_largest`, from none to all, `largest_share`, what part of all these are, and
#'   `reports_share`, what part of the whole they make.
lorenz <- function(counts) {
  n <- length(counts)
  data.frame(
    n_largest = 0:n, largest_share = (0:n) / n,
    reports_share = c(0, cumsum(sort(counts, decreasing = TRUE)) / sum(counts))
  )
}

#' Fewer points of a curve, so few that a line through them departs nowhere by more than a tolerance.
#'
#' @param x,y Coordinates, x rising.
#' @return Places of the points that are kept, both ends among them (Ramer, Douglas and Peucker's rule, upright).
thin_curve <- function(x, y, tolerance) {
  keep <- function(from, to) {
    if (to - from < 2) {
      return(integer())
    }
    inner <- (from + 1):(to - 1)
    line <- y[from] + (y[to] - y[from]) * (x[inner] - x[from]) / (x[to] - x[from])
    off <- abs(y[inner] - line)
    if (max(off) <= tolerance) {
      return(integer())
    }
    split <- inner[which.max(off)]
    c(keep(from, split), split, keep(split, to))
  }
  c(1, keep(1, length(x)), length(x))
}

#' Reports by what counts as one: each provider, or each owner with all that it owns.
#'
#' @param table The table `esp_years`.
#' @return Named list of data frames with `year`, `id`, `name`, `reports`, and `combined`, the name of what of it the
#'   clearinghouse combined in one row and no owner is known for; for providers, whether or not one is.
counted_as <- function(table) {
  has_owner <- !is.na(table$owner)
  providers <- data.frame(
    year = table$year, id = table$esp, name = table$name, reports = table$reports, is_combined = table$is_combined
  )
  owners <- providers
  owners$id <- ifelse(has_owner, paste0("owner:", table$owner), table$esp)
  owners$is_combined <- table$is_combined & !has_owner
  list(provider = providers, owner = owners)
}

#' Reports of a year by id.
year_counts <- function(counted, year) {
  own <- counted[counted$year == year, ]
  tapply(own$reports, own$id, sum)
}

#' Rows of results: how concentrated the reports of each year are.
#'
#' @param counted Data frame as in `counted_as`.
#' @param unit_of_analysis provider or owner.
#' @param top How many of the largest are taken together; several numbers.
#' @param making Shares of which it is asked how many make them.
concentration_rows <- function(counted, unit_of_analysis, top, making) {
  do.call(rbind, lapply(sort(unique(counted$year)), function(year) {
    counts <- as.numeric(year_counts(counted, year))
    row <- function(parameter, estimate, unit, method) {
      result_row(
        "How far do the reports come from few service providers?", parameter, estimate, unit, length(counts),
        unit_of_analysis, paste0(method, ", all rows of the clearinghouse's table"),
        subset = sprintf("%d, %ss", year, unit_of_analysis), note = complete_count
      )
    }
    do.call(rbind, c(
      list(
        row("n", length(counts), "count", "number with at least one report"),
        row("herfindahl", herfindahl(counts), "ratio", "sum of squared shares"),
        row("effective_number", 1 / herfindahl(counts), "statistic", "one over the sum of squared shares"),
        row("gini", gini(counts), "ratio", "twice the area between Lorenz curve and equality, no correction for n")
      ),
      lapply(top, function(number) {
        row(sprintf("top_%d_share", number), top_share(counts, number), "share", "share of the largest")
      }),
      lapply(making, function(share) {
        row(
          sprintf("n_making_%g_percent", 100 * share), number_making(counts, share), "count",
          "how many of the largest make the share"
        )
      })
    ))
  }))
}

#' Names of rows that are combined in one of two years and not in the other; those absent from it too.
#'
#' @param before,after Rows of `counted_as` for one year each.
rows_regrouped <- function(before, after) {
  combined <- function(rows) rows$name[rows$is_combined]
  sort(union(setdiff(combined(before), combined(after)), setdiff(combined(after), combined(before))))
}

rows_combine <- function(number) paste(number_word(number, TRUE), if (number == 1) "row combines" else "rows combine")

#' Whether a comparison of two years holds, with the note that says why not.
regrouping <- function(names) {
  if (length(names) == 0) {
    return(list(status = "estimated", note = complete_count))
  }
  list(status = "fails_check", note = sprintf(
    paste(
      "%s services in one of the two years only (%s): part of the change is one of rows, not of providers. The two",
      "years cannot be compared."
    ),
    rows_combine(length(names)), paste(names, collapse = "; ")
  ))
}

#' What splitting up rows can take from Herfindahl's index at most: as if each were of as many as it has reports.
#'
#' @param counts Reports of the rows that might be split up.
#' @param total All reports of the year.
largest_split <- function(counts, total) sum(counts^2 - counts) / total^2

#' Bounds of the change of Herfindahl's index, had rows been drawn alike in both years.
#'
#' A row that combines services in one year can be split up as in the other: that lowers the index of its own year, and
#' nothing else. So the change is bound from above by what the earlier year can lose, from below by the later one.
#'
#' @param counts Reports by id, of both years.
#' @param combined Reports of the rows that combine services in that year only, of both years.
herfindahl_change_bounds <- function(counts, combined) {
  lost <- mapply(function(all, rows) largest_split(rows, sum(all)), counts, combined)
  herfindahl(counts[[2]]) - herfindahl(counts[[1]]) + c(-lost[2], lost[1])
}

#' Row of results: the change of Herfindahl's index, with bounds for what rows that were split or joined can do to it.
#'
#' @param before,after Rows of `counted_as` for one year each.
herfindahl_change <- function(before, after, unit_of_analysis, subset) {
  years <- list(before, after)
  counts <- lapply(years, function(rows) as.numeric(tapply(rows$reports, rows$id, sum)))
  change <- herfindahl(counts[[2]]) - herfindahl(counts[[1]])
  names <- rows_regrouped(before, after)
  is_alike <- length(names) == 0
  combined <- lapply(years, function(rows) rows$reports[rows$name %in% names & rows$is_combined])
  bounds <- herfindahl_change_bounds(counts, combined)
  is_clear <- is_alike || prod(sign(bounds)) > 0
  note <- sprintf("%s services in one of the two years only.", rows_combine(length(names)))
  result_row(
    "How does concentration change from one year to the next?", "herfindahl_change", change, "ratio",
    length(counts[[2]]), unit_of_analysis,
    "difference of sums of squared shares; bounds: had rows that were split or joined been drawn alike in both years",
    interval = if (is_alike) c(NA_real_, NA_real_) else bounds, subset = subset,
    interval_kind = if (is_alike) NA_character_ else "bounds",
    status = if (is_clear) "estimated" else "fails_check",
    note = if (is_alike) complete_count else if (is_clear) note else regrouping(names)$note
  )
}

#' Rows of results: who enters, who leaves, and how concentration changes, from each year to the next.
#'
#' @inheritParams concentration_rows
turnover_rows <- function(counted, unit_of_analysis) {
  years <- sort(unique(counted$year))
  do.call(rbind, lapply(seq_along(years)[-1], function(index) {
    span <- years[index - 1:0]
    rows <- lapply(span, function(year) counted[counted$year == year, ])
    before <- year_counts(counted, span[1])
    after <- year_counts(counted, span[2])
    held <- regrouping(rows_regrouped(rows[[1]], rows[[2]]))
    subset <- sprintf("%d to %d, %ss", span[1], span[2], unit_of_analysis)
    row <- function(parameter, estimate, unit, n, method) {
      result_row(
        "How many service providers come and go from one year to the next?", parameter, estimate, unit, n,
        unit_of_analysis, method,
        subset = subset, status = held$status, note = held$note
      )
    }
    is_new <- !names(after) %in% names(before)
    is_gone <- !names(before) %in% names(after)
    new_share <- sum(after[is_new]) / sum(after)
    gone_share <- sum(before[is_gone]) / sum(before)
    rbind(
      row("entries", sum(is_new), "count", length(after), "in the later year's table only"),
      row("entries_share", new_share, "share", length(after), "their part of the later year's reports"),
      row("exits", sum(is_gone), "count", length(before), "in the earlier year's table only"),
      row("exits_share", gone_share, "share", length(before), "their part of the earlier year's reports"),
      herfindahl_change(rows[[1]], rows[[2]], unit_of_analysis, subset)
    )
  }))
}

#' All results on concentration, in the form of data/schemas/estimates.json.
#'
#' @param table The table `esp_years`.
concentration <- function(table, top, making) {
  counted <- counted_as(table)
  rows <- Map(function(frame, unit_of_analysis) {
    rbind(concentration_rows(frame, unit_of_analysis, top, making), turnover_rows(frame, unit_of_analysis))
  }, counted, names(counted))
  do.call(rbind, unname(rows))
}

#' Points of all Lorenz curves, as few as a figure needs.
#'
#' @param tolerance Share by which a curve through the points may depart from that through all.
concentration_curves <- function(table, tolerance) {
  counted <- counted_as(table)
  curves <- lapply(names(counted), function(unit_of_analysis) {
    frame <- counted[[unit_of_analysis]]
    do.call(rbind, lapply(sort(unique(frame$year)), function(year) {
      points <- lorenz(as.numeric(year_counts(frame, year)))
      kept <- points[thin_curve(points$n_largest, points$reports_share, tolerance), ]
      data.frame(unit_of_analysis = unit_of_analysis, year = year, kept)
    }))
  })
  do.call(rbind, curves)
}
