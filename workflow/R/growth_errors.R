# The errors of a model of growth as its residuals show them: how far they follow from year to year, and how much larger
# those of one half of the years are than those of the other.

# Of neighboring errors; beyond it, so few years don't tell errors from a walk without a curve.
largest_correlation <- 0.95

#' What the residuals of a fit say of its errors.
#'
#' A fitted curve takes part of the correlation out of its residuals, so the errors are more alike than these. The
#' correlation is the one under which residuals of this curve would, on average, be as alike as they are, or more alike
#' by some standard errors: a correlation taken too low makes intervals too short.
#'
#' @param residuals In the order of years, on the scale of the fit.
#' @param jacobian Matrix with a row per year, a column per parameter: how the curve changes with each.
#' @param reach By how many standard errors the residuals' own correlation is raised.
#' @return List of `correlation`, between neighboring errors, and `size`, the standard deviation of each error.
observed_errors <- function(residuals, jacobian, reach = 0) {
  n <- length(residuals)
  is_late <- seq_len(n) > n - n %/% 2
  left <- diag(n) - tcrossprod(qr.Q(qr(jacobian)))
  # each parameter takes some of the freedom from the residuals of a half
  spread <- function(half) sqrt(sum(residuals[half]^2) / sum(diag(left)[half]))
  size <- pmax(ifelse(is_late, spread(is_late), spread(!is_late)), .Machine$double.eps)
  scaled <- residuals / size
  alike <- sum(scaled[-1] * scaled[-n]) / sum(scaled^2) + reach / sqrt(n) # by Bartlett's standard error
  list(correlation = error_correlation(alike, left, size), size = size)
}

#' The correlation of neighboring errors under which residuals are, on average, as alike as is said.
#'
#' @param alike Correlation of neighboring residuals, each over the size of its error.
#' @param left Matrix that makes residuals of observations.
error_correlation <- function(alike, left, size) {
  n <- length(size)
  scaler <- left * outer(1 / size, size)
  apart <- abs(outer(seq_len(n), seq_len(n), "-"))
  beyond <- function(correlation) {
    variance <- scaler %*% tcrossprod(correlation^apart, scaler)
    sum(variance[cbind(2:n, seq_len(n - 1))]) / sum(diag(variance)) - alike
  }
  ends <- c(-largest_correlation, largest_correlation)
  if (beyond(ends[2]) <= 0) {
    return(ends[2])
  }
  if (beyond(ends[1]) >= 0) {
    return(ends[1])
  }
  stats::uniroot(beyond, ends, tol = 1e-4)$root
}

#' Draws of such errors, for the years fitted and some beyond.
#'
#' @param errors What `observed_errors` returns.
#' @param ahead Years beyond the last; their errors are of the size of the last.
#' @return Matrix with a row per year, a column per draw.
draw_errors <- function(errors, draws, ahead = 0) {
  size <- c(errors$size, rep(errors$size[length(errors$size)], ahead))
  steps <- matrix(stats::rnorm(length(size) * draws), length(size))
  for (year in seq_along(size)[-1]) {
    steps[year, ] <- errors$correlation * steps[year - 1, ] + sqrt(1 - errors$correlation^2) * steps[year, ]
  }
  size * steps
}
