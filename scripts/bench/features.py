"""The cases of scripts/bench/features: HOME WORK EVENTS_A_CUSTOMER ROWS ..."""

import json
import shutil
import sys
from pathlib import Path

import duckdb
from ingest import run
from lakes import files, stage, told

AS_OF = "2026-06-30"
READ = ["customers", "identity_map", "orders", "order_lines", "products", "web_events"]
# Chance is a hash of the row and a seed, 0 to 1, so that the same customers come of any number of threads.
TABLES = {
    "products": "SELECT 'P' || i AS product_id, 'Product ' || i AS name, chr(65 + CAST(i % 8 AS INTEGER)) AS category FROM range(2000) t(i)",
    "customers": "SELECT CAST(i AS VARCHAR) AS id FROM range({rows}) t(i)",
    "orders": """
        SELECT i || '-' || n AS order_id, CAST(i AS VARCHAR) AS customer, CAST(net AS DECIMAL(18, 2)) AS net,
          TIMESTAMP '2026-07-05' - to_seconds(CAST(power(chance(i, n, 2), 1.5) * 63e6 AS BIGINT)) AS ordered_at,
          CASE WHEN chance(i, n, 3) < .05 THEN 'pending' ELSE 'paid' END AS status
        FROM range({rows}) t(i), range(5) u(n), LATERAL (SELECT 5 + 200 * power(chance(i, n, 4), 3) AS net)
        WHERE n < floor(6 * power(chance(i, 0, 1), 1.3))""",
    "lines": """
        SELECT order_id, CAST(line AS VARCHAR) AS line_no, 'P' || CAST(floor(2100 * power(chance(i, n, 5 + line), 2)) AS BIGINT) AS product_id,
          CAST(1 + floor(3 * chance(i, n, 7 + line)) AS INTEGER) AS quantity, CAST(2 + 90 * power(chance(i, n, 9 + line), 2) AS DECIMAL(18, 2)) AS net
        FROM (SELECT order_id, CAST(split_part(order_id, '-', 1) AS BIGINT) AS i, CAST(split_part(order_id, '-', 2) AS BIGINT) AS n FROM '{work}/orders/*.parquet'), range(2) u(line)
        WHERE line < 1 + floor(2 * chance(i, n, 11))""",
    "events": """
        SELECT i || '-' || n AS event_id, CAST(i AS VARCHAR) AS customer, TIMESTAMP '2026-07-05' - to_seconds(CAST(power(chance(i, n, 12), 2) * 63e6 AS BIGINT)) AS event_time,
          CASE WHEN type < .5 THEN 'page_view' WHEN type < .85 THEN 'product_view' ELSE 'add_to_cart' END AS event_type,
          'P' || CAST(floor(2000 * chance(i, n, 14)) AS BIGINT) AS product_id, CAST(100 * chance(i, n, 15) AS DECIMAL(18, 2)) AS value
        FROM range({rows}) t(i), range(2 * {events}) u(n), LATERAL (SELECT chance(i, n, 13) AS type)
        WHERE n < floor((2 * {events} + 1) * chance(i, 0, 16))""",
}


def main(home, work, events, sizes):
    for rows in sizes:
        exports, lake = work / "exports", work / "lake"
        shutil.rmtree(lake, ignore_errors=True)
        shutil.rmtree(exports, ignore_errors=True)
        make(exports, rows, events)
        conf = ["--conf", home / "scripts/bench/confs/features/shop.conf", "--set", f"exports={exports}", "--set", f"lake.root={lake}", "--as-of", AS_OF]
        run([home / "scripts/persegment", "consolidate", *conf], work)
        shutil.rmtree(exports)
        _, peak = run([home / "scripts/persegment", "features", *conf], work)
        ours = stage(lake, "features")["seconds"]
        read = {table: files(lake, table) for table in READ}
        (work / "files.json").write_text(json.dumps(read))
        out, theirs_peak = run([sys.executable, home / "scripts/bench/duckdb_features.py", work / "files.json", work / "duckdb.parquet", AS_OF], work)
        theirs = json.loads(out)
        columns = compared(files(lake, "customer_features"), work / "duckdb.parquet", rows)
        line = {"bench": "features", "case": f"{events} events a customer", "rows": rows, "ours_s": ours, "theirs_s": theirs["seconds"], "ratio": round(ours / theirs["seconds"], 2)}
        counts = {table: duckdb.execute(f"SELECT count(*) FROM read_parquet({read[table]})").fetchone()[0] for table in ("orders", "order_lines", "web_events")}
        told(**line, ours_peak_mb=peak, metrics=counts | {"columns_equal": columns, "theirs_peak_mb": theirs_peak})


def make(exports, rows, events):
    db = duckdb.connect()
    db.execute("SET threads = 2; SET memory_limit = '3GB'; SET preserve_insertion_order = false")
    db.execute(f"SET temp_directory = '{exports}.tmp'")
    db.execute("CREATE MACRO chance(i, n, seed) AS (hash(i, n, seed) >> 11) / 9007199254740992.0")
    for name, query in TABLES.items():
        (exports / name).mkdir(parents=True)
        db.execute(f"COPY ({query.format(rows=rows, events=events, work=exports)}) TO '{exports}/{name}/{name}.parquet' (FORMAT parquet)")


def compared(ours, theirs, rows):
    """Returns how many columns there are, all of which are equal for every customer; ends the bench where one is not."""
    db = duckdb.connect()
    db.execute(f"CREATE VIEW ours AS SELECT * FROM read_parquet({ours}, hive_partitioning = false)")
    db.execute(f"CREATE VIEW theirs AS SELECT * FROM '{theirs}'")
    kinds = {name: kind for name, kind, *_ in db.execute("DESCRIBE theirs").fetchall() if name != "customer_id"}
    wrong = []
    for name in kinds:
        a, b = f"CAST(ours.{name} AS DOUBLE)", f"CAST(theirs.{name} AS DOUBLE)"
        wrong.append(f"count(*) FILTER (({a} IS NULL) <> ({b} IS NULL) OR abs({a} - {b}) > 1e-9 * greatest(1, abs({b})))")
    both, *differ = db.execute(f"SELECT count(*), {', '.join(wrong)} FROM ours JOIN theirs USING (customer_id)").fetchone()
    told_of = {name: count for name, count in zip(kinds, differ) if count}
    if both != rows or told_of:
        sys.exit(f"Of {rows} customers {both} are in both; values that differ, by column: {told_of}")
    return len(kinds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), int(sys.argv[3]), [int(rows) for rows in sys.argv[4:]])
