"""One case of scripts/bench/ingest: HOME WORK ROWS."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import duckdb

EVENTS_A_CUSTOMER = 39.5  # of generate's; enough customers for the rows asked for
FILES = 200
CONF = """
include "sources/ga4-bigquery.conf"
shop {{ name = "Bench", currency = EUR, country = DK, timezone = "Europe/Copenhagen" }}
lake.root = "{lake}"
sources.ga4-events.path = "{path}"
"""


def main(home, work, rows):
    events = work / f"events-{rows}"
    if not events.exists():
        exports = work / f"exports-{rows}"
        customers = round(rows / EVENTS_A_CUSTOMER)
        run([home / "scripts/persegment", "generate", "--customers", customers, "--exports", exports], work)
        part = work / f"part-{rows}"
        subprocess.run([sys.executable, home / "scripts/daily_events.py", exports / "ga4", part, str(FILES), "count"], check=True, stdout=subprocess.DEVNULL)
        run(["rm", "-rf", exports], work)
        part.rename(events)
    every = str(events / "*.json.gz")

    ours, ours_mb, read = ingest(home, work, f"lake-{rows}", every)
    theirs, theirs_mb, kept = peer(home, work, every)
    line = case("full", read, ours, theirs, ours_mb)
    line["metrics"] = {"rows_a_second": round(read / ours), "theirs_peak_mb": theirs_mb, "rows_differ": read - kept}
    print(json.dumps(line), flush=True)

    run(["rm", "-rf", work / "lake-night"], work)
    last = events / f"events_{FILES - 1:05d}.json.gz"
    aside = work / "last.json.gz"
    last.rename(aside)
    try:
        full, _, _ = ingest(home, work, "lake-night", every)
    finally:
        aside.rename(last)
    night, night_mb, read = ingest(home, work, "lake-night", every)
    line = case("night", read, night, full, night_mb)
    line["metrics"] = {"share_of_full_load": round(night / full, 3)}
    print(json.dumps(line), flush=True)


def case(name, rows, ours, theirs, mb):
    return {"bench": "ingest", "case": name, "rows": rows, "ours_s": ours, "theirs_s": theirs, "ratio": round(ours / theirs, 2), "ours_peak_mb": mb}


def ingest(home, work, lake, path):
    """Returns the stage's seconds, the peak in megabytes and the rows it read."""
    conf = work / "bench.conf"
    conf.write_text(CONF.format(lake=work / lake, path=path))
    if lake != "lake-night":
        run(["rm", "-rf", work / lake], work)
    out, mb = run([home / "scripts/persegment", "ingest", "--conf", conf, "--force", "--as-of", "2026-06-30"], work)
    seconds = float(re.search(r"ingest\s+done in ([\d.]+) s", out).group(1))
    return seconds, mb, books(work / lake)["ga4-events.web_events.read"]


def books(lake):
    """Returns the counts of the newest ingest; every file of the ledger is in force, as nothing is ever taken out of it."""
    files = [str(file) for file in (lake / "runs").rglob("*.parquet")]
    query = f"SELECT rows FROM read_parquet({files}) WHERE stage = 'ingest' ORDER BY started_at DESC LIMIT 1"
    return dict(duckdb.connect().execute(query).fetchone()[0])


def peer(home, work, path):
    start = time.monotonic()
    out, mb = run([sys.executable, home / "scripts/bench/duckdb_events.py", path, work / "duckdb.parquet"], work)
    return round(time.monotonic() - start, 1), mb, int(out.split()[0])


def run(command, work):
    """Returns what it printed and its peak in megabytes, by the system's own account."""
    code = "import resource,subprocess,sys; r=subprocess.run(sys.argv[1:]); print('PEAK', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024); sys.exit(r.returncode)"
    done = subprocess.run([sys.executable, "-c", code, *map(str, command)], cwd=work, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stdout}")
    out, peak = done.stdout.rsplit("PEAK", 1)
    return out, int(peak)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), int(sys.argv[3]))
