# Figures on shares that sources disclose: relationships, reversals, named apps.

group_names <- c(
  family = "Family", known = "Known, not family", online_enticement_or_trafficking = "Enticement, trafficking",
  stranger = "Stranger", other_or_unknown = "Other or unknown"
)
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
  named <- ages[ages$group == group_names[["family"]], ]
  named <- named[order(named$panel, named$share), ]
  named$side <- stats::ave(named$share, named$panel, FUN = function(shares) seq_along(shares) %% 2)
  bounded <- pooled[pooled$interval_kind %in% "bounds", ]
  counted <- pooled[!pooled$interval_kind %in% "bounds", ]
  accent <- look_color("accent")
  ggplot2::ggplot(data, ggplot2::aes(share, group)) +
    ggplot2::geom_point(data = ages, color = look_color("muted"), shape = 1, size = 1.5) +
    drawn_text(
      ggplot2::aes(label = sub(" to ", "\u2013", tolower(victim_age)), vjust = 1.9 - 2.7 * side),
      data = named, color = look_color("muted")
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
      labels = function(at) paste0(100 * at, "%"), limits = c(0, NA), expand = ggplot2::expansion(mult = c(0.03, 0.14))
    ) +
    ggplot2::scale_y_discrete(limits = rev(unname(group_names))) +
    ggplot2::labs(x = "Share of the source’s files or victims", y = NULL) +
    theme_countback() +
    ggplot2::theme(panel.spacing = ggplot2::unit(12, "pt"))
}

#' What the figure of reversals shows: each organization together, not its providers one by one.
#'
#' @param shares Table `reversed_shares`.
#' @param ids Organizations to be shown.
#' @param organizations Table `organizations`.
reversal_data <- function(shares, ids, organizations) {
  data <- shares[shares$provider %in% ids, ]
  data$name <- organizations$name[match(data$provider, organizations$organization)]
  data$is_comparable <- data$is_full_year & !grepl("definition-changed", data$warnings)
  data[c(
    "provider", "name", "measure", "year", "is_full_year", "is_comparable", "reversed_share", "share_low", "share_high"
  )]
}

#' Where the name of each series stands: at the end of its lines, clear of the dots that follow to the right.
#'
#' @param data As in `plot_reversals`, with `series`.
#' @param gap Least distance of a name from another name or dot, in powers of ten.
#' @return The rows at the ends of lines, with the height `at` of each name.
label_places <- function(data, gap) {
  is_joined <- data$is_comparable | !stats::ave(data$is_comparable, data$series, FUN = any)
  joined <- data[is_joined, ]
  ends <- joined[joined$year == stats::ave(joined$year, joined$series, FUN = max), ]
  later <- data[data$year > min(ends$year) & !(row.names(data) %in% row.names(ends)), ]
  ends$at <- 10^spread_apart(log10(c(ends$reversed_share, later$reversed_share)), gap)[seq_len(nrow(ends))]
  ends
}

#' Reversed shares by year on a logarithmic axis; years that are not covered are hollow, and no line runs to or from a
#' year in which a definition changed.
#'
#' @param data From `reversal_data`, all shares above zero.
plot_reversals <- function(data) {
  data$series <- paste0(data$name, ", ", data$measure)
  data <- data[order(data$series, data$year), ]
  follows <- c(FALSE, diff(data$year) == 1 & data$series[-1] == data$series[-nrow(data)])
  follows <- follows & data$is_comparable & c(FALSE, data$is_comparable[-nrow(data)])
  data$run <- cumsum(!follows)
  ends <- label_places(data, gap = 0.4)
  years <- sort(unique(data$year))
  colors <- stats::setNames(unlist(look()$colors$series)[seq_along(unique(data$series))], unique(data$series))
  ggplot2::ggplot(data, ggplot2::aes(year, reversed_share, color = series)) +
    ggplot2::geom_line(ggplot2::aes(group = run), linewidth = 0.5) +
    ggplot2::geom_linerange(ggplot2::aes(ymin = share_low, ymax = share_high), linewidth = 1.6, alpha = 0.6) +
    ggplot2::geom_point(ggplot2::aes(shape = is_full_year), size = 1.8, fill = look_color("paper")) +
    drawn_text(
      ggplot2::aes(x = year + 0.12, y = at, label = series),
      data = ends, hjust = 0, color = look_color("ink")
    ) +
    ggplot2::scale_color_manual(values = colors) +
    ggplot2::scale_shape_manual(values = c("TRUE" = 16, "FALSE" = 21)) +
    ggplot2::scale_x_continuous(breaks = years, limits = c(min(years), max(years + 0.2, ends$year + 1.2))) +
    ggplot2::scale_y_log10(labels = function(at) paste0(axis_numbers(100 * at), "%"), breaks = 10^(-6:0)) +
    ggplot2::labs(x = NULL, y = "Restored, of what was acted upon (log scale)") +
    theme_countback() +
    ggplot2::theme(panel.grid.major.x = ggplot2::element_blank())
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
