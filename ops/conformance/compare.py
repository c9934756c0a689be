"""Compares the rates of a run of the conformance vectors with those on record: compare.py RATES.json [--update]"""
import json
import pathlib
import sys

RECORD = pathlib.Path(__file__).with_name("passed.tsv")


def record():
    """By area: how many vectors passed, and of how many."""
    lines = RECORD.read_text().splitlines()[1:] if RECORD.exists() else []
    return {area: (int(passed), int(run)) for area, passed, run in (line.split("\t") for line in lines)}


def main():
    report = json.loads(pathlib.Path(sys.argv[1]).read_text())
    now = {area: (rates["c"], rates["run"]) for area, rates in sorted(report["areas"].items()) if "c" in rates}
    before = record()
    for result in report["results"]:
        if not result.get("grades", {"c": True})["c"]:
            print(f"differs: {result['id']}")
    worse = []
    for area, (passed, run) in now.items():
        known = before.get(area, (0, 0))
        if run >= known[1] and passed < known[0]:
            worse.append(area)
        print(f"{area:<20} {passed:>4} of {run:<4}" + (f" WORSE, {known[0]} on record" if area in worse else ""))
    print(f"{'all':<20} {sum(p for p, _ in now.values()):>4} of {sum(r for _, r in now.values()):<4}")
    if worse:
        print("Expected no fewer vectors to pass than on record, but it is so in: " + ", ".join(worse))
        return 1
    if "--update" in sys.argv:
        rates = {**before, **now}
        rows = [f"{area}\t{passed}\t{run}\n" for area, (passed, run) in sorted(rates.items())]
        RECORD.write_text("area\tpassed\tof\n" + "".join(rows))
    return 0


sys.exit(main())
