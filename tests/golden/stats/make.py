"""Writes the expected values that SciPy and statsmodels give, or that are looked for one by one with them.
Usage: /usr/bin/python3 make.py FOLDER
Debian 12: python3-scipy 1.10.1, python3-statsmodels 0.13.5. Needed for writing only."""
import csv
import math
import os
import sys

from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

folder = sys.argv[1]


def save(name, header, rows):
    with open(os.path.join(folder, name), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows([[repr(float(v)) if isinstance(v, float) else v for v in row] for row in rows])


shares = [(0, 1), (1, 1), (0, 10), (1, 10), (5, 100), (0, 1000), (3, 1000), (81, 263), (500, 1000),
          (99990, 100000), (999999, 1000000), (5000000, 10000000)]
levels = [0.9, 0.95, 0.99]


def proportion(method):
    for events, n in shares:
        for confidence in levels:
            i = stats.binomtest(events, n).proportion_ci(confidence, method=method)
            yield events, n, confidence, max(0.0, i.low), i.high


save("wilson.csv", "events n confidence low high", proportion("wilson"))
save("clopper_pearson.csv", "events n confidence low high", proportion("exact"))


def newcombe():
    """confint_proportions_2indep(to, from, compare='diff', method='newcomb'): p1 - p2 of what it is given."""
    pairs = [((56, 70), (48, 80)), ((9, 10), (3, 10)), ((6, 7), (2, 7)), ((5, 56), (0, 29)), ((0, 10), (0, 20)),
             ((10, 10), (0, 20)), ((10, 10), (0, 10)), ((165, 291), (120, 291)), ((3, 1000), (0, 1000)),
             ((50000, 100000), (50500, 100000))]
    for to, from_ in pairs:
        for confidence in levels:
            low, high = confint_proportions_2indep(*to, *from_, compare="diff", method="newcomb",
                                                   alpha=1 - confidence)
            yield from_[0], from_[1], to[0], to[1], confidence, low, high


save("newcombe.csv", "events_from n_from events_to n_to confidence low high", newcombe())


def quantile_ranks():
    """The largest l with P(K < l) <= tail and the smallest u with P(K >= u) <= tail, from 1; 0 0: none."""
    for n in [5, 6, 20, 72, 73, 100, 367, 368, 1000, 5000]:
        law = None
        for q in [0.5, 0.9, 0.95, 0.99, 0.999]:
            law = stats.binom(n, q)
            for confidence in [0.9, 0.95]:
                tail = (1 - confidence) / 2
                low = max(rank for rank in range(n + 1) if law.cdf(rank - 1) <= tail)
                high = [rank for rank in range(1, n + 1) if law.sf(rank - 1) <= tail]
                yield (n, q, confidence, low, min(high)) if low and high else (n, q, confidence, 0, 0)


save("quantile_ranks.csv", "n q confidence low_rank high_rank", quantile_ranks())


def first(holds):
    n = 1
    while not holds(n):
        n += 1
    return n


def needed():
    for confidence in levels:
        tail = (1 - confidence) / 2
        for q in [0.01, 0.5, 0.9, 0.95, 0.99, 0.999]:
            yield "quantile", 0, q, confidence, first(lambda n: max(q, 1 - q) ** n <= tail)
        for events in [0, 1, 5]:
            for share in [0.5, 0.05, 0.01]:
                yield "share", events, share, confidence, first(
                    lambda n: n > events and stats.beta.isf(tail, events + 1, n - events) <= share)
        for epsilon in [0.5, 0.1, 0.043, 0.02]:
            yield "dkw", 0, epsilon, confidence, first(
                lambda n: 2 * math.exp(-2 * n * epsilon ** 2) <= 1 - confidence)


save("needed.csv", "claim events bound confidence n", needed())


def dkw():
    for n in [1, 2, 10, 100, 1000, 1000000]:
        for confidence in levels:
            epsilon = math.sqrt(-math.log((1 - confidence) / 2) / 2 / n)
            count = n // 3
            yield (n, count, confidence, min(1.0, epsilon), max(0.0, count / n - epsilon),
                   min(1.0, count / n + epsilon))


save("dkw.csv", "n count confidence epsilon low high", dkw())


def student():
    """The t interval of a mean: stats.t.interval."""
    for values in [[0.5, 0.55, 0.6], [101.0, 95.0, 99.0, 104.0, 97.0], [1.0, 2.0, 4.0, 8.0],
                   [0.1, 0.12, 0.09, 0.4, 0.11, 0.1, 0.13, 0.12, 0.1]]:
        for confidence in levels:
            mean = sum(values) / len(values)
            low, high = stats.t.interval(confidence, len(values) - 1, mean, stats.sem(values))
            yield " ".join(map(repr, values)), confidence, mean, low, high


save("rounds.csv", "values confidence mean low high", student())
