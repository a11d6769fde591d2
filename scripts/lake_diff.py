#!/usr/bin/env python3
"""Tells whether two lakes hold the same: scripts/lake_diff.py LAKE OTHER_LAKE.

Every Delta table of either is compared, row by row, by a reader that is not Spark. Numbers with a
fraction may differ by 1e-9; the root of the lake in a text, and the columns that only say which run
wrote a row and when, by anything. Names tables and columns and counts rows, but prints no value of
one. Exit status: 0 equal, 1 different. Needs deltalake and pyarrow.
"""

import math
import sys
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder

TOLERANCE = 1e-9
RUNS_OWN = {"run_id", "release_id", "config_hash", "ingested_at", "started_at", "finished_at", "published_at"}
RUNS_OWN_OF = {"customers": {"updated_at"}}  # elsewhere updated_at is the shop's


def tables(lake):
    return {log.parent.name for log in lake.glob("*/_delta_log")}


def read(lake, table):
    """Returns the table's columns by name, in order, each as (type, values), but for the run's own."""
    delta = DeltaTable(lake / table)
    # Not to_pyarrow_table: with some table features it reads every value as null and says nothing.
    rows = pa.table(QueryBuilder().register("t", delta).execute("select * from t"))
    ignored = RUNS_OWN | RUNS_OWN_OF.get(table, set())
    columns = {}
    for field in delta.schema().fields:
        if field.name not in ignored:
            column = rows.column(field.name)
            values = [plain(value, column.type, str(lake)) for value in column.to_pylist()]
            columns[field.name] = (str(column.type), values)
    return columns, rows.num_rows


def plain(value, kind, root):
    """Returns the value with maps as sorted pairs, tuples for lists, and no word of where the lake lies."""
    if value is None:
        return None
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return value.replace("file://" + root, "LAKE").replace("file:" + root, "LAKE").replace(root, "LAKE")
    if pa.types.is_map(kind):
        pairs = [(plain(k, kind.key_type, root), plain(v, kind.item_type, root)) for k, v in value]
        return tuple(sorted(pairs, key=lambda pair: repr(pair[0])))
    if pa.types.is_struct(kind):
        return tuple(plain(value[field.name], field.type, root) for field in kind)
    if pa.types.is_nested(kind):
        return tuple(plain(each, kind.value_type, root) for each in value)
    return value


def same(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE) or (math.isnan(a) and math.isnan(b))
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def keys(names, columns, count):
    return [repr([columns[name][1][row] for name in names]) for row in range(count)]


def key(ours, count, theirs, other_count):
    """Returns the columns that tell rows apart, and each row's key. They are as few as do, from the
    left, where our tables have their keys; all where none do. None holds numbers with a fraction."""
    exact = [name for name, (kind, _) in ours.items() if "double" not in kind and "float" not in kind]
    for end in range(1, len(exact) + 1):
        our_keys, their_keys = keys(exact[:end], ours, count), keys(exact[:end], theirs, other_count)
        if len(set(our_keys)) == count and len(set(their_keys)) == other_count:
            return exact[:end], our_keys, their_keys
    return exact, keys(exact, ours, count), keys(exact, theirs, other_count)


def differences(table, lake, other):
    """Returns sentences, none where the table is the same in both lakes, and its number of rows."""
    (ours, count), (theirs, other_count) = read(lake, table), read(other, table)
    apart = sorted(set(ours) ^ set(theirs))
    if apart:
        return [f"{table}.{name} is in one lake only" for name in apart], count
    retyped = [name for name in ours if ours[name][0] != theirs[name][0]]
    if retyped:
        return [f"{table}.{name} has another type in each lake" for name in retyped], count
    names, our_keys, their_keys = key(ours, count, theirs, other_count)
    our_rows, their_rows = keys(ours, ours, count), keys(theirs, theirs, other_count)
    our_order = sorted(range(count), key=lambda row: (our_keys[row], our_rows[row]))
    their_order = sorted(range(other_count), key=lambda row: (their_keys[row], their_rows[row]))
    if [our_keys[row] for row in our_order] != [their_keys[row] for row in their_order]:
        only = len(set(our_keys) - set(their_keys)), len(set(their_keys) - set(our_keys))
        return [
            f"{table} has {count} and {other_count} rows; by {', '.join(names)},"
            f" {only[0]} are only in the first lake and {only[1]} only in the second"
        ], count
    found = []
    for name in ours:
        pairs = zip(our_order, their_order)
        unlike = sum(not same(ours[name][1][row], theirs[name][1][other_row]) for row, other_row in pairs)
        if unlike:
            found.append(f"{table}.{name} differs in {unlike} of {count} rows")
    return found, count


def main(lake, other):
    lake, other = Path(lake).resolve(), Path(other).resolve()
    both = tables(lake) & tables(other)
    found = [f"{table} is in one lake only" for table in sorted(tables(lake) ^ tables(other))]
    if not both:
        found.append("The lakes have no table in common")
    for table in sorted(both):
        unlike, count = differences(table, lake, other)
        print(f"  {table:24} {count:8} rows  {'differ' if unlike else 'equal'}")
        found += unlike
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
