"""What confs/features/shop.conf declares, by DuckDB: whose an order or event is by identity_map, each table added up in
one scan, all joined to the customers and written as Parquet. FILES OUT AS_OF; prints its seconds. Memory and threads
are bounded as ours are."""

import json
import sys
import time
from pathlib import Path

import duckdb

WINDOWS = {"30d": 30, "90d": 90, "365d": 365, "lifetime": None}


def over(aggregate, name, where="true", windows=WINDOWS):
    columns = []
    for suffix, days in windows.items():
        condition = f"{where} AND time >= cut - INTERVAL {days} DAY" if days else where
        value = f"{aggregate} FILTER (WHERE {condition})"
        columns.append(f"{value} AS {name}_{suffix}" if len(windows) > 1 else f"{value} AS {name}")
    return columns


def shares():
    columns = []
    for suffix in ("365d", "lifetime"):
        within = "time >= cut - INTERVAL 365 DAY" if suffix == "365d" else "true"
        total = f"nullif(sum(net) FILTER (WHERE {within}), 0)"
        for category in "ABCDEF":
            part = f"coalesce(sum(net) FILTER (WHERE {within} AND category = '{category}'), 0)"
            columns.append(f"CASE WHEN {total} IS NOT NULL THEN CAST({part} AS DOUBLE) / CAST({total} AS DOUBLE) END AS category_share_{suffix}_{category.lower()}")
    return columns


def days_since(aggregate, name):
    return [f"CAST(floor((epoch(any_value(cut)) - floor(epoch({aggregate}))) / 86400) AS BIGINT) AS {name}"]


LIFETIME = {"lifetime": None}
AGGREGATES = {
    "bought": [*days_since("max(time)", "recency"), *days_since("min(time)", "tenure"), *over("count(*)", "orders"), *over("sum(net)", "spend")],
    "pieces": [*over("sum(quantity)", "items"), *over("count(DISTINCT product_id)", "products", windows=LIFETIME), *shares()],
    "seen": [
        *over("count(*)", "product_views", "event_type = 'product_view'"),
        *over("count(*)", "carts", "event_type = 'add_to_cart'"),
        *over("sum(value)", "seen"),
        *days_since("max(time)", "visit_recency"),
    ],
}
# What stands where nothing is known: nothing for days and shares, 0 for the rest.
EMPTY = ("recency", "tenure", "visit_recency", "category_share")
QUERY = """
WITH purchases AS (
  SELECT m.customer_id, o.source, o.order_id, o.ordered_at AS time, TIMESTAMPTZ '{cut}' AS cut, o.net
  FROM read_parquet({orders}) o JOIN read_parquet({identity_map}) m
    ON m.source = o.source AND m.record_type = 'contact' AND m.record_id = o.contact_record_id
  WHERE o.status = 'paid' AND o.ordered_at < TIMESTAMPTZ '{cut}'),
bought AS (SELECT customer_id, {bought_columns} FROM purchases GROUP BY customer_id),
pieces AS (
  SELECT customer_id, {pieces_columns}
  FROM (
    SELECT p.customer_id, p.time, p.cut, l.net, l.quantity, l.product_id, c.category
    FROM read_parquet({order_lines}) l JOIN purchases p USING (source, order_id)
    LEFT JOIN read_parquet({products}) c ON c.product_id = l.product_id
    WHERE l.product_id IS NOT NULL)
  GROUP BY customer_id),
seen AS (
  SELECT customer_id, {seen_columns}
  FROM (
    SELECT m.customer_id, e.event_time AS time, TIMESTAMPTZ '{cut}' AS cut, e.event_type, e.value
    FROM read_parquet({web_events}) e JOIN read_parquet({identity_map}) m
      ON m.source = e.source AND m.record_type = 'login' AND m.record_id = e.user_id
    WHERE e.event_time < TIMESTAMPTZ '{cut}' AND NOT coalesce(e.bot, false))
  GROUP BY customer_id)
SELECT customer_id, {columns}
FROM read_parquet({customers}) LEFT JOIN bought USING (customer_id) LEFT JOIN pieces USING (customer_id) LEFT JOIN seen USING (customer_id)
"""

files, out, as_of = sys.argv[1:]
start = time.monotonic()
db = duckdb.connect()
db.execute(f"SET TimeZone = 'UTC'; SET threads = 2; SET memory_limit = '3GB'; SET preserve_insertion_order = false; SET temp_directory = '{out}.tmp'")
names = [column.rsplit(" AS ", 1)[1] for columns in AGGREGATES.values() for column in columns]
columns = [name if name.startswith(EMPTY) else f"coalesce({name}, 0) AS {name}" for name in names]
cut = db.execute("SELECT CAST(CAST(? AS DATE) + 1 AS VARCHAR)", [as_of]).fetchone()[0]
parts = {f"{name}_columns": ", ".join(each) for name, each in AGGREGATES.items()}
query = QUERY.format(cut=cut, columns=", ".join(columns), **parts, **json.loads(Path(files).read_text()))
db.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet, COMPRESSION snappy)")
print(json.dumps({"seconds": round(time.monotonic() - start, 1)}))
