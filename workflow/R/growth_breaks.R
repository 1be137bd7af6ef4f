# Curves with breaks in time: lines, on the scale of the numbers or of their logarithms, that bend at estimated years.
#
# A curve is given by its values at knots, the first year, the breaks and the last year, and is straight in between.
# So one code serves all forms, slopes and breaks have one rule for their errors, and a curve can be kept above zero.

break_step <- 0.1 # years between the breaks that are tried, before the best is refined

#' The forms that growth may take.
#'
#' @param fixed_break First year of the second of two separate lines.
#' @return Named list of forms: `is_log`, whether the curve is straight on the scale of logarithms; `n_breaks`, how many
#'   breaks are estimated; `jump`, where two separate lines meet, else missing.
growth_forms <- function(fixed_break) {
  form <- function(is_log, n_breaks, jump = NA_real_) list(is_log = is_log, n_breaks = n_breaks, jump = jump)
  list(
    exponential = form(TRUE, 0), two_lines = form(FALSE, 0, fixed_break), broken_line = form(FALSE, 1),
    log_broken_line = form(TRUE, 1), log_two_breaks = form(TRUE, 2)
  )
}

# One line through the numbers themselves.
line_form <- list(is_log = FALSE, n_breaks = 0, jump = NA_real_)

#' Weights by which values at knots make the values at any time: straight in between, and on beyond the ends.
#'
#' @param at Times.
#' @param knots At least two times, rising.
#' @return Matrix with a row per time, a column per knot.
interpolation <- function(at, knots) {
  segment <- findInterval(at, knots, all.inside = TRUE)
  along <- (at - knots[segment]) / (knots[segment + 1] - knots[segment])
  weights <- matrix(0, length(at), length(knots))
  weights[cbind(seq_along(at), segment)] <- 1 - along
  weights[cbind(seq_along(at), segment + 1)] <- along
  weights
}

#' Where a form has its knots, and which of them begins each segment.
#'
#' @param time Observed years, rising.
#' @param breaks Estimated breaks, rising; none for some forms.
form_knots <- function(form, time, breaks = numeric()) {
  ends <- range(time)
  if (is.na(form$jump)) {
    knots <- c(ends[1], breaks, ends[2])
    return(list(knots = knots, starts = seq_len(length(knots) - 1)))
  }
  before <- time[time < form$jump]
  after <- time[time >= form$jump]
  if (min(length(unique(before)), length(unique(after))) < 2) {
    stop("One of the two lines has fewer than two years; none can be fitted.", call. = FALSE)
  }
  list(knots = c(range(before), range(after)), starts = c(1, 3))
}

#' Weights of the knots' values for a form; the segments of two separate lines know nothing of each other.
form_weights <- function(form, at, knots) {
  if (is.na(form$jump)) {
    return(interpolation(at, knots))
  }
  is_after <- at >= form$jump
  cbind(interpolation(at, knots[1:2]) * !is_after, interpolation(at, knots[3:4]) * is_after)
}

#' Which segment each time lies in.
form_segments <- function(form, at, knots) {
  if (is.na(form$jump)) findInterval(at, knots, all.inside = TRUE) else 1 + (at >= form$jump)
}

#' Slopes of a curve's segments, and how they change with its values at knots and with its breaks.
#'
#' @param place What `form_knots` returns.
#' @param values Values at the knots.
#' @return List of `slopes` and `jacobian`, a matrix with a row per slope, a column per value and then per inner knot.
form_slopes <- function(form, place, values) {
  starts <- place$starts
  gaps <- place$knots[starts + 1] - place$knots[starts]
  slopes <- (values[starts + 1] - values[starts]) / gaps
  by_value <- by_knot <- matrix(0, length(starts), length(values))
  rows <- seq_along(starts)
  by_value[cbind(rows, starts)] <- -1 / gaps
  by_value[cbind(rows, starts + 1)] <- 1 / gaps
  by_knot[cbind(rows, starts)] <- slopes / gaps
  by_knot[cbind(rows, starts + 1)] <- -slopes / gaps
  inner <- if (form$n_breaks > 0) by_knot[, 1 + seq_len(form$n_breaks), drop = FALSE]
  list(slopes = slopes, jacobian = cbind(by_value, inner))
}

#' How a curve changes with its values at knots and with its breaks.
#'
#' A break that moves on carries the line before it along, with its value kept: hence the slope of the segment.
curve_jacobian <- function(form, time, place, values, weights = form_weights(form, time, place$knots)) {
  if (form$n_breaks == 0) {
    return(weights)
  }
  slopes <- form_slopes(form, place, values)$slopes[form_segments(form, time, place$knots)]
  cbind(weights, -weights[, 1 + seq_len(form$n_breaks), drop = FALSE] * slopes)
}

#' Whether each segment between breaks holds enough observed years; a break that is a year counts for both sides.
#'
#' @param time Observed years, rising.
#' @param breaks One or more; they fit only if they rise.
#' @param per_segment Observed years that a segment holds at least.
breaks_fit <- function(time, breaks, per_segment) {
  held <- findInterval(c(breaks, Inf), time) - findInterval(c(-Inf, breaks), time, left.open = TRUE)
  !is.unsorted(breaks, strictly = TRUE) && all(held >= per_segment)
}

#' Sums of squared errors of continuous broken lines, for all breaks of a grid at once.
#'
#' @param value What the line is fitted to.
#' @param grid Breaks to try, rising.
#' @param n_breaks One or two.
#' @return For one break a vector, for two a matrix whose rows are the first break and columns the second; missing
#'   where a segment would hold too few years.
break_errors <- function(time, value, grid, n_breaks, per_segment) {
  line <- qr(cbind(1, time - mean(time)))
  hinges <- qr.resid(line, outer(time, grid, function(at, bend) pmax(0, at - bend)))
  value <- qr.resid(line, value)
  gram <- crossprod(hinges)
  along <- drop(crossprod(hinges, value))
  if (n_breaks == 1) {
    return(sum(value^2) - along^2 / diag(gram))
  }
  explained <- outer(along^2, diag(gram)) + outer(diag(gram), along^2) - 2 * gram * outer(along, along)
  errors <- sum(value^2) - explained / (outer(diag(gram), diag(gram)) - gram^2)
  # years from the first break to the second, both ends counted
  held <- outer(findInterval(grid, time, left.open = TRUE), findInterval(grid, time), function(from, to) to - from)
  errors[held < per_segment | row(errors) >= col(errors)] <- NA
  errors
}

#' The breaks that least squares choose.
#'
#' @inheritParams break_errors
#' @return List of `breaks`, `least`, the sum of squares, and what an interval needs: `grid`, `profiles` (for each break
#'   the least sum of squares for each place of the grid) and `n_free`, the degrees of freedom. Stops where the years
#'   are too few.
least_squares_breaks <- function(time, value, n_breaks, per_segment) {
  n <- length(time)
  n_free <- n - 2 - 2 * n_breaks
  if (n < (n_breaks + 1) * per_segment + 1 || n_free < 1) {
    stop(sprintf("%d years are too few for %d breaks.", n, n_breaks), call. = FALSE)
  }
  grid <- seq(time[per_segment], time[n - per_segment + 1], by = break_step)
  errors <- break_errors(time, value, grid, n_breaks, per_segment)
  best <- drop(arrayInd(which.min(errors), dim(as.array(errors))))
  breaks <- refine_breaks(time, value, grid[best], per_segment)
  least_of <- function(row) if (all(is.na(row))) Inf else min(row, na.rm = TRUE)
  profiles <- lapply(seq_len(n_breaks), function(index) {
    if (n_breaks == 1) errors else apply(errors, index, least_of)
  })
  list(
    breaks = as.numeric(breaks), least = attr(breaks, "errors"), grid = grid, profiles = profiles, n_free = n_free
  )
}

#' Intervals of breaks: where holding a break costs no more than a limit.
#'
#' @param found What `least_squares_breaks` returns.
#' @param limits Of the F statistic, for each break.
#' @return List of `low`, `high` (missing where an interval reaches the end of what can be tried) and `pieces`, in how
#'   many pieces the years within the interval lie.
break_intervals <- function(found, limits) {
  parts <- lapply(seq_along(found$breaks), function(index) {
    # the best break lies between places of the grid
    place <- findInterval(found$breaks[index], found$grid)
    grid <- append(found$grid, found$breaks[index], place)
    profile <- append(found$profiles[[index]], found$least, place)
    inside_limit(grid, profile, found$least * (1 + limits[index] / found$n_free))
  })
  list(
    low = vapply(parts, function(part) part$low, 0), high = vapply(parts, function(part) part$high, 0),
    pieces = vapply(parts, function(part) part$pieces, 0)
  )
}

#' Move breaks within a step of the grid to where the sum of squares is least, one after the other.
refine_breaks <- function(time, value, breaks, per_segment) {
  ends <- range(time)
  errors_at <- function(breaks) {
    if (!breaks_fit(time, breaks, per_segment)) {
      return(.Machine$double.xmax)
    }
    sum(stats::.lm.fit(interpolation(time, c(ends[1], breaks, ends[2])), value)$residuals^2)
  }
  centers <- breaks
  for (pass in 1:5) {
    for (index in seq_along(breaks)) {
      at <- function(moved) errors_at(replace(breaks, index, moved))
      found <- stats::optimize(at, centers[index] + c(-1, 1) * break_step, tol = 1e-7)
      if (found$objective < errors_at(breaks)) breaks[index] <- found$minimum
    }
  }
  structure(breaks, errors = errors_at(breaks))
}

#' From where to where a profile is below a limit.
#'
#' A profile may have several valleys: the interval reaches from the first to the last of them. Between points of the
#' grid, the root of what it rises above its least is taken for straight, as it is where a profile is a parabola: where
#' the interval is shorter than a step of the grid, a straight line would cut it too short.
#'
#' @return List of `low` and `high`, missing where the profile is still below the limit at that end of the grid, and
#'   `pieces`, the number of valleys.
inside_limit <- function(grid, profile, limit) {
  is_inside <- profile <= limit
  inside <- range(which(is_inside))
  rise <- sqrt(profile - min(profile))
  limit <- sqrt(limit - min(profile))
  crossing <- function(inner, outer) {
    if (outer < 1 || outer > length(grid) || !is.finite(rise[outer])) {
      return(NA_real_)
    }
    share <- (limit - rise[inner]) / (rise[outer] - rise[inner])
    grid[inner] + share * (grid[outer] - grid[inner])
  }
  list(
    low = crossing(inside[1], inside[1] - 1), high = crossing(inside[2], inside[2] + 1),
    pieces = sum(rle(is_inside)$values)
  )
}
