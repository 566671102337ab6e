"""Holds the reports of a run against readers that others wrote.

    python run.py RUN [PICTURES]

JUnit by junitparser, report.json by jsonschema, the page by html5lib, by the Nu checker (VNU names
its jar) and by Chromium; report.pdf by qpdf and poppler, samples by pandas and asammdf, SHA256SUMS by sha256sum.
What isn't on this machine is left out, which is a failure unless LEAVE_OUT=1. PICTURES is a folder
for screenshots.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import asammdf
import html5lib
import jsonschema
import junitparser
import numpy
import pandas

import browser

RUN = pathlib.Path(sys.argv[1]).resolve()
PICTURES = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "docs" / "report.schema.json"
REPORT = json.loads((RUN / "report.json").read_text())
COUNTED = [one for one in REPORT["scenarios"] if not one["superseded"]]
failed = 0


def check(what, wanted, found):
    global failed
    good = wanted == found
    failed += not good
    print(("ok    " if good else "FAIL  ") + what + ("" if good else f": wanted {wanted!r}, found {found!r}"))


def left_out(what, why):
    global failed
    failed += os.environ.get("LEAVE_OUT") != "1"
    print(f"left out  {what}: {why}")


def junit():
    suites = junitparser.JUnitXml.fromfile(str(RUN / "junit.xml"))
    cases = [case for suite in suites for case in suite if suite.name != "run"]
    check("junitparser: a case a scenario", len(COUNTED), len(cases))
    bad = [case for case in cases
           if any(isinstance(one, (junitparser.Failure, junitparser.Error)) for one in case.result)]
    wanted = [one for one in COUNTED if one["verdict"] not in ("pass", "skipped")]
    check("junitparser: failures and errors", len(wanted), len(bad))
    verdicts = {p.value for case in cases for p in case.iterchildren(junitparser.Properties)
                for p in p if p.name == "verdict"}
    check("junitparser: verdicts as properties", {one["verdict"].capitalize() for one in COUNTED}, verdicts)
    attached = [line[13:-2] for case in cases for line in (case.system_out or "").splitlines()
                if line.startswith("[[ATTACHMENT|")]
    check("junitparser: attachments are there", [], [path for path in attached if not (RUN / path).is_file()])


def machines():
    jsonschema.validate(REPORT, json.loads(SCHEMA.read_text()))
    check("jsonschema: report.json fits docs/report.schema.json", "rig.report/1", REPORT["schema"])
    table = pandas.read_csv(RUN / "judgements.csv")
    wanted = sum(len(one["judgements"]) for one in REPORT["scenarios"])
    check("pandas: a row a judgement", wanted, len(table))
    sums = subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=RUN, capture_output=True, text=True)
    check("sha256sum: every file as sealed", (0, ""), (sums.returncode, sums.stdout))
    columns = sorted((RUN / "columns").glob("*.parquet"))
    if not columns:
        return left_out("pandas on Parquet", "no columns/ (a build without the feature `columns`, or no samples)")
    different = []
    for path in columns:
        one = pandas.read_parquet(path)
        other = pandas.read_csv(RUN / "samples" / (path.stem + ".csv"))
        if list(one.columns) != list(other.columns) or not (
                ((one - other).abs() < 1e-9) | (one.isna() & other.isna())).all().all():
            different.append(path.name)
    check(f"pandas: {len(columns)} Parquet files say what the CSV files say", [], different)


def measurement_data():
    files = sorted((RUN / "mdf").glob("*.mf4"))
    if not files:
        return left_out("asammdf", "no mdf/ (a build without the feature `mdf`, or no samples)")
    different, units = [], set()
    for path in files:
        with asammdf.MDF(path) as file:
            units |= {channel.unit for group in file.groups for channel in group.channels}
            started = file.start_time
            other = pandas.read_csv(RUN / "samples" / (path.stem + ".csv"))
            for name in other.columns[1:]:
                signal, wanted = file.get(name), other[name].to_numpy(dtype=float)
                if not (numpy.array_equal(signal.samples, wanted, equal_nan=True)
                        and numpy.array_equal(signal.timestamps, other["at_s"].to_numpy())):
                    different.append(f"{path.name}: {name}")
    check(f"asammdf: {len(files)} MDF4 files say what the CSV files say", [], different[:5])
    check("asammdf: units", True, {"s", "V", "A"} <= units)
    check("asammdf: when it began", REPORT["run"]["started"][:19], started.isoformat()[:19])


def page_source():
    parser = html5lib.HTMLParser(strict=False)
    parser.parse((RUN / "report.html").read_text())
    # An SVG title within HTML is fine; html5lib knows it. Nothing else is excused.
    check("html5lib: no parse error", [], [error for error in parser.errors][:5])


def nu_checker():
    jar = os.environ.get("VNU")
    if not (jar and os.path.isfile(jar) and shutil.which("java")):
        return left_out("the Nu HTML checker", "no VNU=…/vnu.jar (npm install vnu-jar), or no Java")
    done = subprocess.run(["java", "-jar", jar, "--errors-only", "--format", "text", str(RUN / "report.html")],
                          capture_output=True, text=True)
    found = "" if done.returncode == 0 else done.stderr.strip()[:500] or f"code {done.returncode}"
    check("Nu HTML checker: no error", "", found)


def formal():
    path = RUN / "report.pdf"
    if not path.is_file():
        return left_out("report.pdf", "not there: rig report RUN --pdf sets it")
    if shutil.which("qpdf"):
        done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
        check("qpdf --check", 0, done.returncode)
    else:
        left_out("qpdf --check", "no qpdf")
    if not shutil.which("pdftotext"):
        return left_out("text of report.pdf", "no poppler")
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True).stdout
    pages = text.split("\f")[:-1]
    numbered = [at for at, page in enumerate(pages, 1) if f"page {at} of {len(pages)}" not in page]
    check("report.pdf: page n of N on every page", [], numbered)
    name = f"{REPORT['number']} revision {REPORT['revision']}"
    check("report.pdf: identified on every page", [], [at for at, page in enumerate(pages, 1) if name not in page])
    if REPORT["simulated"]:
        check("report.pdf: SIMULATED on every page", [], [at for at, page in enumerate(pages, 1) if "SIMULATED" not in page])
    check("report.pdf: end mark on the last page", True, f"End of report {name}" in pages[-1])
    iso_items(text, pages)
    if PICTURES:
        subprocess.run(["pdftoppm", "-r", "50", "-png", str(path), str(PICTURES / "pdf")], check=True)
        check("report.pdf: every page is a picture", len(pages), len(list(PICTURES.glob("pdf-*.png"))))



def iso_items(text, pages):
    """What ISO/IEC 17025 asks for, where the report's own list says that it is."""
    plain = " ".join(text.split())
    table = text[text.index("Where the items of ISO/IEC 17025:2017 are"):]
    listed = [line for line in table.splitlines() if line.startswith(("7.8", "7.5", "6.4", "7.11"))]
    check("report.pdf: items of ISO/IEC 17025 listed", True, len(listed) > 30)
    heads = {line.split("  ")[-1].strip() for line in listed} - {"head", "head and foot"}
    missing = [head for head in heads if not any(line.startswith(head) for line in text.splitlines())]
    check("report.pdf: every section that the list names", [], missing)
    results = text[text.index("9 Results"):text.index("10 Opinions")]
    for what, wanted, place in (
            ("title", "Test report", pages[0]),
            ("amendments", "replaces", pages[0]),
            ("only the items tested", "relate only to the items tested", plain),
            ("decision rule", "Decision rule: ", plain),
            ("statement of conformity", REPORT["verdict"].capitalize(), pages[0]),
            ("uncertainty with its factor", "(k = 2)", " ".join(results.split())),
            ("opinions apart", "Opinions and interpretations", plain),
            ("software", f"rig {REPORT['run']['rig']}" if "rig" in REPORT["run"] else "rig", plain),
            ("original observations", "journal.ndjson", plain)):
        check(f"report.pdf: {what}", True, wanted in place)
    values = [judged for one in COUNTED for judged in one["judgements"] if "reading" in judged["observed"]]
    lost = [judged["clause"] for judged in values if judged["clause"] not in results]
    check(f"report.pdf: clauses of {len(values)} values are in the results", [], lost[:5])


VISIBLE = "[...document.querySelectorAll('article.scenario')].filter(a => a.offsetParent !== null).length"

def filters(page):
    """Each filter shows what report.json promises, and says how many."""
    every = len(REPORT["scenarios"])
    bench = {one["number"]: one for one in REPORT["scenarios"]}
    choices = page.tell("""Object.fromEntries([...document.querySelectorAll('.tools select')].map(
        s => [s.id.slice(7), [...s.options].map(o => o.value).filter(Boolean)]))""")
    check("browser: filters", True, {"clauses"} <= set(choices))
    for key, options in choices.items():
        for value in [option for option in options if option != "!"][:4]:
            check(f"browser: {key} = {value} can be chosen", value, page.choose(f"#filter-{key}", value))
            shown = page.tell("[...document.querySelectorAll('article.scenario')].filter("
                              "a => a.offsetParent !== null).map(a => Number(a.id.slice(1)))")
            if key == "verdict":
                wanted = [n for n, one in bench.items() if one["verdict"] == value]
            elif key == "clauses":
                wanted = [n for n, one in bench.items() if value in one["clauses"]]
            else:
                wanted = [n for n in bench if value in page.tell(
                    f"document.querySelector('#s{n}').dataset.{key}").split("|")]
            check(f"browser: {key} = {value}", sorted(wanted), sorted(shown))
            told = page.tell("document.querySelector('#filter-told').textContent")
            promise = "" if len(wanted) == every else f"{len(wanted)} of {every} scenarios shown"
            check(f"browser: {key} = {value} says so", promise, told)
        page.choose(f"#filter-{key}", "")
    check("browser: without a filter everything", every, page.tell(VISIBLE))


def typed(page):
    """The search field by mouse and keyboard; a link that leads to a hidden scenario."""
    word = REPORT["scenarios"][0]["name"].split()[-1].lower()
    page.click("#filter-text")
    page.type(word)
    wanted = page.tell("[...document.querySelectorAll('article.scenario')].filter("
                       f"a => a.textContent.toLowerCase().includes({json.dumps(word)})).length")
    check(f"browser: typed `{word}`", wanted, page.tell(VISIBLE))
    page.type(" there is no such word")
    check("browser: nothing fits", 0, page.tell(VISIBLE))
    number = REPORT["scenarios"][-1]["number"]
    page.tell(f"location.hash = '#s{number}'")
    page.tell("new Promise(r => setTimeout(r, 50))")
    check("browser: a link shows a hidden scenario", True,
          page.tell(f"document.querySelector('#s{number}').offsetParent !== null"))
    page.tell("[...document.querySelectorAll('.tools button')].find("
              "b => b.textContent === 'Show everything').id = 'everything'")
    page.click("#everything")
    check("browser: the button shows everything", len(REPORT["scenarios"]), page.tell(VISIBLE))


def keyboard(page):
    """Filters and scenarios are reached and opened without a mouse."""
    page.tell("document.querySelector('.tools select').focus()")
    seen = []
    for _ in range(14):
        seen.append(page.tell("document.activeElement.tagName"))
        page.key("Tab", 9)
    check("browser: Tab reaches filters, buttons, scenarios", {"SELECT", "INPUT", "BUTTON", "SUMMARY"},
          set(seen) & {"SELECT", "INPUT", "BUTTON", "SUMMARY"})
    page.tell("document.querySelector('article.scenario summary').focus()")
    before = page.tell("document.querySelector('article.scenario details').open")
    page.key("Enter", 13)
    check("browser: Enter opens or closes a scenario", not before,
          page.tell("document.querySelector('article.scenario details').open"))
    tree = page.tree()
    names = {name for role, name in tree if role in ("combobox", "searchbox")}
    check("browser: filters have names for screen readers", True, {"Clause", "Verdict"} & names != set() and "" not in names)
    check("browser: verdict is a heading", True,
          any(role == "heading" and name == REPORT["summary"] for role, name in tree))


def in_browser():
    path = browser.find()
    if not path:
        return left_out("everything in a browser", "no Chromium")
    page = browser.Browser(path)
    try:
        url = (RUN / "report.html").as_uri()
        page.size(1200, 1500)
        page.open(url)
        check("browser: no complaint", [], page.problems())
        if PICTURES:
            page.picture(PICTURES / "desktop.png")
        if len(REPORT["scenarios"]) > 1:
            filters(page)
            typed(page)
            keyboard(page)
        page.size(390, 1500, phone=True)
        page.open(url)
        check("browser: nothing wider than a phone", True,
              page.tell("document.documentElement.scrollWidth <= innerWidth + 1"))
        if PICTURES:
            page.picture(PICTURES / "phone.png")
            page.print(PICTURES / "print.pdf")
            page.size(1200, 1500)
            page.dark(True)
            page.open(url)
            page.picture(PICTURES / "dark.png")
            page.dark(False)
        page.scripts(False)
        page.size(1200, 1500)
        page.open(url)
        if PICTURES:
            page.picture(PICTURES / "without-scripts.png")
        words = " ".join(name for _, name in page.tree() if name)
        check("browser: without scripts the verdict is there", True, REPORT["summary"] in words)
        missing = [one["name"] for one in REPORT["scenarios"] if one["name"] not in words]
        check("browser: without scripts every scenario is there", [], missing)
    finally:
        page.close()


if PICTURES:
    PICTURES.mkdir(parents=True, exist_ok=True)
for part in (junit, machines, measurement_data, page_source, nu_checker, formal, in_browser):
    part()
print(f"{failed} failed")
sys.exit(1 if failed else 0)
