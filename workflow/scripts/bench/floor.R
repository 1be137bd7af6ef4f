# One process of R that runs script after script, each as if it were alone: the names of the files come line by line.

local({
  commands <- file("stdin", open = "r")
  kept <- options()

  # Put everything back that a script has changed: its names, its options, where its output goes.
  forget <- function() {
    while (sink.number() > 0) sink()
    sink(type = "message")
    if (inherits(globalenv()[["log"]], "connection")) close(globalenv()[["log"]])
    rm(list = ls(globalenv(), all.names = TRUE), envir = globalenv())
    options(kept)
  }

  repeat {
    script <- readLines(commands, n = 1)
    if (length(script) == 0) break
    said <- tryCatch(
      {
        source(script, local = globalenv(), encoding = "UTF-8")
        "done"
      },
      error = function(fault) gsub("\n", " ", conditionMessage(fault))
    )
    forget()
    cat(said, "\n", sep = "")
    flush(stdout())
  }
})
