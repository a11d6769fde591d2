"""XGBoost on many customers of 30 numbers, beside the xgboost package with hist and the same rounds."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xgboost
from deltalake import DeltaTable, write_deltalake
from lakes import stage, table, told
from sklearn.metrics import roc_auc_score

NUMBERS = 30
TREES = 100
DEPTH = 6
RATE = 0.1
LABELLED = 0.9
AS_OF = "2026-06-30"


def made(rows):
    """Numbers with some interactions, a chance made of them, a label, and who is not labelled."""
    random = np.random.default_rng(1)
    x = random.normal(size=(rows, NUMBERS)).round(4)
    logit = x[:, 0] + 0.8 * x[:, 1] * x[:, 2] - 0.5 * np.abs(x[:, 3]) + 0.6 * (x[:, 4] > 0.5) * x[:, 5] - 1
    label = random.random(rows) < 1 / (1 + np.exp(-logit))
    return x, label, random.random(rows) < LABELLED


def main():
    home, work = (Path(each).resolve() for each in sys.argv[1:3])
    rows = int(sys.argv[4]) if len(sys.argv) > 4 else 500_000
    x, label, labelled = made(rows)
    names = [f"n{i:02d}" for i in range(NUMBERS)]
    columns = {"id": pa.array([f"c{i:07d}" for i in range(rows)])} | {n: x[:, i] for i, n in enumerate(names)}
    columns["answer"] = pa.array(np.where(labelled, label.astype(float), np.nan), from_pandas=True)
    pq.write_table(pa.table(columns), work / "people.parquet")
    conf = work / "shop.conf"
    conf.write_text(
        f"""shop {{ name = "Numbers", currency = EUR, country = DK, timezone = UTC }}
lake.root = "{work}/lake"
spark {{ "spark.driver.memory" = 3g }}
sources.people {{
  read {{ format = parquet, path = "{work}/people.parquet" }}
  contacts {{ record_id = id, loyalty_id = id, updated_at = "timestamp'2026-01-01'" }}
}}
identity.blocking = []
segmentations {{ lifecycle = null, discount = null }}
features {{
"""
        + "".join(f'  {n} {{ from = customers, value = "cast(attributes[\'{n}\'] as double)", lasting = true, meaning = "{n}" }}\n' for n in [*names, "answer"])
        + f"""}}
targets {{
  purchase_30d = null
  answers {{
    kind = label, label = "answer = 1", population = "true", features = ["n*"], baselines = [n00]
    algorithms = xgboost, depths = [{DEPTH}], most-trees = {TREES}, learning-rate = {RATE}
  }}
}}
"""
    )
    for command in ("consolidate", "features", "scores"):
        subprocess.run([home / "scripts/persegment", command, "--conf", conf, "--as-of", AS_OF], cwd=work, check=True, stdout=subprocess.DEVNULL)
    lake = work / "lake"
    entry = stage(lake, "scores")
    owners = table(lake, "identity_map").to_pandas().query("record_type == 'contact'").set_index("customer_id")["record_id"]
    ours = table(lake, "customer_scores").to_pandas()
    at = ours["customer_id"].map(owners).str[1:].astype(int).to_numpy()
    unknown = ~labelled[at]

    started = time.time()
    features = DeltaTable(str(lake / "customer_features")).to_pyarrow_table(columns=["customer_id", *names, "answer"])
    numbers = np.column_stack([features[n].to_numpy() for n in names])
    answers = features["answer"].to_numpy(zero_copy_only=False).astype(float)
    known = ~np.isnan(answers)
    model = xgboost.XGBClassifier(
        n_estimators=TREES, max_depth=DEPTH, learning_rate=RATE, tree_method="hist", subsample=0.8,
        colsample_bytree=0.8, min_child_weight=5, n_jobs=2, random_state=1,
    ).fit(numbers[known], answers[known])
    score = model.predict_proba(numbers)[:, 1]
    write_deltalake(str(work / "theirs"), pa.table({"customer_id": features["customer_id"], "score": score}))
    theirs_s = round(time.time() - started, 1)
    place = features["customer_id"].to_pandas().map(owners).str[1:].astype(int).to_numpy()

    told(
        bench="propensity", case="xgboost", rows=rows, ours_s=entry["seconds"], theirs_s=theirs_s,
        ratio=round(entry["seconds"] / theirs_s, 2),
        metrics={
            "auc_ours": round(roc_auc_score(label[at][unknown], ours["score"][unknown]), 4),
            "auc_theirs": round(roc_auc_score(label[place][~known], score[~known]), 4),
        },
    )


if __name__ == "__main__":
    main()
