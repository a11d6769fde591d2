"""The cases of scripts/bench/clusters --rows: HOME WORK full|quick ROWS ..."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from clusters import matrix, require_cost, standing
from ingest import run
from lakes import files, stage, told

NUMBERS = [f"n{i:02d}" for i in range(1, 17)]
AS_OF = ["--as-of", "2026-06-30"]
IN_FULL = 250_000  # so many are timed in full even if it is to be quick
FASTER, BAR = {"mllib": 8, "scikit-learn": 1}, 1.005  # how often as fast as the other, and what our cost may be of its


def main(home, work, quick, sizes):
    seconds = {}
    for rows in sizes:
        lake = work / "lake"
        shutil.rmtree(lake, ignore_errors=True)
        make(work / "customers", rows)
        conf = ["--conf", home / "scripts/bench/confs/clusters/rows.conf", "--set", f"exports={work}", "--set", f"lake.root={lake}", *AS_OF]
        run([home / "scripts/persegment", "consolidate", *conf], work)
        run([home / "scripts/persegment", "features", *conf], work)
        _, peak = run([home / "scripts/persegment", "segments", *conf], work)
        seconds[rows] = stage(lake, "segments")["seconds"]
        model = standing(lake)["numbers"]
        _, points, clusters = matrix(lake, model, NUMBERS, "none", True)
        require_cost(f"{rows} rows", model, points, clusters)
        if len(points) != rows:
            sys.exit(f"Of {rows} customers {len(points)} were clustered")
        at = work / "features.json"
        at.write_text(json.dumps(files(lake, "customer_features")))
        for peer, each in (("scikit-learn", "clusters_scikit.py"), ("mllib", "clusters_mllib.py")):
            way = "quick" if quick and rows > IN_FULL else "full"
            run(["bash", "-c", 'exec "$@" 2>>peers.log', peer, sys.executable, home / "scripts/bench" / each, at, work / "peer.json", way], work)
            theirs = json.loads((work / "peer.json").read_text())
            told(**case(peer, rows, seconds[rows], peak, theirs, model, points))
        least = min(seconds)
        if rows > least:
            times = {"rows_times": round(rows / least, 2), "seconds_times": round(seconds[rows] / seconds[least], 2)}
            told(bench="clusters", case=f"growth from {least}", rows=rows, ours_s=seconds[rows], metrics=times)


def case(peer, rows, ours_s, peak, theirs, model, points):
    """Costs are of the same customers, standardised by the deviations of the population, at the k that we chose."""
    ours = {"k": model["k"], "cost": round(model["metrics"]["cost"], 1), "silhouette": round(model["metrics"]["silhouette"], 4)}
    metrics = ours | {"theirs_k": theirs["k"], "estimated": theirs["estimated"]}
    times = theirs["seconds"] / ours_s
    bars = {f"{FASTER[peer]}_times_as_fast": times >= FASTER[peer]}
    if str(model["k"]) in theirs["centres"]:
        cost = near(points, np.array(theirs["centres"][str(model["k"])]))
        metrics |= {"theirs_cost": round(float(cost), 1), "cost_ratio": round(float(model["metrics"]["cost"] / cost), 5)}
        bars["cost"] = bool(metrics["cost_ratio"] <= BAR)
    line = {"bench": "clusters", "case": peer, "rows": rows, "ours_s": ours_s, "theirs_s": theirs["seconds"], "ratio": round(ours_s / theirs["seconds"], 3)}
    return line | {"ours_peak_mb": peak, "metrics": metrics | {"times_as_fast": round(times, 2)}, "bars": bars}


def near(points, centres):
    """Returns the sum of squared distances to the nearest centre."""
    return sum(((part[:, None, :] - centres) ** 2).sum(axis=2).min(axis=1).sum() for part in np.array_split(points, 1 + len(points) // 20_000))


def make(folder, rows):
    """Writes customers of six planted clusters in the first ten numbers; some of them, and the other six, are skewed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    centres = np.random.default_rng(1).normal(0, 4, (6, 10))
    for first in range(0, rows, 250_000):
        random = np.random.default_rng(2 + first)
        n = min(250_000, rows - first)
        values = random.normal(0, 1, (n, 16))
        values[:, :10] += centres[random.choice(6, n, p=[0.3, 0.25, 0.18, 0.12, 0.1, 0.05])]
        values[:, 8:14] += random.exponential(1, (n, 6)) ** 1.5
        values[:, 10:] += random.lognormal(0, 0.6, (n, 6))
        columns = {"id": pa.array(np.arange(first, first + n))} | {name: pa.array(values[:, i]) for i, name in enumerate(NUMBERS)}
        pq.write_table(pa.table(columns), folder / f"customers-{first:09d}.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), sys.argv[3] == "quick", [int(rows) for rows in sys.argv[4:]])
