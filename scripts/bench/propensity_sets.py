"""Scores of real and made-up shops, beside scikit-learn trained on the same cuts: who buys within 30 days."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
from lakes import stage, table, told
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

HORIZON = 30
BINS = 10


def measured(label, score):
    order = np.argsort(score, kind="stable")
    bins = np.array_split(order, BINS)
    error = sum(abs(score[b].sum() - label[b].sum()) for b in bins) / len(label)
    return {
        "auc": round(roc_auc_score(label, score), 4),
        "average_precision": round(average_precision_score(label, score), 4),
        "brier": round(brier_score_loss(label, score), 4),
        "calibration_error": round(float(error), 4),
    }


def product(home, work, conf, as_of, *more):
    for command in (["consolidate"], ["features"], ["scores"]):
        subprocess.run(
            [home / "scripts/persegment", *command, "--conf", conf, "--as-of", str(as_of), *more],
            cwd=work, check=True, stdout=subprocess.DEVNULL,
        )


def plain(connection, cut):
    """Returns 12 plain features of everybody who had bought by the end of `cut`, and whether they bought in the horizon."""
    return connection.execute(
        """
        with had as (select *, date_diff('day', day, $cut::date) as ago from orders where day <= $cut),
        features as (
          select customer, min(ago) as recency, max(ago) as tenure, count(*) as orders,
            count(*) filter (ago < 30) as orders_30d, count(*) filter (ago < 90) as orders_90d,
            sum(net) as spend, coalesce(sum(net) filter (ago < 30), 0) as spend_30d,
            coalesce(sum(net) filter (ago < 90), 0) as spend_90d, avg(net) as mean_order, max(net) as largest,
            count(distinct day) as days, (max(ago) - min(ago)) / greatest(count(*) - 1, 1) as gap
          from had group by customer)
        select f.*, exists(select 1 from orders o where o.customer = f.customer and o.day > $cut
          and o.day <= $cut::date + $horizon::int) as label
        from features f order by customer""",
        {"cut": cut, "horizon": HORIZON},
    ).fetchnumpy()


def matrix(columns):
    names = [name for name in columns if name not in ("customer", "label")]
    return np.column_stack([np.asarray(columns[name], dtype=float) for name in names])


def peers(connection, cuts, as_of):
    train = [plain(connection, cut) for cut in cuts]
    x, y = np.vstack([matrix(each) for each in train]), np.concatenate([each["label"] for each in train])
    test = plain(connection, as_of)
    signed = FunctionTransformer(lambda v: np.sign(v) * np.log1p(np.abs(v)))
    models = {
        "logistic": make_pipeline(signed, StandardScaler(), LogisticRegression(max_iter=1000)),
        "boosting": HistGradientBoostingClassifier(random_state=1),
    }
    return {
        name: measured(test["label"].astype(int), model.fit(x, y).predict_proba(matrix(test))[:, 1])
        for name, model in models.items()
    } | {"customers": len(test["label"]), "bought": int(test["label"].sum())}


def online_retail(home, work, data):
    as_of = date(2011, 7, 31)
    conf = work / "shop.conf"
    conf.write_text(
        f'include file("{home}/scripts/bench/confs/propensity/online_retail.conf")\n'
        f'exports = "{data}"\nlake.root = "{work}/lake"\nspark {{ "spark.sql.shuffle.partitions" = 4 }}\n'
    )
    product(home, work, conf, as_of)
    connection = duckdb.connect()
    connection.execute(
        f"""create table orders as
        select cast(split_part(CustomerID, '.', 1) as varchar) as customer, min(InvoiceDate)::date as day,
          sum(Quantity * UnitPrice) as net
        from read_csv('{data}/online_retail/by-day/*.csv.gz', types = {{'CustomerID': 'VARCHAR', 'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR'}})
        where CustomerID is not null and not regexp_matches(InvoiceNo, '^[CA]') group by 1, InvoiceNo"""
    )
    scores, contacts = table(work / "lake", "customer_scores"), table(work / "lake", "identity_map")
    judged = connection.execute(
        """
        select s.score, exists(select 1 from orders o where o.customer = m.record_id and o.day > $cut
          and o.day <= $cut::date + $horizon::int) as label
        from scores s join contacts m using (customer_id)
        where m.record_type = 'contact' and s.target = 'purchase_30d' and s.as_of = $cut order by customer_id""",
        {"cut": as_of, "horizon": HORIZON},
    ).fetchnumpy()
    cuts = [as_of - timedelta(days=HORIZON) - timedelta(days=28 * i) for i in range(5)]
    model = table(work / "lake", "score_models").to_pylist()[-1]
    told(
        bench="propensity", case="online_retail", rows=len(judged["label"]), ours_s=stage(work / "lake", "scores")["seconds"],
        metrics={
            "ours": measured(judged["label"].astype(int), judged["score"]),
            "algorithm": model["algorithm"],
            "scikit_learn": peers(connection, cuts, as_of),
        },
    )


def demo(home, work, data, customers=5000):
    """The made-up shop knows what chance each person had, and who bought in the 30 days after the last."""
    subprocess.run([home / "scripts/persegment", "generate", "--customers", str(customers), "--exports", work / "exports"], cwd=work, check=True, stdout=subprocess.DEVNULL)
    as_of = date(2026, 6, 30)
    product(home, work, home / "conf/garden.conf", as_of, "--set", f"exports={work}/exports", "--set", f"lake.root={work}/lake")
    scores, owners = table(work / "lake", "customer_scores"), table(work / "lake", "identity_map")
    judged = duckdb.connect().execute(
        f"""
        with person as (
          select o.customer_id, mode(r.person_id) as person_id
          from owners o join read_csv('{work}/exports/truth/records.csv', all_varchar = true) r
            on o.record_id = r.record_id and o.record_type = r.record_type
          group by 1)
        -- A person whose records are several customers buys where any of them does.
        select 1 - exp(sum(ln(1 - s.score))) as score, any_value(t.probability) as probability, any_value(t.purchased) as label
        from scores s join person using (customer_id)
        join read_csv('{work}/exports/truth/purchase_30d.csv') t on t.person_id = person.person_id and t.as_of = s.as_of
        where s.target = 'purchase_30d' and s.as_of = $cut group by t.person_id order by t.person_id""",
        {"cut": as_of},
    ).fetchnumpy()
    label = judged["label"].astype(int)
    logit = np.log(judged["score"] / (1 - judged["score"]))
    line = LogisticRegression(C=1e9).fit(logit.reshape(-1, 1), label)
    told(
        bench="propensity", case="demo", rows=len(label), ours_s=stage(work / "lake", "scores")["seconds"],
        metrics={
            "ours": measured(label, judged["score"]), "truth": measured(label, judged["probability"].astype(float)),
            "calibration_slope": round(float(line.coef_[0][0]), 3),
            "mean_error": round(float(np.abs(judged["score"] - judged["probability"]).mean()), 4),
            "algorithm": table(work / "lake", "score_models").to_pylist()[-1]["algorithm"],
        },
    )


SETS = {"online_retail": online_retail, "demo": demo}


def main():
    home, work, data = (Path(each).resolve() for each in sys.argv[1:4])
    for name in sys.argv[4:] or SETS:
        folder = work / name
        folder.mkdir()
        SETS[name](home, folder, data)


if __name__ == "__main__":
    main()
