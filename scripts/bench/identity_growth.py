"""The cases of scripts/bench/identity --rows: HOME WORK PEERS ROWS ..."""

import json
import re
import shutil
import sys
from pathlib import Path

import duckdb
from ingest import run

NIGHT = 0.01  # share of the records that come a night later
AS_OF = "2026-06-30"
OF_NIGHT = "2026-07-01"  # a date that is done again links all anew
QUIETLY = ["bash", "-c", 'exec "$@" 2>splink.log', "splink"]  # it tells all that it does


def main(home, work, peers, sizes):
    for rows in sizes:
        run([sys.executable, peers / "persons.py", work / "all.parquet", rows], work)
        theirs = json.loads(run([*QUIETLY, sys.executable, peers / "splink_persons.py", work / "all.parquet"], work)[0].splitlines()[-1])
        shutil.rmtree(work / "lake", ignore_errors=True)
        shutil.rmtree(work / "persons", ignore_errors=True)
        export(work, "true", "all.parquet")
        ours = link(home, work)
        line = case("full", rows, ours, theirs["total_s"], evaluated(home, work))
        line["metrics"] |= {"theirs_pairs": theirs["candidates"], "theirs_peak_mb": theirs["peak_rss_mb"], "theirs_f1": theirs["splink95"][2]}
        print(json.dumps(line), flush=True)

    earlier = int(rows * (1 - NIGHT))
    shutil.rmtree(work / "lake")
    export(work, f"unique_id < {earlier}", "all.parquet")
    link(home, work)
    export(work, f"unique_id >= {earlier}", "night.parquet")
    print(json.dumps(case("night", rows - earlier, link(home, work, OF_NIGHT), ours["identity_s"], evaluated(home, work))), flush=True)


def case(name, rows, ours, theirs_s, quality):
    line = {"bench": "identity", "case": name, "rows": rows, "ours_s": ours["identity_s"], "theirs_s": theirs_s, "ratio": round(ours["identity_s"] / theirs_s, 2)}
    return line | {"ours_peak_mb": ours["peak_mb"], "metrics": {key: ours[key] for key in ("ingest_s", "pairs", "pairs_a_second")} | quality}


def export(work, condition, name):
    (work / "persons").mkdir(exist_ok=True)
    duckdb.execute(f"COPY (SELECT * FROM '{work}/all.parquet' WHERE {condition}) TO '{work}/persons/{name}' (FORMAT parquet)")


def link(home, work, as_of=AS_OF):
    """Takes in what is there; seconds are the stages' own account, pairs the ledger's."""
    told, _ = run([home / "scripts/persegment", "ingest", *settings(home, work), "--as-of", as_of, "--force"], work)
    ingest_s = seconds(told, "ingest")
    told, peak = run([home / "scripts/persegment", "identity", *settings(home, work), "--as-of", as_of, "--force"], work)
    identity_s = seconds(told, "identity")
    files = [str(file) for file in (work / "lake/runs").rglob("*.parquet")]
    query = f"SELECT rows FROM read_parquet({files}) WHERE stage = 'identity' ORDER BY started_at DESC LIMIT 1"
    pairs = dict(duckdb.execute(query).fetchone()[0])["pairs_compared"]
    return {"ingest_s": ingest_s, "identity_s": identity_s, "pairs": pairs, "pairs_a_second": round(pairs / identity_s), "peak_mb": peak}


def evaluated(home, work):
    duckdb.execute(f"COPY (SELECT unique_id AS record_id, person_id AS cluster FROM '{work}/all.parquet') TO '{work}/truth.csv' (HEADER)")
    told, _ = run([home / "scripts/persegment", "identity", "evaluate", *settings(home, work), "--truth", work / "truth.csv", "--json"], work)
    result = json.loads(told)
    return {key: round(result[key], 4) if isinstance(result[key], float) else result[key] for key in ("precision", "recall", "f1")}


def settings(home, work):
    conf = home / "scripts/bench/confs/identity/persons.conf"
    return ["--conf", conf, "--set", f"exports={work}", "--set", f"lake.root={work / 'lake'}"]


def seconds(told, stage):
    return float(re.search(rf"{stage}\s+done in ([\d.]+) s", told).group(1))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve(), [int(rows) for rows in sys.argv[4:]])
