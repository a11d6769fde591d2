"""The usual loop over MLlib's K-Means: FILES OUT full|quick; OUT gets its seconds, k, and centres by k, standardised by
the deviations of the population. Starting Spark is left out. Quick, three numbers of clusters are fitted once each, and
the whole loop is reckoned from them."""

import json
import sys
import time
from pathlib import Path

import numpy as np
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import ClusteringEvaluator
from pyspark.ml.feature import StandardScaler, VectorAssembler
from pyspark.sql import SparkSession

KS, SEEDS, QUICK = range(2, 13), (1, 2, 3), (2, 7, 12)

files, out, way = sys.argv[1:]
spark = SparkSession.builder.master("local[2]").config("spark.driver.memory", "3g").config("spark.ui.enabled", "false").getOrCreate()
start = time.monotonic()
columns = [f"n{i:02d}" for i in range(1, 17)]
assembled = VectorAssembler(inputCols=columns, outputCol="numbers").transform(spark.read.parquet(*json.loads(Path(files).read_text())))
scaler = StandardScaler(inputCol="numbers", outputCol="features", withMean=True, withStd=True).fit(assembled)
points = scaler.transform(assembled).select("features").cache()
rows = points.count()
KMeans(k=2, seed=0, maxIter=1).fit(points)  # the first fit of all waits for Java's compiler
seconds = time.monotonic() - start
fits, measures, silhouettes, centres = [], [], {}, {}
for k in QUICK if way == "quick" else KS:
    best = None
    for seed in SEEDS[:1] if way == "quick" else SEEDS:
        start = time.monotonic()
        model = KMeans(k=k, seed=seed).fit(points)
        fits.append(time.monotonic() - start)
        if best is None or model.summary.trainingCost < best.summary.trainingCost:
            best = model
    start = time.monotonic()
    silhouettes[k] = ClusteringEvaluator().evaluate(best.transform(points))
    measures.append(time.monotonic() - start)
    # MLlib standardises by the deviation of a sample.
    centres[k] = (np.array(best.clusterCenters()) * np.sqrt(rows / (rows - 1))).tolist()
loop = len(KS) * (len(SEEDS) * np.mean(fits) + np.mean(measures))
told = {"seconds": round(float(seconds + loop), 1), "estimated": way == "quick", "k": max(silhouettes, key=silhouettes.get), "centres": centres}
Path(out).write_text(json.dumps(told))
