"""What sources/ga4-bigquery.conf does to GA4's events, by DuckDB: read, typed, tidied, repeated ones
left out, written as Parquet. PATHS OUT; prints the rows written. Memory is bounded as ours is."""

import sys

import duckdb

COLUMNS = """{
  event_timestamp: 'BIGINT', event_name: 'VARCHAR', event_bundle_sequence_id: 'BIGINT', user_id: 'VARCHAR', user_pseudo_id: 'VARCHAR',
  event_params: 'STRUCT(key VARCHAR, value STRUCT(string_value VARCHAR, int_value BIGINT, float_value DOUBLE, double_value DOUBLE))[]',
  device: 'STRUCT(category VARCHAR, operating_system VARCHAR)', geo: 'STRUCT(country VARCHAR, city VARCHAR)',
  traffic_source: 'STRUCT(name VARCHAR, medium VARCHAR, source VARCHAR)',
  ecommerce: 'STRUCT(transaction_id VARCHAR, purchase_revenue DOUBLE)',
  items: 'STRUCT(item_id VARCHAR, item_name VARCHAR, item_category VARCHAR, item_brand VARCHAR, price DOUBLE, quantity BIGINT)[]'}"""
QUERY = """
WITH raw AS (
  SELECT * FROM read_json('{paths}', format = 'newline_delimited', filename = true, ignore_errors = true, columns = {columns})),
typed AS (
  SELECT 'ga4' AS source, make_timestamp(event_timestamp) AS event_time,
    CASE event_name WHEN 'page_view' THEN 'page_view' WHEN 'view_item' THEN 'product_view'
      WHEN 'view_search_results' THEN 'search' WHEN 'search' THEN 'search' WHEN 'add_to_cart' THEN 'add_to_cart'
      WHEN 'remove_from_cart' THEN 'remove_from_cart' WHEN 'begin_checkout' THEN 'checkout' WHEN 'purchase' THEN 'purchase'
      WHEN 'sign_up' THEN 'signup' ELSE 'other' END AS event_type,
    nullif(trim(user_pseudo_id), '') AS anonymous_id, nullif(trim(user_id), '') AS user_id,
    user_pseudo_id || '.' || list_filter(event_params, lambda p: p.key = 'ga_session_id')[1].value.int_value AS session_id,
    nullif(trim(list_filter(event_params, lambda p: p.key = 'page_location')[1].value.string_value), '') AS page,
    CASE WHEN len(items) = 1 THEN items[1].item_id END AS product_id,
    CASE WHEN len(items) = 1 THEN items[1].item_category END AS category,
    CASE WHEN len(items) = 1 THEN items[1].quantity END AS quantity,
    CAST(coalesce(ecommerce.purchase_revenue, items[1].price * items[1].quantity) AS DECIMAL(18, 4)) AS value,
    traffic_source.name AS campaign, traffic_source.medium AS medium, device.category AS device, geo.country AS country,
    MAP {{'event_bundle_sequence_id': CAST(event_bundle_sequence_id AS VARCHAR)}} AS attributes, filename AS source_file
  FROM raw),
keyed AS (
  SELECT *, hash(event_time, event_type, anonymous_id, user_id, session_id, page, product_id, category, quantity, value,
    campaign, medium, device, country, attributes) AS event_id
  FROM typed WHERE event_time IS NOT NULL)
SELECT * FROM keyed QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY source_file DESC) = 1
"""

paths, out = sys.argv[1:]
db = duckdb.connect()
db.execute(f"SET TimeZone = 'UTC'; SET memory_limit = '3GB'; SET preserve_insertion_order = false; SET temp_directory = '{out}.tmp'")
db.execute(f"COPY ({QUERY.format(paths=paths, columns=COLUMNS)}) TO '{out}' (FORMAT parquet, COMPRESSION snappy)")
print(db.execute(f"SELECT count(*) FROM '{out}'").fetchone()[0])
