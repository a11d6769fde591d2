"""The cases of scripts/bench/lifetime-value: HOME WORK rows:N|alone:N ..."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from ingest import run
from lakes import stage, table, told

FIRST, DAYS = np.datetime64("2024-07-01"), 729  # the last day is the as-of date
AS_OF, NEXT = "2026-06-30", "2026-07-01"
MADE_BY = {"r": 0.6, "alpha": 9.0, "a": 0.8, "b": 2.5, "p": 6.0, "q": 4.0, "v": 30.0}  # weeks and euros
CLOSE = 0.05
PART = 250_000


def main(home, work, cases):
    seconds = {}
    for case in cases:
        way, rows = case.split(":")
        rows = int(rows)
        exports, lake = work / "exports", work / "lake"
        shutil.rmtree(lake, ignore_errors=True)
        orders = make(exports, rows)
        conf = ["--conf", home / "scripts/bench/confs/lifetime-value/shop.conf", "--set", f"exports={exports}", "--set", f"lake.root={lake}"]
        run([home / "scripts/persegment", "consolidate", *conf, "--as-of", AS_OF], work)
        run([home / "scripts/persegment", "features", *conf, "--as-of", AS_OF], work)
        _, peak = run([home / "scripts/persegment", "scores", *conf, "--as-of", AS_OF], work)
        entry = stage(lake, "scores")
        fitted = {name.removeprefix("clv_365d."): value for name, value in entry["metrics"]}
        whole = entry["seconds"]
        run([home / "scripts/persegment", "features", *conf, "--as-of", NEXT], work)
        run([home / "scripts/persegment", "scores", *conf, "--as-of", NEXT], work)
        fit = max(round(whole - stage(lake, "scores")["seconds"], 1), 0.1)
        seconds[rows] = whole
        found = {name: round(fitted[f"{'bg_nbd' if name in 'r alpha a b'.split() else 'gamma_gamma'}.{name}"], 4) for name in MADE_BY}
        metrics = found | {"orders": orders, "scored": table(lake, "customer_scores").num_rows // 2}
        metrics |= {"histories": int(fitted["training.histories"]), "days_a_unit": int(fitted["training.days_a_unit"])}
        metrics |= {"holdout_correlation": round(fitted["correlation"], 4), "holdout_mae": round(fitted["mae"], 4)}
        require(found, MADE_BY, "made by")
        if way == "alone":
            told(bench="lifetime-value", case="alone", rows=rows, ours_s=whole, ours_peak_mb=peak, metrics=metrics | {"fit_s": fit})
        else:
            out, theirs_peak = run([sys.executable, home / "scripts/bench/lifetime_value_lifetimes.py", exports / "orders", work / "theirs.parquet", AS_OF], work)
            theirs = json.loads(out.splitlines()[-1])
            require(found, theirs["found"], "lifetimes")
            metrics |= {"theirs_" + name: round(value, 4) for name, value in theirs["found"].items()} | {"theirs_peak_mb": theirs_peak}
            metrics["scores_correlation"] = round(compared(lake, work / "theirs.parquet"), 5)
            for name, ours_s, theirs_s in (("whole", whole, theirs["whole_s"]), ("fit", fit, theirs["fit_s"])):
                told(bench="lifetime-value", case=name, rows=rows, ours_s=ours_s, theirs_s=theirs_s, ratio=round(ours_s / theirs_s, 3), ours_peak_mb=peak, metrics=metrics | {"times_as_fast": round(theirs_s / ours_s, 1)})
        least = min(seconds)
        if rows > least:
            told(bench="lifetime-value", case=f"growth from {least}", rows=rows, ours_s=whole, metrics={"rows_times": round(rows / least, 2), "seconds_times": round(whole / seconds[least], 2)})


def require(found, other, whose):
    for name, value in other.items():
        if abs(found[name] / value - 1) > CLOSE * (3 if name in "ab" else 1):  # which are known less well
            sys.exit(f"{name} is {found[name]}, and {value} of {whose}")


def compared(lake, theirs):
    """Returns the correlation of our scores with theirs, customer by customer."""
    ours = table(lake, "customer_scores", ["as_of", "customer_id", "score"]).to_pandas()
    ids = table(lake, "identity_map", ["record_type", "record_id", "customer_id"]).to_pandas()
    ids = ids[ids.record_type == "contact"]
    ours = ours[ours.as_of.astype(str) == AS_OF].merge(ids, on="customer_id")
    both = ours.merge(pq.read_table(theirs).to_pandas(), left_on="record_id", right_on="customer")
    return np.corrcoef(both.score, both.clv)[0, 1]


def make(folder, rows):
    """Writes customers and their orders; returns how many orders there are."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "customers").mkdir(parents=True)
    (folder / "orders").mkdir()
    orders = 0
    for first in range(0, rows, PART):
        random = np.random.default_rng(3 + first)
        n = min(PART, rows - first)
        came = random.uniform(0, DAYS, n)
        rate = random.gamma(MADE_BY["r"], 1 / MADE_BY["alpha"], n) / 7
        stop = random.beta(MADE_BY["a"], MADE_BY["b"], n)
        who, at = [np.arange(n)], [came]
        alive, time = np.arange(n), came
        while len(alive):
            time = time + random.exponential(1, len(alive)) / rate[alive]
            kept = time < DAYS
            alive, time = alive[kept], time[kept]
            who.append(alive)
            at.append(time)
            kept = random.random(len(alive)) >= stop[alive]
            alive, time = alive[kept], time[kept]
        who, at = np.concatenate(who), np.concatenate(at)
        money = random.gamma(MADE_BY["p"], 1, len(who)) / random.gamma(MADE_BY["q"], 1 / MADE_BY["v"], n)[who]
        ids = pa.array(np.arange(first, first + n)).cast(pa.string())
        pq.write_table(pa.table({"id": ids}), folder / "customers" / f"{first:09d}.parquet")
        table = {
            "order_id": pa.array(np.arange(len(who)) + orders).cast(pa.string()),
            "customer": ids.take(pa.array(who)),
            "ordered_at": pa.array((FIRST + (at * 86_400_000).astype("timedelta64[ms]")).astype("datetime64[us]"), pa.timestamp("us", "UTC")),
            "net": pa.array(np.round(money, 2)),
        }
        pq.write_table(pa.table(table), folder / "orders" / f"{first:09d}.parquet")
        orders += len(who)
    return orders


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), sys.argv[3:])
