"""The cases of scripts/bench/clusters --sets: HOME WORK DATA CUSTOMERS [NAME ...]."""

import struct
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import xxhash
from ingest import run
from lakes import stage, table, told
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import silhouette_score

KS = range(2, 9)
BAR = 1.005  # what our cost may be of theirs, for each k
TOLERANCE, LEAST_SHARE, LEAST_STABILITY = 0.02, 0.02, 0.6  # of the product's rule for the number of clusters, as in reference.conf
MEASURED, SEED = 5_000, 1  # of how many customers silhouettes are, and the product's seed, by which it draws them
VALUE = (["recency", "orders_lifetime", "spend_lifetime"], "log", True)
PERSON = ["income", "children", "age"]
TRANSFORMS = {
    "none": lambda x: x,
    "log": lambda x: np.sign(x) * np.log1p(np.abs(x)),
    "hellinger": lambda x: np.sign(x) * np.sqrt(np.abs(x)),
}

# By set: the as-of date, and by segmentation its features, their transform, and whether they are standardised, as its
# conf says. Of each the lake has two more: NAME_by_default, and NAME_by_part, whose k was chosen on a part.
CASES = {
    "online_retail": ("2011-08-31", {"value": VALUE}),
    "adventureworks": ("2019-06-30", {"value": VALUE, "person": (PERSON, "none", True), "both": (PERSON + VALUE[0], "log", True)}),
    "demo": (
        "2026-06-30",
        {
            "garden": ([f"category_share_{each}" for each in ("lounging", "decoration", "growing")], "hellinger", False),
            "brand": (["brand_share_premium", "brand_share_budget"], "hellinger", False),
            "value": VALUE,
        },
    ),
}


def main(home, work, data, customers, names):
    unknown = [name for name in names if name not in CASES]
    if unknown:
        sys.exit(f"There is no set {unknown[0]}; there are: {', '.join(CASES)}")
    for name in names or CASES:
        lake, exports = work / name, data
        conf = ["--conf", home / f"scripts/bench/confs/clusters/{name}.conf", "--set", f"lake.root={lake}"]
        if name == "demo":
            exports = work / "exports"
            run([home / "scripts/persegment", "generate", "--customers", customers, "--exports", exports], work)
            conf = ["--conf", home / "conf/garden.conf", *conf]
        elif not (data / name).is_dir():
            print(f"{name} is skipped: there is no {data / name}", file=sys.stderr)
            continue
        as_of, segmentations = CASES[name]
        run([home / "scripts/persegment", "run", *conf, "--set", f"exports={exports}", "--as-of", as_of], work)
        models = standing(lake)
        refused = stage(lake, "segments")["error"]
        for segmentation, settings in segmentations.items():
            if segmentation not in models:
                sys.exit(f"{name} has no clusters {segmentation}: {refused}")
            compare(f"{name} {segmentation}", lake, segmentation, models, *settings)


def compare(case, lake, segmentation, models, features, transform, scaled):
    """Prints what came of each k, and of the k that was chosen."""
    ids, points, clusters = matrix(lake, models[segmentation], features, transform, scaled)
    ours = {each["k"]: each for each in models[segmentation]["evidence"]}
    sample = drawn(ids)
    theirs = {}
    worst = 0
    start = time.monotonic()
    for k in KS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # fewer different customers than clusters
            fit = KMeans(k, n_init=10, random_state=0).fit(points)
        found = np.bincount(fit.labels_, minlength=k)
        theirs[k] = (fit.inertia_, silhouette_score(points[sample], fit.labels_[sample]), found.min() / len(points))
    seconds = round(time.monotonic() - start, 1)
    for k in KS:
        cost, silhouette, share = theirs[k]
        metrics = {"k": k, "theirs_cost": figure(cost), "theirs_silhouette": round(silhouette, 4), "theirs_least_share": round(share, 4)}
        if k in ours:
            ratio = ours[k]["cost"] / cost if cost > 0 else 1.0
            worst = max(worst, ratio)
            metrics |= {"ours_cost": figure(ours[k]["cost"]), "cost_ratio": round(ratio, 5), "ours_silhouette": round(ours[k]["silhouette"], 4), "ours_stability": round(ours[k]["jaccard"], 3)}
        told(bench="clusters", case=case, rows=len(points), metrics=metrics)

    final = models[segmentation]
    require_cost(case, final, points, clusters)
    metrics = {"ours_k": final["k"], "theirs_k": chosen(theirs, theirs), "theirs_k_of_stable": chosen(theirs, steady(theirs, ours)), "worst_cost_ratio": round(worst, 5), "theirs_s": seconds}
    for way in ("default", "part"):
        other = models.get(f"{segmentation}_by_{way}")
        if other:
            metrics |= {f"k_by_{way}": other["k"], f"cost_ratio_by_{way}": round(other["metrics"]["cost"] / theirs[other["k"]][0], 5)}
    bars = {"cost": worst <= BAR and metrics["cost_ratio_by_default"] <= BAR}
    told(bench="clusters", case=f"{case} chosen", rows=len(points), metrics=metrics, bars=bars)


def standing(lake):
    return {row["segmentation"]: row | {"metrics": dict(row["metrics"])} for row in table(lake, "segment_models").to_pylist()}


def matrix(lake, model, features, transform, scaled):
    """Returns the ids of who was clustered, their vectors, made anew, and the clusters that they were put into."""
    members = table(lake, "segment_membership", ["customer_id", "segmentation", "segment_id"]).to_pandas()
    members = members[(members.segmentation == model["segmentation"]) & members.segment_id.isin([each["segment_id"] for each in model["clusters"]])]
    known = members.merge(table(lake, "customer_features", ["customer_id", *features]).to_pandas(), on="customer_id")
    points = TRANSFORMS[transform](known[features].astype(float).to_numpy())
    if scaled:
        deviation = points.std(axis=0)  # of the population
        points = (points - points.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    return known.customer_id.to_numpy(), points, known.segment_id.to_numpy()


def drawn(ids):
    """Returns the places of those of whom the product's silhouette is: by Spark's xxhash64 of id and seed, then id."""
    seed = struct.pack("<q", SEED)
    hashes = [struct.unpack("<q", struct.pack("<Q", xxhash.xxh64_intdigest(seed, xxhash.xxh64_intdigest(each.encode(), 42))))[0] for each in ids]
    return np.lexsort((ids.astype(str), np.array(hashes)))[:MEASURED]


def require_cost(case, model, points, clusters):
    """Ends the bench where the model's account of its cost is not what the members' vectors say."""
    cost = sum(((points[clusters == each] - points[clusters == each].mean(axis=0)) ** 2).sum() for each in np.unique(clusters))
    if model["metrics"]["customers"] != len(points) or abs(cost / model["metrics"]["cost"] - 1) > 1e-3:
        sys.exit(f"{case}: by segment_models {model['metrics']} of its customers, by segment_membership {len(points)} cost {cost}")


def steady(theirs, ours):
    """Returns the numbers that the product's rule would choose from, with our word on what is stable."""
    large = [k for k, (_, _, share) in theirs.items() if share >= LEAST_SHARE]
    stable = [k for k in large if k in ours and ours[k]["jaccard"] >= LEAST_STABILITY]
    return stable or large


def chosen(trials, among):
    """Returns the least k whose silhouette is within the tolerance of the best."""
    best = max(trials[k][1] for k in among)
    return min(k for k in among if trials[k][1] >= best - TOLERANCE * abs(best))


def figure(cost):
    return float(f"{cost:.7g}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve(), int(sys.argv[4]), sys.argv[5:])
