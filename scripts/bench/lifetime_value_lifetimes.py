"""From orders to scores by lifetimes: ORDERS OUT AS_OF; prints seconds and parameters, OUT gets a score a customer."""

import json
import sys
import time
import warnings

import pandas as pd
import pyarrow.parquet as pq
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import summary_data_from_transaction_data

warnings.simplefilter("ignore")
orders, out, as_of = sys.argv[1:]
start = time.monotonic()
bought = pq.read_table(orders, columns=["customer", "ordered_at", "net"]).to_pandas()
bought["ordered_at"] = bought.ordered_at.dt.tz_localize(None)
known = summary_data_from_transaction_data(bought, "customer", "ordered_at", "net", observation_period_end=as_of, freq="D")
known["recency"] /= 7
known["T"] /= 7
fitting = time.monotonic()
buying = BetaGeoFitter().fit(known.frequency, known.recency, known["T"])
fit_s = time.monotonic() - fitting
again = known[(known.frequency > 0) & (known.monetary_value > 0)]
value = GammaGammaFitter().fit(again.frequency, again.monetary_value)
clv = value.customer_lifetime_value(buying, known.frequency, known.recency, known["T"], known.monetary_value, time=12, discount_rate=1.1 ** (1 / 12) - 1, freq="W")
pd.DataFrame({"customer": clv.index, "clv": clv.to_numpy()}).to_parquet(out)
whole_s = time.monotonic() - start
found = {name: float(value) for name, value in {**buying.params_, **value.params_}.items()}
print(json.dumps({"whole_s": round(whole_s, 1), "fit_s": round(fit_s, 1), "found": found}))
