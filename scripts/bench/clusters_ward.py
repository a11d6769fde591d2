"""The cases of scripts/bench/clusters --ward: HOME WORK DATA CUSTOMERS [NAME ...]."""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from clusters import CASES, figure, matrix, standing
from ingest import run
from lakes import stage, table, told
from scipy.cluster.hierarchy import fcluster, ward
from sklearn.metrics import adjusted_rand_score

FEW, BAR = 2_000, 0.95  # customers of the first cases, and what our clusters' adjusted Rand index beside scipy's is to be
SETS = {"adventureworks": ["value", "person", "both"], "demo": ["garden", "value"]}
WAYS = {"few": "", "few_in_6": ", k = 6, least-share = 0", "all": ", exact = 20000", "small": ", exact = 0"}
EXACT = 20_000  # of so many, where that is asked, we must come to what scipy comes to; by default of 2,000
CONF = """
targets.purchase_30d = null
features.draw {{ from = customers, value = "pmod(xxhash64(customer_id), 1000000000)", meaning = "Chance, of the customer alone" }}
segmentations {{
  {segmentations}
}}
"""


def main(home, work, data, customers, names):
    unknown = [name for name in names if name not in SETS]
    if unknown:
        sys.exit(f"There is no set {unknown[0]}; there are: {', '.join(SETS)}")
    for name in names or SETS:
        lake, exports = work / name, data
        conf = ["--conf", home / f"scripts/bench/confs/clusters/{name}.conf"]
        if name == "demo":
            exports = work / "exports"
            run([home / "scripts/persegment", "generate", "--customers", customers, "--exports", exports], work)
            conf = ["--conf", home / "conf/garden.conf", *conf]
        elif not (data / name).is_dir():
            print(f"{name} is skipped: there is no {data / name}", file=sys.stderr)
            continue
        own = work / f"{name}.conf"
        own.write_text(CONF.format(segmentations=""))
        as_of, settings = CASES[name]
        conf += ["--conf", own, "--set", f"exports={exports}", "--set", f"lake.root={lake}", "--as-of", as_of]
        run([home / "scripts/persegment", "consolidate", *conf], work)
        run([home / "scripts/persegment", "features", *conf], work)
        own.write_text(CONF.format(segmentations="\n  ".join(declared(lake, name, settings))))
        run([home / "scripts/persegment", "segments", *conf], work)
        models, refused = standing(lake), stage(lake, "segments")["error"]
        for segmentation in SETS[name]:
            for way in WAYS:
                if f"{segmentation}_{way}" not in models:
                    sys.exit(f"{name} has no clusters {segmentation}_{way}: {refused}")
                compare(f"{name} {segmentation}", way, lake, models[f"{segmentation}_{way}"], *settings[segmentation])


def declared(lake, name, settings):
    """Returns the segmentations to compare, and takes those of the set's own conf out."""
    lines = [f"{each}{way} = null" for each in settings for way in ("", "_by_default", "_by_part")]
    may = table(lake, "customers", ["customer_id", "profiling_consent"]).to_pandas()
    may = may[may.profiling_consent.isna() | (may.profiling_consent == "granted")]
    for segmentation in SETS[name]:
        features, transform, scaled = settings[segmentation]
        population = "true" if segmentation == "person" else "orders_lifetime > 0"
        columns = sorted({"customer_id", "draw", "orders_lifetime", *features})
        known = table(lake, "customer_features", columns).to_pandas().dropna().merge(may, on="customer_id")
        if population != "true":
            known = known[known.orders_lifetime > 0]
        draw = np.sort(known.draw.to_numpy())[FEW]
        common = f"kind = hierarchical, features = [{', '.join(features)}], transform = {transform}, scale = {'standard' if scaled else 'none'}"
        for way, how in WAYS.items():
            who = f"{population} and draw < {int(draw)}" if way.startswith("few") else population
            lines.append(f'{segmentation}_{way} {{ {common}, population = "{who}"{how} }}')
    return lines


def compare(case, way, lake, model, features, transform, scaled):
    """Prints how far what the product wrote is what scipy's tree is, cut to as many clusters."""
    _, points, clusters = matrix(lake, model, features, transform, scaled)
    clusters, _ = pd.factorize(clusters)
    start = time.monotonic()
    theirs = fcluster(ward(points), model["k"], "maxclust") - 1
    seconds = round(time.monotonic() - start, 1)
    agreed = adjusted_rand_score(theirs, clusters)
    ours_cost, theirs_cost = cost(points, clusters), cost(points, theirs)
    metrics = {"k": model["k"], "adjusted_rand_index": round(agreed, 4), "ours_cost": figure(ours_cost), "theirs_cost": figure(theirs_cost)}
    metrics |= {"cost_ratio": round(ours_cost / theirs_cost, 4) if theirs_cost > 0 else 1.0, "theirs_s": seconds}
    is_exact = way != "small" and len(points) <= EXACT
    told(bench="clusters", case=f"{case} ward {way}", rows=len(points), metrics=metrics, bars={"adjusted_rand_index": bool(agreed >= BAR)} if is_exact else {})


def cost(points, clusters):
    return sum(((points[clusters == each] - points[clusters == each].mean(axis=0)) ** 2).sum() for each in np.unique(clusters))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3]).resolve(), int(sys.argv[4]), sys.argv[5:])
