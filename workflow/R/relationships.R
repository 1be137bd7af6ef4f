# How offenders are related to victims, in groups that several sources share; and who the identified victims are.
#
# The sources count different things: files, victims, victims in a thousand of an age group. Each gets the ends that it
# can carry: bounds where a file can show several relationships, what rounding allows where only rates are printed, and
# none where victims are counted. Counts of victims are complete, so nothing is sampled; which agencies report, and whom
# they find, is no draw either; and one offender or one series has several victims, who are no independent draws.

#' Relationships with the group and subgroup of each. Stops where a relationship has none.
#'
#' @param rows Table `victim_relationships`.
#' @param groups Table `relationship_groups`: `study`, `relationship`, `group`, `subgroup`.
grouped_relationships <- function(rows, groups) {
  at <- match(paste(rows$study, rows$relationship), paste(groups$study, groups$relationship))
  if (anyNA(at)) {
    lost <- rows[which(is.na(at))[1], ]
    stop(sprintf(
      "data/reference/relationship_groups.csv: found no row for %s of %s, expected one per relationship. Add it.",
      lost$relationship, lost$study
    ), call. = FALSE)
  }
  levels <- list(group = groups$group[at], subgroup = groups$subgroup[at])
  do.call(rbind, unname(Map(function(group, level) {
    cbind(rows, level = level, group = group)[!is.na(group), ]
  }, levels, names(levels))))
}

#' Bounds of the share of files that show a relationship of a group, where a file can show several.
#'
#' At most, no file shows two of the group. At least, all lie among the files of the commonest. That files show one of
#' the listed relationships at all can't be used: in one year the list adds up to less than the files.
#'
#' @param values Files by relationship within the group.
#' @param files Files whose relationship is known.
file_bounds <- function(values, files) c(max(values) / files, min(1, sum(values) / files))

#' Share of a group in one source, year, age group and measure, with its ends.
#'
#' @param values Values of the group's relationships.
#' @param all_values Values of all relationships.
#' @param unit `count`, or `per_1000` of an age group.
#' @param files Files whose relationship is known; missing where victims are counted.
group_share <- function(values, all_values, unit, files) {
  if (unit == "per_1000") {
    # printed in whole thousandths, each rounded by itself
    margin <- 0.5 * length(values)
    return(data.frame(
      n = NA, share = sum(values) / 1000, share_low = max(0, sum(values) - margin) / 1000,
      share_high = min(1000, sum(values) + margin) / 1000, interval_kind = "rounding"
    ))
  }
  if (!is.na(files)) {
    bounds <- file_bounds(values, files)
    return(data.frame(
      n = files, share = bounds[2], share_low = bounds[1], share_high = bounds[2], interval_kind = "bounds"
    ))
  }
  data.frame(
    n = sum(all_values), share = sum(values) / sum(all_values), share_low = NA_real_, share_high = NA_real_,
    interval_kind = NA_character_
  )
}

#' Shares of groups by source, year, age of victims and measure; counts of all ages are pooled besides, rates are not.
#'
#' @param rows Table `victim_relationships`.
#' @param groups Table `relationship_groups`.
#' @return Data frame: `study`, `year`, `victim_age` (missing: all), `measure`, `level` (group or subgroup), `group`,
#'   `value`, `unit`, `n` (files or victims; missing for rates), `share`, `share_low`, `share_high`, `interval_kind`
#'   (what these are; victims who are counted have none).
relationship_shares <- function(rows, groups) {
  rows <- grouped_relationships(rows, groups)
  is_pooled <- rows$unit == "count" & !is.na(rows$victim_age)
  pooled <- rows[is_pooled, ]
  pooled$victim_age <- rep(NA_character_, nrow(pooled))
  rows <- rbind(rows, pooled)
  source_key <- paste(rows$study, rows$year, rows$victim_age, rows$measure)
  shares <- lapply(split(rows, source_key), function(part) {
    # a file's share is of the files whose relationship is known, which the table divides by
    largest <- part[which.max(part$value), ]
    files <- if (largest$measure == "victims") NA else round(largest$value / largest$share)
    all_values <- part$value[part$level == "group"]
    lapply(split(part, paste(part$level, part$group)), function(group) {
      cbind(
        group[1, c("study", "year", "victim_age", "measure", "level", "group")], value = sum(group$value),
        unit = group$unit[1], group_share(group$value, all_values, group$unit[1], files)
      )
    })
  })
  shares <- do.call(rbind, unname(unlist(shares, recursive = FALSE)))
  shares[order(shares$study, shares$year, shares$measure, !is.na(shares$victim_age), shares$victim_age, shares$level,
               shares$group), ]
}

how_shared <- c(
  bounds = "share of files whose relationship is known, at most; the ends are bounds, since a file can show several",
  rounding = "share of an age group's victims, bounds from rounding to thousandths"
)
complete_victims <- paste(
  "All victims recorded are counted, none is sampled, so that there is no interval; which agencies take part is not",
  "known."
)

#' What the sources say together, one row per source, year and group; pooled over ages where that is possible.
#'
#' @param shares From `relationship_shares`.
relationship_results <- function(shares) {
  question <- "How are offenders related to victims?"
  broad <- shares[shares$level == "group", ]
  row_of <- function(row) {
    is_counted <- is.na(row$interval_kind)
    result_row(
      question, row$group, row$share, "share", row$n, if (row$measure == "victims") "victim" else "file",
      if (is_counted) "share of victims" else how_shared[[row$interval_kind]], c(row$share_low, row$share_high),
      subset = paste(row$study, row$year, row$measure), interval_kind = row$interval_kind,
      note = if (is_counted) complete_victims else NA_character_
    )
  }
  pooled <- broad[is.na(broad$victim_age) & broad$value > 0, ]
  rates <- broad[broad$unit == "per_1000", ]
  rbind(
    rows_for(split(pooled, seq_len(nrow(pooled))), row_of),
    rows_for(split(rates, paste(rates$study, rates$year, rates$group)), function(part) {
      result_row(
        question, part$group[1], NA, "share", nrow(part), "age group", "none; the ends are the age groups' extremes",
        range(part$share), interval_kind = "range", subset = paste(part$study[1], part$year[1], part$measure[1]),
        status = "not_estimable",
        note = paste(
          "The source prints rates per 1,000 victims within each age group, not counts: adding them weighs age groups",
          "equally, and no share of all victims and no interval follow from them. It lies between those of the groups."
        )
      )
    })
  )
}

#' How much of each source has a relationship at all.
#'
#' @param facts Table `ojjdp_facts`.
#' @param shares From `relationship_shares`.
relationship_coverage <- function(facts, shares) {
  question <- "How often is the relationship known?"
  files <- facts[facts$table == "series_relationships", ]
  of_files <- rows_for(split(files, paste(files$measure, files$year)), function(part) {
    known <- sum(part$value[part$item == "relationship_provided"])
    result_row(
      question, "known_share", known / sum(part$value), "share", sum(part$value), "file",
      "files with it over files reviewed",
      subset = paste("ncmec", part$year[1], part$measure[1]),
      note = paste(
        "Law enforcement tells the relationship where it has identified the victim: what is known is no random part",
        "of what is not."
      )
    )
  })
  unknown <- shares[shares$group == "other_or_unknown" & shares$level == "group" & is.na(shares$victim_age), ]
  of_victims <- rows_for(split(unknown, seq_len(nrow(unknown))), function(row) {
    result_row(
      question, "known_share", 1 - row$share, "share", row$n, "victim",
      "victims whose relationship is neither other nor unknown", subset = paste(row$study, row$year, row$measure),
      note = "Other and unknown are one row in the source: what is known is at least this share."
    )
  })
  rates <- unique(shares[shares$unit == "per_1000", c("study", "year", "measure")])
  of_rates <- rows_for(split(rates, seq_len(nrow(rates))), function(row) {
    result_row(
      question, "known_share", NA, "share", 0, "victim", "none", subset = paste(row$study, row$year, row$measure),
      status = "not_estimable", note = "The source does not say of how many victims the relationship is unknown."
    )
  })
  rbind(of_files, of_victims, of_rates)
}

complete_identified <- paste(
  "All victims whom law enforcement identified that year are counted, none is sampled, so that there is no interval;",
  "who is found is another question."
)

#' Identified victims by gender and age group, by year: how many, and which share of all of the year.
#'
#' @param facts Table `ojjdp_facts`, whose rows on victims have the gender as item and the age group as measure.
victim_results <- function(facts) {
  victims <- facts[facts$table == "victims", ]
  by_year(victims, function(year) {
    count <- function(item, measure) year$value[year$item == item & year$measure == measure]
    all <- count("total", "total")
    row <- function(parameter, estimate, unit, method) {
      result_row(
        "Who are the identified victims?", parameter, estimate, unit, all, "victim", method,
        subset = as.character(year$year[1]), note = complete_identified
      )
    }
    rows <- function(group, counted) {
      rbind(
        row(group, counted / all, "share", "share of all identified victims"),
        row(paste0(group, "_counted"), counted, "count", "identified victims of the group")
      )
    }
    genders <- setdiff(unique(year$item), "total")
    ages <- setdiff(unique(year$measure), "total")
    rbind(
      rows_for(genders, function(item) rows(item, count(item, "total"))),
      rows_for(ages, function(measure) rows(measure, count("total", measure)))
    )
  })
}
