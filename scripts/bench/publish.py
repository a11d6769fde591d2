"""The cases of scripts/bench/publish: HOME WORK ROWS ..."""

import json
import shutil
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder
from ingest import run
from lakes import files, stage, told

AS_OF, NEXT = "2026-06-29", "2026-06-30"
EACH = 100  # of so many customers one changes
BAR = 1.3
PEOPLE = """
    COPY (SELECT CAST(i AS VARCHAR) AS id, 'p' || i || '@example.com' AS email, '{name}' || i % 977 AS first_name,
        CASE WHEN i % 3 = 0 THEN 'DE' ELSE 'AT' END AS country, CAST((i * 7919) % 100 AS VARCHAR) AS points,
        CAST((i * 104729) % 17 AS VARCHAR) AS seen, CASE WHEN i % 10 = 9 THEN 'withdrawn' ELSE 'granted' END AS status,
        TIMESTAMP '2026-01-01' AS created_at, TIMESTAMP '{updated}' AS updated_at
      FROM range({rows}) t(i) WHERE i % {each} = 0) TO '{path}' (FORMAT parquet)"""
OVERWRITE = """
import sys, time, json
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[*]").config("spark.driver.memory", "3g").config("spark.ui.enabled", "false").getOrCreate()
rows = spark.read.parquet(*json.loads(open(sys.argv[1]).read()))
rows.limit(1000).write.mode("overwrite").parquet(sys.argv[2])  # the first write of all waits for Java's compiler
start = time.monotonic()
rows.write.mode("overwrite").parquet(sys.argv[2])
print(time.monotonic() - start)
"""


def main(home, work, sizes):
    seconds = {}
    for rows in sizes:
        exports, lake = work / "exports", work / "lake"
        for each in (exports, lake):
            shutil.rmtree(each, ignore_errors=True)
        people(exports, "people", "Ann", "2026-01-01", rows, 1)
        night(home, work, AS_OF)
        export(home, work)
        first, version = stage(lake, "publish"), DeltaTable(str(lake / "audience")).version()
        people(exports, "people-2", "Bea", "2026-06-30", rows, EACH)
        peak = night(home, work, NEXT)
        last = stage(lake, "publish")
        exported = export(home, work)
        merged = merge_seconds(lake, version)
        (work / "files.json").write_text(json.dumps(files(lake, "audience")))
        out, _ = run([sys.executable, "-c", OVERWRITE, work / "files.json", work / "whole.parquet"], work)
        whole = last["seconds"] - merged + float(out.strip().splitlines()[-1])
        seconds[rows] = last["seconds"]
        counts = agreed(lake, version, rows) | {"exported": exported}
        if exported != counts["changed"]:
            sys.exit(f"{exported} of {counts['changed']} who changed are in the files for a tool")
        line = {"bench": "publish", "case": f"1 in {EACH} changed", "rows": rows, "ours_s": last["seconds"], "theirs_s": round(whole, 1), "ratio": round(last["seconds"] / whole, 2)}
        told(**line, ours_peak_mb=peak, metrics=counts | {"merge_s": merged, "first_s": first["seconds"]}, bars={f"{BAR}_times": last["seconds"] <= BAR * whole})
    least = min(seconds)
    for rows in seconds:
        if rows > least:
            told(bench="publish", case=f"growth from {least}", rows=rows, ours_s=seconds[rows], metrics={"rows_times": round(rows / least, 2), "seconds_times": round(seconds[rows] / seconds[least], 2)})


def night(home, work, as_of):
    """Runs all up to a release; returns the peak of the publish in megabytes."""
    run([home / "scripts/persegment", "consolidate", *conf(home, work), "--as-of", as_of], work)
    for each in ("features", "segments", "audit"):
        run([home / "scripts/persegment", each, *conf(home, work), "--as-of", as_of], work)
    return run([home / "scripts/persegment", "publish", *conf(home, work), "--as-of", as_of], work)[1]


def export(home, work):
    """Returns how many people an e-mail tool is told of since it was told last."""
    shutil.rmtree(work / "out", ignore_errors=True)
    run([home / "scripts/persegment", "export", "klaviyo", *conf(home, work), "--to", work / "out"], work)
    return json.loads(next((work / "out").rglob("manifest.json")).read_text())["rows"]["upsert"]


def conf(home, work):
    return ["--conf", home / "scripts/bench/confs/publish/shop.conf", "--set", f"exports={work / 'exports'}", "--set", f"lake.root={work / 'lake'}"]


def people(exports, name, first_name, updated, rows, each):
    (exports / "people").mkdir(parents=True, exist_ok=True)
    duckdb.execute(PEOPLE.format(name=first_name, updated=updated, rows=rows, each=each, path=exports / "people" / f"{name}.parquet"))


def merge_seconds(lake, after):
    """Returns the seconds of all merges into the audience since a version, by Delta's own account."""
    history = DeltaTable(str(lake / "audience")).history()
    return sum(int(each["operationMetrics"].get("executionTimeMs", 0)) for each in history if each["version"] > after and each["operation"] == "MERGE") / 1000


def agreed(lake, before, rows):
    """Returns how many customers there are and changed; ends the bench where readers differ or more than that changed."""
    table = DeltaTable(str(lake / "audience"))
    columns = "customer_id, email, first_name, row_hash, release_id"
    delta = pa.table(QueryBuilder().register("t", table).execute(f"SELECT {columns} FROM t").read_all())
    arrow = table.to_pyarrow_table(columns=columns.split(", "))
    differ = asked("SELECT count(*) FROM ((SELECT * FROM delta EXCEPT SELECT * FROM arrow) UNION ALL (SELECT * FROM arrow EXCEPT SELECT * FROM delta))", delta=delta, arrow=arrow)[0][0]
    feed = pa.table(table.load_cdf(starting_version=before + 1, columns=["customer_id", "_change_type"]).read_all())
    feed = dict(asked("SELECT _change_type, count(*) FROM feed GROUP BY ALL", feed=feed))
    changes = QueryBuilder().register("t", DeltaTable(str(lake / "audience_changes"))).execute("SELECT change, release_id FROM t").read_all()
    told_changes = dict(asked("SELECT change, count(*) FROM changes WHERE release_id = 'r000002' GROUP BY ALL", changes=pa.table(changes)))
    readers = len(arrow)
    changed = sum(1 for i in range(0, rows, EACH) if i % 10 != 9)
    wanted = rows - rows // 10
    if readers != wanted or differ or feed != {"update_preimage": changed, "update_postimage": changed} or told_changes != {"changed": changed}:
        sys.exit(f"Readers have {readers} of {wanted} rows, of which {differ} differ; of {changed} changes the feed has {feed} and audience_changes {told_changes}")
    return {"audience": readers, "changed": changed}


def asked(query, **tables):
    """Returns what DuckDB finds."""
    db = duckdb.connect()
    for name, rows in tables.items():
        db.register(name, rows)
    return db.execute(query).fetchall()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), [int(rows) for rows in sys.argv[3:]])
