"""What the benches read of a lake that the product made."""

import json

import pyarrow.compute as pc
from deltalake import DeltaTable


def table(lake, name, columns=None):
    return DeltaTable(str(lake / name)).to_pyarrow_table(columns=columns)


def files(lake, name):
    """Returns the Parquet files that are in force."""
    return DeltaTable(str(lake / name)).file_uris()


def stage(lake, name):
    """Returns the ledger's newest entry of a stage, with its seconds."""
    runs = table(lake, "runs")
    entry = runs.filter(pc.equal(runs["stage"], name)).sort_by([("started_at", "descending")]).slice(0, 1).to_pylist()[0]
    return entry | {"seconds": round((entry["finished_at"] - entry["started_at"]).total_seconds(), 1)}


def told(**line):
    print(json.dumps(line), flush=True)
