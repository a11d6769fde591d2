"""The usual loop over scikit-learn's K-Means: FILES OUT full|quick; OUT gets its seconds, k, and centres by k, standardised."""

import json
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

files, out, _ = sys.argv[1:]
start = time.monotonic()
columns = [f"n{i:02d}" for i in range(1, 17)]
points = StandardScaler().fit_transform(pq.read_table(json.loads(Path(files).read_text()), columns=columns, partitioning=None).to_pandas().to_numpy())
silhouettes, centres = {}, {}
for k in range(2, 13):
    fit = KMeans(k, n_init=10, random_state=0).fit(points)
    silhouettes[k] = silhouette_score(points, fit.labels_, sample_size=5_000, random_state=0)
    centres[k] = fit.cluster_centers_.tolist()
seconds = time.monotonic() - start
told = {"seconds": round(seconds, 1), "estimated": False, "k": max(silhouettes, key=silhouettes.get), "centres": centres}
Path(out).write_text(json.dumps(told))
