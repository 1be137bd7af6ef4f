# Figures on shares that sources disclose: relationships, named apps.

group_names <- c(
  family = "Family", known = "Known, not family", online_enticement_or_trafficking = "Enticement, trafficking",
  stranger = "Stranger", other_or_unknown = "Other or unknown"
)
close_rings <- 0.12 # of the axis: names of rings that are closer would run into one another
study_names <- c(
  ncmec = "NCMEC", learcat = "LEARCAT", statistical_briefing_book = "Briefing Book"
)

#' What the figure of relationships shows: of each source the last year, files without copies.
#'
#' @param shares Table `relationship_shares`.
relationship_data <- function(shares) {
  last <- tapply(shares$year, shares$study, max)[shares$study]
  kept <- shares[shares$level == "group" & shares$year == last & shares$measure != "all_files", ]
  kept[c("study", "year", "victim_age", "measure", "group", "share", "share_low", "share_high", "interval_kind")]
}

#' Names of age groups beside their rings, in each row: above and below in turns, or all in one line, from left to
#' right, where the rings are too close for that.
#'
#' @param ages Rows of `relationship_data` that have an age, with a column `panel`.
#' @return Rows with `label`, and how it lies beside the ring: `hjust`, `vjust`.
age_names <- function(ages) {
  if (nrow(ages) == 0) {
    return(cbind(ages, label = character(), hjust = numeric(), vjust = numeric()))
  }
  ages <- ages[order(ages$panel, ages$group, ages$share), ]
  rows <- lapply(split(ages, list(ages$panel, ages$group), drop = TRUE), function(row) {
    row$label <- sub(" to ", "\u2013", tolower(row$victim_age))
    if (diff(range(row$share)) < close_rings) {
      last <- utils::tail(row, 1)
      return(transform(last, label = paste(row$label, collapse = ", "), hjust = -0.12, vjust = 0.5))
    }
    transform(row, hjust = 0.5, vjust = rep_len(c(1.9, -0.8), nrow(row)))
  })
  do.call(rbind, unname(rows))
}

#' Relationships in three sources, one panel each, with the ends that each can carry.
#'
#' What is known between bounds is a bar from end to end, without a dot: a dot says that one number is the best.
#'
#' @param data From `relationship_data`.
plot_relationships <- function(data) {
  data$group <- factor(group_names[data$group], levels = rev(group_names))
  panel <- sprintf(
    "%s %d\n%s", study_names[data$study], data$year,
    ifelse(data$measure == "victims", "victims", "files, without copies")
  )
  data$panel <- factor(panel, levels = unique(panel[order(match(data$study, names(study_names)))]))
  pooled <- data[is.na(data$victim_age), ]
  ages <- data[!is.na(data$victim_age), ]
  bounded <- pooled[pooled$interval_kind %in% "bounds", ]
  counted <- pooled[!pooled$interval_kind %in% "bounds", ]
  accent <- look_color("accent")
  ggplot2::ggplot(data, ggplot2::aes(share, group)) +
    ggplot2::geom_point(data = ages, color = look_color("muted"), shape = 1, size = 1.5) +
    drawn_text(
      ggplot2::aes(label = label, hjust = hjust, vjust = vjust), data = age_names(ages), color = look_color("muted")
    ) +
    ggplot2::geom_segment(
      data = bounded, ggplot2::aes(x = share_low, xend = share_high, yend = group),
      color = accent, alpha = 0.6, linewidth = 2.4
    ) +
    ggplot2::geom_errorbar(
      data = bounded, ggplot2::aes(xmin = share_low, xmax = share_high), orientation = "y", width = 0.4,
      color = accent, linewidth = 0.5
    ) +
    ggplot2::geom_point(data = counted, color = accent, size = 2.2, stroke = 0) +
    ggplot2::facet_wrap(ggplot2::vars(panel), nrow = 1) +
    ggplot2::scale_x_continuous(
      labels = percent_text, limits = c(0, NA), expand = ggplot2::expansion(mult = c(0.03, 0.14))
    ) +
    ggplot2::scale_y_discrete(limits = rev(unname(group_names))) +
    ggplot2::labs(x = "Share of the source’s files or victims", y = NULL) +
    theme_countback() +
    ggplot2::theme(panel.spacing = ggplot2::unit(12, "pt"))
}

#' Cells of both charts in long form, with the text of each and its share of the children or of the country's reports;
#' doubtful cells carry a question mark.
#'
#' @param table Table `named_against_reports`.
named_data <- function(table) {
  side <- function(chart, value, share, text, is_doubtful) {
    data.frame(
      chart = chart, table[c("iso3", "country", "platform", "reported_as")], value = value, share = share,
      text = ifelse(is.na(value), NA, paste0(text, ifelse(is_doubtful, " ?", "")))
    )
  }
  data <- rbind(
    side(
      "Named by children", table$named_percent, table$named_percent / 100, paste0(table$named_percent, "%"),
      table$is_named_doubtful
    ),
    side(
      "Reported by providers", table$reports, table$share_of_country, axis_numbers(table$reports),
      table$is_reports_doubtful
    )
  )
  data[!is.na(data$value), ]
}

#' Both charts as a grid of countries and platforms, the darker, the larger the share.
#'
#' @param data From `named_data`.
plot_named <- function(data) {
  often <- sort(table(data$platform), decreasing = TRUE)
  other <- tapply(data$reported_as, data$platform, function(names) unique(stats::na.omit(names))[1])[names(often)]
  has_other <- !is.na(other) & other != names(often)
  labels <- stats::setNames(ifelse(has_other, paste0(names(often), "\n(", other, ")"), names(often)), names(often))
  data$platform <- factor(data$platform, levels = names(often))
  data$country <- factor(data$country, levels = rev(sort(unique(data$country))))
  # no share is known where the country's total is not
  data$depth <- ifelse(is.na(data$share), 0, pmin(data$share, 1))
  ggplot2::ggplot(data, ggplot2::aes(platform, country)) +
    ggplot2::geom_tile(
      ggplot2::aes(alpha = depth), fill = look_color("accent"), color = look_color("paper"), linewidth = 1
    ) +
    drawn_text(ggplot2::aes(label = text, color = depth > 0.5)) +
    ggplot2::facet_wrap(ggplot2::vars(chart), ncol = 1) +
    ggplot2::scale_alpha_continuous(range = c(0.08, 1), limits = c(0, 1)) +
    ggplot2::scale_color_manual(values = c("TRUE" = look_color("paper"), "FALSE" = look_color("ink"))) +
    ggplot2::scale_x_discrete(position = "top", labels = labels) +
    ggplot2::labs(x = NULL, y = NULL) +
    theme_countback() +
    ggplot2::theme(panel.grid.major = ggplot2::element_blank(), strip.placement = "outside")
}
