#!/usr/bin/python3
"""Holds a page of `plot report`, as Chromium shows it, against what the programs print as JSON. TAP.

    report_page.py PAGE EXPECTED PROFILE     EXPECTED: {"summary": {RUN: …}, "windows": {RUN: …}, "delay": {RUN: …}, "campaign": …}
"""
import base64
import csv
import io
import json
import math
import os
import re
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from chromium import Page  # noqa: E402

# Every number with its path, and whose it is: those in sentences and tables, and those behind figures.
NUMBERS = r"""
(() => {
  const whose = (e) => [e.closest('[data-of]').dataset.of, e.closest('[data-run]')?.dataset.run ?? ''];
  const told = Array.from(document.querySelectorAll('data'), (e) =>
    [...whose(e), e.dataset.path, e.getAttribute('value'), e.textContent]);
  const drawn = [];
  for (const table of document.querySelectorAll('figure table')) {
    const keys = Array.from(table.tHead.rows[0].cells, (cell) => cell.dataset.key);
    for (const row of table.tBodies[0].rows) {
      keys.forEach((key, i) => key === undefined || drawn.push(
        [...whose(row), `${row.dataset.path}.${key}`, row.cells[i].textContent, null]));
    }
  }
  return told.concat(drawn);
})()
"""

FIGURES = r"""
Array.from(document.querySelectorAll('figure'), (figure) => ({
  title: figure.querySelector('figcaption').textContent,
  table: Array.from(figure.querySelectorAll('details table tr'), (row) =>
    Array.from(row.cells, (cell) => cell.textContent)),
  csv: figure.querySelector('details a[download]').getAttribute('href'),
  width: figure.querySelector('svg').getBoundingClientRect().width,
  outside: Array.from(figure.querySelectorAll('svg text')).filter((text) => {
    const box = text.getBoundingClientRect(), around = text.ownerSVGElement.getBoundingClientRect();
    return box.left < around.left - 1 || box.right > around.right + 1;
  }).map((text) => text.textContent),
  markers: figure.querySelectorAll('svg[role=img] .marker').length,
  broken: /NaN|Infinity|inf/i.test(figure.querySelector('svg[role=img]').outerHTML.replace(/<text.*?<\/text>/g, '')),
}))
"""

REFERENCES = r"""
Array.from(document.querySelectorAll('*')).flatMap((e) => Array.from(e.attributes, (a) => [a.name, a.value]))
  .filter(([name, value]) => /^(src|srcset|href|action|poster|style|on.*)$/i.test(name) &&
    !value.startsWith('#') && !value.startsWith('data:text/csv'))
"""

LINKS = r"""
Array.from(document.querySelectorAll('a[href^="#"]'), (a) => a.getAttribute('href').slice(1))
  .filter((id) => !document.getElementById(id))
"""

# What a click on each heading of a table makes of it: whether keys are in order, and rows still the same.
SORTED = r"""
Array.from(document.querySelectorAll('table.sortable')).slice(0, 12).map((table) => {
  const rows = () => Array.from(table.tBodies[0].rows);
  const before = rows().map((row) => row.textContent).sort().join('\n');
  const wrong = [];
  const key = (row, i) => {
    const cell = row.cells[i], data = cell.querySelector('data');
    const text = (data ? data.getAttribute('value') : cell.textContent).trim();
    return text === '' ? null : isNaN(Number(text)) ? text : Number(text);
  };
  const follows = (a, b, sign) => {
    if (a === null || b === null) { return b === null; }
    if (typeof a !== typeof b) { return typeof a === 'number'; }
    return typeof a === 'number' ? sign * (b - a) >= 0 : sign * b.localeCompare(a) >= 0;
  };
  Array.from(table.tHead.rows[0].cells).forEach((heading, i) => {
    for (const [name, sign] of [['ascending', 1], ['descending', -1]]) {
      heading.querySelector('button').click();
      const keys = rows().map((row) => key(row, i));
      const others = table.querySelectorAll('[aria-sort]').length;
      const isRight = keys.every((k, at) => at === 0 || follows(keys[at - 1], k, sign));
      if (!isRight || others !== 1 || heading.getAttribute('aria-sort') !== name ||
          rows().map((row) => row.textContent).sort().join('\n') !== before) {
        wrong.push([heading.textContent, name, keys]);
      }
    }
  });
  return wrong;
}).flat()
"""

COLOURS = "(() => { const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]; })()"

# Numbers that no reader of a page misses.
UNSHOWN = re.compile(r"format_version|combination\.|disorders\.|clock_step\.|clocks\.\d+\.at_us|"
                     r"groups\.0\.(combination|percentiles|between_rounds|rounds)\.")

n_checks = 0
n_failed = 0


def check(sentence, wrong):
    """One line: right if nothing is wrong; else the first things that are."""
    global n_checks, n_failed
    n_checks += 1
    print(f"{'not ok' if wrong else 'ok'} {n_checks} - {sentence}")
    if wrong:
        n_failed += 1
        for one in list(wrong)[:5] if isinstance(wrong, (list, set)) else [wrong]:
            print(f"# {one}")


def found(tree, path):
    for key in path.split("."):
        tree = tree[int(key)] if isinstance(tree, list) else tree[key]
    return tree


def leaves(tree, path=""):
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}" if path else key)
    elif isinstance(tree, list):
        for i, value in enumerate(tree):
            yield from leaves(value, f"{path}.{i}")
    elif isinstance(tree, (int, float)) and not isinstance(tree, bool):
        yield path


def says_nothing(tree, path):
    """Numbers of what was not measured, or not told apart: the page does not repeat them."""
    keys = path.split(".")
    if keys[0] == "groups":
        return False
    part = tree[keys[0]]
    if keys[0] == "metrics":
        metric = part[keys[1]]
        quantile = metric.get(keys[2], {}) if metric["n"] else {}
        return (not metric["n"] or (keys[-1] == "low_ms" and quantile["low_ms"] == quantile["high_ms"])
                or (keys[-1].startswith("clock_") and not metric["crosses_clocks"])
                or (keys[-1] == "ci95_low_ms" and quantile["ci95_low_ms"] > quantile["ci95_high_ms"]))
    if keys[0] == "phases":
        phase = part[keys[1]]
        return not phase["is_tested"] or (not phase["is_found"] and keys[2] != "p")
    return ((keys[0] == "sizes" and not part[keys[1]]["n"])
            or (keys[0] == "barrier" and tree["combination"]["consistency"] == "none"))


def unequal(expected, numbers):
    """Those whose value is not, in full precision, the one under their path."""
    for of, run, path, text, _ in numbers:
        tree = expected[of] if of == "campaign" else expected[of][run]
        value = found(tree, path)
        if (value is None) != (text == "") or (value is not None and float(text) != value):
            yield of, run, path, text, value


def misread(numbers):
    """Those whose words say another number than their value: half a digit, or a whole one where rounded outwards."""
    for _, _, path, text, words in numbers:
        read = re.fullmatch(r"(?:<= |> |p = )?([-+]?)(\d+(?:\.(\d+))?(?:e[-+]?\d+)?)( ms| s|%)?", words or "")
        if not read or text == "":
            continue
        is_ms, is_us = "_ms" in path, path.endswith("_us")
        unit = {None: 1, "%": 100, " ms": 1 if is_ms else 1e-3 if is_us else math.nan,
                " s": 1e-3 if is_ms else 1}[read[4]]
        digits = len(read[3] or "")
        size = float(read[1] + read[2])
        off = 10.0 ** -digits * (1 if read[1] else 0.5) * (1 + 1e-9)
        if "e" in read[2] or read[2].startswith("0.0"):  # p values: two digits
            off = max(off, abs(size) * 0.06)
        if not abs(size - float(text) * unit) <= off + 1e-9:
            yield path, words, text


def unlike_csv(figure):
    scheme, text = figure["csv"].split(",", 1)
    rows = list(csv.reader(io.StringIO(urllib.parse.unquote(text))))
    return scheme != "data:text/csv;charset=utf-8" or rows != figure["table"] or len(rows) < 2


def luminance(colour):
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colours):
    """Of text on its ground, as WCAG 2 has it."""
    dark, light = sorted(map(luminance, colours))
    return (light + 0.05) / (dark + 0.05)


def check_numbers(page, expected):
    numbers = page.evaluate(NUMBERS)
    check("each number is that of the JSON under its path", list(unequal(expected, numbers)))
    check("its words say the same", list(misread(numbers)))
    shown = {(of, run, path) for of, run, path, _, _ in numbers}
    missing = [(of, run, path) for of in ("summary", "windows", "delay") for run, tree in expected[of].items()
               for path in leaves(tree)
               if (of, run, path) not in shown and not UNSHOWN.match(path) and not says_nothing(tree, path)]
    check("no number of summary.json, of the windows or of the delay curve is left out", missing)


def check_figures(page):
    figures = page.evaluate(FIGURES)
    check("there are figures", [] if len(figures) >= 3 else [len(figures)])
    check("each has its data behind it, and the same as CSV", [f["title"] for f in figures if unlike_csv(f)])
    check("no figure has a number that is none", [f["title"] for f in figures if f["broken"]])
    check("no text of a figure is cut off", [(f["title"], f["outside"]) for f in figures if f["outside"]])


def check_sizes(page):
    page.evaluate("for (const d of document.querySelectorAll('details')) { d.open = true; }")
    for name, width in (("phone", 390), ("screen", 1280)):
        page.resize(width, 800)
        wide = page.evaluate("document.documentElement.scrollWidth")
        check(f"nothing is wider than a {name}", [wide] if wide > width else [])
    sizes = [f["width"] for f in page.evaluate(FIGURES)]
    check("figures are as wide as on paper", [] if min(sizes) > 300 else sizes)


def check_looks(page):
    grounds = []
    for scheme in ("light", "dark"):
        page.prefer(scheme)
        colours = page.evaluate(COLOURS)
        grounds.append(luminance(colours[0]))
        check(f"text stands out in {scheme}", [colours] if contrast(colours) < 7 else [])
    check("dark is darker than light", [] if grounds[1] < grounds[0] else grounds)
    page.prefer("dark", media="print")
    page.resize(718, 1000)  # A4 without its margins
    wide = page.evaluate("document.documentElement.scrollWidth")
    check("nothing is wider than paper", [wide] if wide > 718 else [])
    check("paper is white", [] if luminance(page.evaluate(COLOURS)[0]) == 1 else [page.evaluate(COLOURS)])
    page.prefer("light")
    pdf = base64.b64decode(page.call("Page.printToPDF")["data"])
    check("it can be printed", [] if pdf.startswith(b"%PDF") else [pdf[:20]])


def check_quiet(page, path):
    check("it refers to nothing outside", page.evaluate(REFERENCES))
    style = page.evaluate("document.querySelector('style').textContent")
    check("nor does its style", re.findall(r"url\(|@import|//[a-z]", style))
    check("every link has its place", page.evaluate(LINKS))
    check("what came in as a name was not run", [] if page.evaluate("typeof evil") == "undefined" else ["evil"])
    own = "file://" + urllib.parse.quote(os.path.abspath(path))
    check("nothing else was fetched", set(page.requests) - {own})
    check("no word on the console", page.troubles)


def check_without_script(page):
    with_script = page.evaluate("document.querySelectorAll('tr').length")
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.load()
    without = page.evaluate("[document.querySelectorAll('tr').length, document.querySelectorAll('button').length]")
    check("without its script every row stands there", [] if without == [with_script, 0] else [with_script, without])


def main():
    path, expected_path, profile = sys.argv[1:4]
    with open(expected_path, encoding="utf-8") as file:
        expected = json.load(file)
    with Page(path, profile) as page:
        check_numbers(page, expected)
        check_figures(page)
        check("a click on a heading sorts, up and down", page.evaluate(SORTED))
        check_sizes(page)
        check_looks(page)
        check_quiet(page, path)
        check_without_script(page)
    print(f"1..{n_checks}")
    return 1 if n_failed else 0


if __name__ == "__main__":
    sys.exit(main())
