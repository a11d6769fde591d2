"""The cases of scripts/bench/identity --sets: HOME WORK DATA [NAME ...]."""

import csv
import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

FEBRL = ["--record-id", "rec_id", "--cluster", r"regexp_extract(rec_id, 'rec-(\\d+)', 1)"]


def febrl(number):
    return lambda data, work: ["--truth", data / f"febrl/dataset{number}.csv", *FEBRL]


def fake_1000(data, work):
    return ["--truth", data / "fake_1000/fake_1000.csv", "--record-id", "unique_id"]


def senzing(data, work):
    return ["--truth", data / "senzing/actual_truthset_key.csv", "--source", "lower(DATA_SOURCE)", "--record-id", "RECORD_ID", "--cluster", "CLUSTER_ID"]


def aws_users(data, work):
    """A user and the anonymous ids of the three devices are one person."""
    truth = work / "aws_users.csv"
    with gzip.open(data / "aws_users/users.json.gz") as text, truth.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["record_type", "record_id", "cluster"])
        for user in json.load(text):
            out.writerow(["contact", user["id"], user["id"]])
            for device in user["platforms"].values():
                out.writerow(["anonymous_id", device["anonymous_id"], user["id"]])
    return ["--truth", truth, "--record-type", "record_type"]


# By conf: the folder of the set, its labels, and F1 over pairs of Splink 5.0.0 on DuckDB, with the settings of its own
# documentation and the same columns, measured once: at a threshold of .95, and the best of any threshold, which is
# known only to who has the labels.
CASES = {
    "febrl1-base": ("febrl", febrl(1), 0.975, 0.994),
    "febrl1-address": ("febrl", febrl(1), 0.997, 0.999),
    "febrl2-base": ("febrl", febrl(2), 0.974, 0.991),
    "febrl2-address": ("febrl", febrl(2), 0.999, 0.9995),
    "fake_1000": ("fake_1000", fake_1000, 0.835, 0.924),
    "senzing": ("senzing", senzing, 0.554, 0.588),
    "senzing-ids": ("senzing", senzing, None, None),
    "aws_users": ("aws_users", aws_users, None, None),
}
SHARES = ["precision", "precision_95", "recall", "recall_95", "f1", "f1_95", "bcubed_f1", "exact_share"]
COUNTS = ["true_pairs", "found_pairs", "right_pairs", "labels_without_record"]


def main(home, work, data, names):
    unknown = [name for name in names if name not in CASES]
    if unknown:
        sys.exit(f"There is no set {unknown[0]}; there are: {', '.join(CASES)}")
    for name in names or CASES:
        folder, truth, at_95, best = CASES[name]
        if not (data / folder).is_dir():
            print(f"{name} is skipped: there is no {data / folder}", file=sys.stderr)
            continue
        conf = ["--conf", home / f"scripts/bench/confs/identity/{name}.conf", "--set", f"exports={data}", "--set", f"lake.root={work / name}"]
        run(home, work, "ingest", *conf, "--as-of", "2026-06-30")
        told = run(home, work, "identity", *conf, "--as-of", "2026-06-30")
        result = json.loads(run(home, work, "identity", "evaluate", *conf, *truth(data, work), "--json"))
        metrics = {key: rounded(result[key]) for key in SHARES + COUNTS}
        seconds = float(re.search(r"identity\s+done in ([\d.]+) s", told).group(1))
        line = {"bench": "identity", "case": name, "rows": result["labels"], "ours_s": seconds, "metrics": metrics, "splink_at_95_f1": at_95, "splink_best_f1": best}
        print(json.dumps(line), flush=True)


def rounded(value):
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value


def run(home, work, *words):
    done = subprocess.run([str(home / "scripts/persegment"), *map(str, words)], cwd=work, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"persegment {words[0]} failed:\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve(), sys.argv[4:])
