# Colors, fonts and figure sizes from config/look.yml, the same as in Python, and what figures are written with.

look <- function(path = "config/look.yml") yaml::read_yaml(path)

#' A color of the light scheme, or `context` or `highlight`, as "#rrggbb".
look_color <- function(name, data = look()) {
  light <- data$colors$light[[name]]
  if (is.null(light)) data$colors[[name]] else light
}

#' The size of text in a drawing, in the unit of geom_text: names of lines and rows, as those of axes.
label_size <- function(data = look()) 0.9 * data$fonts$base_pt / ggplot2::.pt

#' Text in a drawing, in the look's face.
#'
#' @param ... As for geom_text, or for geom_label.
drawn_text <- function(..., geom = ggplot2::geom_text, size = label_size()) {
  geom(..., size = size, family = look()$fonts$sans)
}

#' The same on a ground of paper, where lines would run through.
grounded_text <- function(...) {
  drawn_text(
    ...,
    geom = ggplot2::geom_label, fill = look_color("paper"), label.size = 0, label.padding = ggplot2::unit(1.5, "pt")
  )
}

#' The theme of all ggplot2 figures: quiet, sans labels, light grid, no frame.
theme_countback <- function(data = look()) {
  ink <- look_color("ink", data)
  muted <- look_color("muted", data)
  ggplot2::theme_minimal(base_size = data$fonts$base_pt, base_family = data$fonts$sans) +
    ggplot2::theme(
      text = ggplot2::element_text(color = ink),
      axis.text = ggplot2::element_text(color = muted, size = ggplot2::rel(0.9)),
      axis.title = ggplot2::element_text(color = muted, size = ggplot2::rel(0.9)),
      strip.text = ggplot2::element_text(color = ink, face = "bold", hjust = 0, size = ggplot2::rel(1)),
      panel.grid.minor = ggplot2::element_blank(),
      panel.grid.major = ggplot2::element_line(color = look_color("line", data), linewidth = 0.3),
      legend.position = "none",
      plot.margin = ggplot2::margin(4, 6, 4, 4)
    )
}

#' Register the packages' faces with R's font machinery, so that text is measured by them and not by a system font.
#'
#' @param folder The folder with the TrueType files of the sans face.
register_fonts <- function(folder, data = look()) {
  family <- data$fonts$sans
  if (!family %in% systemfonts::registry_fonts()$family) {
    systemfonts::register_font(
      family,
      plain = file.path(folder, "SourceSansPro-Regular.ttf"),
      bold = file.path(folder, "SourceSansPro-Semibold.ttf"),
      italic = file.path(folder, "SourceSansPro-It.ttf"),
      bolditalic = file.path(folder, "SourceSansPro-SemiboldIt.ttf")
    )
  }
}

#' Faces for svglite: the characters of labels travel inside the figure, since an image can't see its page's faces.
#'
#' @param path JSON of data URLs by weight, written by the rule `web_fonts`.
figure_fonts <- function(path, data = look()) {
  urls <- jsonlite::fromJSON(path)
  Map(function(url, weight) svglite::font_face(data$fonts$sans, woff = url, weight = weight), unname(urls), names(urls))
}

#' A figure as the text of an SVG, the same bytes at each call.
#'
#' @param plot A ggplot.
#' @param size A name under `figures` in config/look.yml, or inches: of what is drawn, without its frame.
#' @param frame From `figure_frame`.
#' @param fonts Path of the faces' data URLs.
figure_svg <- function(plot, size, frame, fonts = "results/look/web_fonts.json", data = look()) {
  inches <- if (is.character(size)) unlist(data$figures[[size]]) else size
  drawn <- framed(plot, frame, inches[[1]], data)
  text <- svglite::svgstring(
    width = inches[[1]], height = inches[[2]] + drawn$inches, bg = "white", fix_text_size = FALSE,
    web_fonts = figure_fonts(fonts, data),
    # signs drawn as points name no family: without this they take the system's
    system_fonts = list(sans = data$fonts$sans)
  )
  print(drawn$plot)
  grDevices::dev.off()
  as.character(text())
}

#' Write a figure as SVG. Stops where its text holds what R writes for a character that a locale lacks.
save_figure <- function(plot, path, size, frame, fonts = "results/look/web_fonts.json", data = look()) {
  svg <- figure_svg(plot, size, frame, fonts, data)
  stop_at_lost_characters(list(text = gsub("&lt;", "<", svg, fixed = TRUE)), path)
  write_whole(path, function(partial) writeLines(svg, partial))
}

#' Write the data that a figure was drawn from, as CSV: numbers with the digits that every platform computes alike.
write_figure_data <- function(data, path) {
  stop_at_lost_characters(data, path)
  is_number <- vapply(data, is.numeric, NA)
  data[is_number] <- lapply(data[is_number], number_text)
  write_csv(data, path, quote = which(!is_number))
}

#' Shares as text: in percent, with a true minus sign, which what rounds to zero does not carry.
#'
#' @param digits After the point; as many as a share has, if not given.
percent_text <- function(shares, digits = NULL) {
  # a rounded zero may be below zero, and would print a sign: adding zero takes it off
  number <- if (is.null(digits)) signif(100 * shares, 6) else sprintf("%.*f", digits, round(100 * shares, digits) + 0)
  ifelse(is.na(shares), NA_character_, sub("-", "\u2212", paste0(number, "%")))
}
