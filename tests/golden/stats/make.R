# Writes the expected values that R gives. Lists are separated by spaces; a difference is "to" - "from".
# Usage: Rscript make.R FOLDER
# Debian 12: r-base-core 4.2.2, r-cran-npsurv 0.5-0. Needed for writing only.

folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(20261122)
shortest <- function(v) {
    if (is.na(v)) return("NA")
    short <- formatC(v, digits = 15, format = "g")
    if (as.numeric(short) == v) short else formatC(v, digits = 17, format = "g")
}
text <- function(values) paste(sapply(values, shortest), collapse = " ")
save <- function(name, rows) {
    write.csv(do.call(rbind, rows), file.path(folder, name), row.names = FALSE, quote = FALSE)
}
row <- function(...) data.frame(lapply(list(...), function(v) if (is.character(v)) v else text(v)))

# fisher.test
tables <- list(c(0, 10, 0, 12), c(3, 100, 12, 100), c(1, 20, 9, 22), c(5, 5, 0, 5), c(0, 1000, 4, 1000),
               c(165, 291, 120, 291), c(500, 10000, 610, 10000), c(81, 263, 81, 263), c(40, 50, 10, 500),
               c(2000, 100000, 2400, 100000), c(7, 7, 7, 7), c(1, 3, 1, 1000), c(900, 1000, 100, 1000))
save("fisher.csv", lapply(tables, function(t) {
    m <- matrix(c(t[1], t[2] - t[1], t[3], t[4] - t[3]), 2)
    row(events_one = t[1], n_one = t[2], events_two = t[3], n_two = t[4], p = fisher.test(m)$p.value)
}))

# wilcox.test(to, from): its W counts the pairs in which "to" is larger
samples <- list(
    list(signif(rnorm(5), 5), signif(rnorm(6, 1), 5)),
    list(signif(rexp(12), 5), signif(rexp(9, 0.4), 5)),
    list(signif(rlnorm(49), 5), signif(rlnorm(49, 0.5), 5)),
    list(signif(rnorm(10), 5), signif(rnorm(10, 9), 5)),
    list(signif(rnorm(1), 5), signif(rnorm(20), 5)),
    list(c(1, 2, 2, 3, 5, 8), c(2, 3, 3, 9, 9, 10, 11)),
    list(round(rexp(30), 1), round(rexp(40, 0.6), 1)),
    list(signif(rnorm(60), 5), signif(rnorm(45, 0.3), 5)),
    list(signif(rlnorm(200, 0, 0.5), 4), signif(rlnorm(150, 0.1, 0.5), 4)),
    list(round(rnorm(80, 5)), round(rnorm(90, 5))))
save("mann_whitney.csv", lapply(samples, function(s) {
    w <- suppressWarnings(wilcox.test(s[[2]], s[[1]]))
    row(from = s[[1]], to = s[[2]], u = w$statistic, p = w$p.value,
        is_exact = as.integer(grepl("exact", w$method)))
}))

# wilcox.test(to, from, conf.int = TRUE) where it is exact. Where it is not, it solves for a root; ours are
# order statistics: the k-th smallest and largest of outer(to, from, "-"), k by qwilcox in small samples
# with ties, else by the normal approximation. r_low and r_high are wilcox.test's in any case.
save("hodges_lehmann.csv", lapply(samples, function(s) {
    do.call(rbind, lapply(c(0.9, 0.95), function(confidence) {
        n <- length(s[[1]])
        m <- length(s[[2]])
        d <- sort(outer(s[[2]], s[[1]], "-"))
        is_small <- n < 50 && m < 50
        tail <- (1 - confidence) / 2
        sigma <- sqrt(n * m * (n + m + 1) / 12)
        k <- if (is_small) qwilcox(tail, n, m) else floor(n * m / 2 + 0.5 - qnorm(1 - tail) * sigma)
        w <- suppressWarnings(wilcox.test(s[[2]], s[[1]], conf.int = TRUE, conf.level = confidence))
        ends <- if (k > 0) c(d[k], d[n * m + 1 - k]) else c(-Inf, Inf)
        row(from = s[[1]], to = s[[2]], confidence = confidence, exists = as.integer(k > 0),
            estimate = median(d), low = ends[1], high = ends[2], r_low = w$conf.int[1], r_high = w$conf.int[2],
            is_exact = as.integer(grepl("exact", w$method)))
    }))
}))

# t.test(to, from), and two one-sided ones against -+ log(1 + margin)
rounds <- list(
    list(signif(rnorm(3, 0, 0.01), 5), signif(rnorm(3, 0.005, 0.02), 5), 0.02),
    list(signif(rnorm(5, 1, 0.1), 5), signif(rnorm(7, 1.3, 0.3), 5), 0.1),
    list(signif(rnorm(10, 4, 0.01), 5), signif(rnorm(10, 4.004, 0.01), 5), 0.02),
    list(signif(rnorm(2), 5), signif(rnorm(30), 5), 0.5),
    list(signif(rnorm(4, 100), 5), signif(rnorm(4, 107), 5), 0.05),
    list(c(3, 3, 3, 4), c(5, 5, 5.5, 5), 0.05))
save("welch.csv", lapply(rounds, function(r) {
    do.call(rbind, lapply(c(0.9, 0.99), function(confidence) {
        t <- t.test(r[[2]], r[[1]], conf.level = confidence)
        limit <- log1p(r[[3]])
        above <- t.test(r[[2]], r[[1]], mu = -limit, alternative = "greater")$p.value
        below <- t.test(r[[2]], r[[1]], mu = limit, alternative = "less")$p.value
        row(from = r[[1]], to = r[[2]], confidence = confidence,
            difference = unname(t$estimate[1] - t$estimate[2]), error = t$stderr, freedom = unname(t$parameter),
            low = t$conf.int[1], high = t$conf.int[2], p = t$p.value, margin = r[[3]],
            tost_p = max(above, below))
    }))
}))

# p.adjust
lists <- list(c(0.01, 0.04, 0.03, 0.005), c(0.5), c(0.9, 0.8, 0.7), signif(runif(24)^3, 6), c(0, 1, 0.02, 0.02, 0.02),
              c(0.02, NA, 0.01, NA, 0.04))
save("holm.csv", lapply(lists, function(p) row(p = p, adjusted = p.adjust(p, "holm"))))

# kruskal.test
blocks <- list(
    list(c(2.9, 3.0, 2.5, 2.6, 3.2), c(3.8, 2.7, 4.0, 2.4), c(2.8, 3.4, 3.7, 2.2, 2.0)),
    list(c(1, 2, 2, 3), c(2, 3, 4, 4), c(1, 1, 5)),
    list(signif(rnorm(30), 4), signif(rnorm(40, 0.5), 4)),
    list(round(rexp(50), 1), round(rexp(60), 1), round(rexp(55, 0.7), 1), round(rexp(40), 1), round(rexp(20), 1)))
save("kruskal_wallis.csv", lapply(blocks, function(b) {
    k <- kruskal.test(b)
    row(values = unlist(b), sizes = sapply(b, length), h = unname(k$statistic),
        freedom = unname(k$parameter), p = k$p.value)
}))

# npsurv: the likeliest distribution of (low, high]; low = high is exact. survival's survfit has it too, but
# ends its steps so early that shares are off by up to 0.016 here.
suppressMessages(library(npsurv))
polled <- function(n, grid, deadline) {
    t <- rlnorm(n, 0, 0.7)
    low <- floor(t / grid) * grid
    high <- pmin(low + grid * (1 + rbinom(n, 3, 0.5)), Inf)
    is_late <- high > deadline
    high[is_late] <- Inf
    low[is_late] <- pmin(low[is_late], deadline - grid)
    cbind(signif(low, 6), signif(high, 6))
}
shifted <- function(n, deadline) {
    t <- rlnorm(n, 0, 0.7)
    start <- runif(n, 0, 1)
    low <- pmax(0, start + floor((t - start) / 0.5) * 0.5)
    high <- ifelse(t < start, start, low + 0.5)
    is_late <- high > deadline
    cbind(signif(ifelse(is_late, deadline, low), 6), signif(ifelse(is_late, Inf, high), 6))
}
exactly <- signif(rexp(12), 4)
polls <- list(
    rbind(c(0, 2), c(1, 3), c(2, 4)),
    rbind(c(0, 1), c(0, 1), c(1, 2), c(0, 2), c(2, Inf)),
    cbind(exactly, exactly),
    rbind(cbind(exactly, exactly), cbind(c(0.1, 0.3, 0.7, 1.1), Inf)),
    polled(60, 0.25, 4), shifted(50, 3), shifted(200, 3))
save("turnbull.csv", lapply(polls, function(i) {
    f <- npsurv(i, tol = 1e-14, maxit = 10000)$f
    keep <- f$p > 1e-9
    row(low = i[, 1], high = i[, 2], mass_low = f$left[keep], mass_high = f$right[keep], mass = f$p[keep])
}))
