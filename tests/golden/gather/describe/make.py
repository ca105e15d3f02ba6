#!/usr/bin/env python3
"""Makes NN.csv and NN.info here: random tables, and what pandas says of them.

python3 -m venv v && v/bin/pip install pandas && v/bin/python make.py
"""
import random
import pandas as pd

KINDS = {
    "milliseconds": lambda r: r.randrange(0, 3000),
    "seconds": lambda r: 1795100000 + round(r.random() * 30, 6),
    "flag": lambda r: int(r.random() < 0.5),
    "rare": lambda r: int(r.random() < 0.004),
    "zero": lambda r: 0,
    "one": lambda r: 1,
    "negative": lambda r: r.randrange(-500, 10),
    "small": lambda r: r.random() * 0.05,
    "million": lambda r: r.randrange(900000, 1100000),
    "large": lambda r: r.random() * 1e9,
    "huge": lambda r: r.random() * 1e120,
    "tens": lambda r: r.randrange(100) * 10,
    "halves": lambda r: r.randrange(100) / 2,
    "missing": lambda r: None if r.random() < 0.2 else r.randrange(1000),
    "a_column_with_quite_a_long_name_of_its_own": lambda r: r.expovariate(0.01),
    "x": lambda r: r.gauss(0, 1e5),
}

for case in range(30):
    r = random.Random(case)
    n = [1, 2, 3, 7, 8, 9, 40, 129, 300][case % 9]
    names = r.sample(sorted(KINDS), 4)
    df = pd.DataFrame({k: pd.Series([KINDS[k](r) for _ in range(n)], dtype=None) for k in names})
    df = df.astype({k: "float64" for k in names if df[k].dtype == object})
    df.to_csv(f"{case:02}.csv", sep=";", index=False)
    with open(f"{case:02}.info", "w") as f, pd.option_context(
            "display.precision", 2, "display.max_columns", None, "display.width", None,
            "display.expand_frame_repr", False):
        print(df.describe(percentiles=[.25, .5, .75, .90, .99]), file=f)
