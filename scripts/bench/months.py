"""The demo shop month by month: HOME WORK CUSTOMERS."""

import csv
import datetime
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.compute as pc
from lakes import table, told
from sklearn.metrics import adjusted_rand_score

LAST = datetime.date(2026, 6, 30)
MONTHS = 12
# Who first bought in the last four months buys of a category of its own, one of three.
NEW_SINCE = datetime.date(2026, 3, 1)
NEW_CATEGORY = "Workshop"
HELD = 4
# By which column a row of an export that is one file came in; of the others the file's name says its month.
CAME = {
    "shopify/customer": "created_at",
    "hubspot/contact": "property_createdate",
    "klaviyo/person": "created",
    "klaviyo/campaign": "send_time",
    "newsletter": "changed_at",
}


def main(home, work, customers):
    exports, arrived, lake = work / "exports", work / "arrived", work / "lake"
    run(home, "generate", "--customers", str(customers), "--exports", str(exports), "--until", str(LAST))
    new = plant_group(exports)
    conf = ["--conf", home / "conf/garden.conf", "--set", f"exports={arrived}", "--set", f"lake.root={lake}"]
    conf += ["--set", "features.category_share.values=[Lounging, Decoration, Growing, Workshop]"]
    before = {}
    last = datetime.date.min
    for date in dates():
        arrive(exports, arrived, last, date)
        for stage in ["consolidate", "features", "segments", "audit"]:
            run(home, stage, *conf, "--as-of", str(date))
        before = month(lake, exports, date, new, before)
        last = date
    evaluated(home, exports, conf)
    drifted(home, lake, arrived, conf)


def dates():
    """Returns the last days of the months, the last one of them LAST."""
    ends = []
    day = LAST
    for _ in range(MONTHS):
        ends.insert(0, day)
        day = day.replace(day=1) - datetime.timedelta(days=1)
    return ends


def run(home, *words, expected=0):
    done = subprocess.run([home / "scripts/persegment", *map(str, words)], capture_output=True, text=True)
    if done.returncode != expected:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done


def arrive(exports, arrived, last, date):
    """Lays out what came after the day last and by the end of date."""
    for file in sorted(exports.glob("*/**/*.*")):
        place = file.relative_to(exports)
        came = CAME.get(str(place.parent))
        month = re.search(r"_(\d{4})-?(\d\d)\.", file.name)
        goal = arrived / place
        goal.parent.mkdir(parents=True, exist_ok=True)
        if came:
            with file.open(newline="") as text:
                lines = [line for line in csv.DictReader(text) if str(last) < line[came][:10] <= str(date)]
            if lines:
                write(goal.with_stem(f"{goal.stem}_{date}"), lines)
        elif month and last < datetime.date(int(month[1]), int(month[2]), 1) <= date or not month and last == datetime.date.min:
            shutil.copy(file, goal)


def rows(files):
    for file in sorted(files):
        with file.open(newline="") as text:
            yield file, list(csv.DictReader(text))


def write(file, lines):
    with file.open("w", newline="") as text:
        out = csv.DictWriter(text, fieldnames=lines[0].keys())
        out.writeheader()
        out.writerows(lines)


def plant_group(exports):
    """Has every second person who first bought lately buy of a category that was not there. Returns who."""
    owner = {}
    for _, lines in rows([exports / "truth/records.csv"]):
        owner = {(line["record_type"], line["record_id"]): line["person_id"] for line in lines if line["source"] == "shopify"}
    first, of_person = {}, {}
    for _, orders in rows((exports / "shopify/order").glob("*.csv")):
        for order in orders:
            person = owner.get(("order", order["id"])) or owner.get(("contact", order["customer_id"]))
            if person:
                of_person[order["id"]] = person
                first[person] = min(first.get(person, "9"), order["created_at"])
    late = sorted(person for person, at in first.items() if at[:10] >= str(NEW_SINCE))
    new = set(late[::2])
    ((products, catalogue),) = rows([exports / "catalogue/products.csv"])
    made = {}
    for product in [line for line in catalogue if line["category"] == "Growing"]:
        made[product["product_id"]] = product | {"product_id": product["product_id"] + "9", "category": NEW_CATEGORY}
    others = [product["product_id"] for product in catalogue]
    write(products, catalogue + list(made.values()))
    ids = [product["product_id"] for product in made.values()]
    at = 0
    for file, lines in rows((exports / "shopify/order_line").glob("*.csv")):
        for line in lines:
            if of_person.get(line["order_id"]) in new and line["product_id"] in others:
                line["product_id"] = ids[at % len(ids)]
                at += 1
        write(file, lines)
    return new


def month(lake, exports, date, new, before):
    """Tells one month; returns the segment of each person."""
    planted = {}
    for _, lines in rows([exports / "truth/persons.csv"]):
        planted = {line["person_id"]: line for line in lines}
    person = persons(lake, exports)
    features = at(lake, "customer_features", date, ["as_of", "customer_id", "orders_lifetime"])
    often = {row["customer_id"] for row in features if row["orders_lifetime"] >= 3}
    segment = {}
    now = {}
    for row in at(lake, "segment_membership", date, ["as_of", "customer_id", "segmentation", "segment"]):
        if row["segmentation"] in ("garden", "brand") and row["customer_id"] in often:
            segment.setdefault(row["segmentation"], {})[row["customer_id"]] = row["segment"]
    for customer, garden in segment["garden"].items():
        now[customer] = garden
    both = [customer for customer in now if customer in before and person[customer] not in new]
    kept = sum(now[customer] == before[customer] for customer in both)
    fresh = [now[customer] for customer in now if person[customer] in new]
    sizes = {row["name"]: row["size"] for row in at(lake, "segments", date, ["as_of", "segmentation", "name", "size"]) if row["segmentation"] == "garden"}
    failed = [row["check"] for row in at(lake, "audits", date, ["as_of", "check", "passed", "severity"]) if not row["passed"] and row["severity"] == "hold"]
    told(
        month=str(date),
        customers_of_3=len(now),
        garden_ari=ari(segment["garden"], person, planted, "garden_group", new),
        brand_ari=ari(segment["brand"], person, planted, "brand_tier", set()),
        kept_share=round(kept / len(both), 4) if both else None,
        planted_new=len(fresh),
        their_segments={name: fresh.count(name) for name in sorted(set(fresh))},
        sizes=sizes,
        held=failed,
    )
    return now


def evaluated(home, exports, conf):
    """Tells how well those are told apart who came in month by month."""
    truth = ["--truth", exports / "truth/records.csv", "--record-type", "record_type", "--cluster", "person_id"]
    who = json.loads(run(home, "identity", "evaluate", *conf, *truth, "--json").stdout)
    told(**{name: round(who[name], 5) for name in ["precision", "recall", "f1"]}, true_pairs=who["true_pairs"])


def at(lake, name, date, columns):
    rows = table(lake, name, columns)
    return rows.filter(pc.equal(rows["as_of"], date)).to_pylist()


def persons(lake, exports):
    """Returns the person that each customer is, by most of the orders."""
    owner = {}
    for _, lines in rows([exports / "truth/records.csv"]):
        owner = {(line["source"], line["record_type"], line["record_id"]): line["person_id"] for line in lines}
    votes = {}
    for row in table(lake, "identity_map", ["source", "record_type", "record_id", "customer_id"]).to_pylist():
        key = (row["source"].split("-")[0], row["record_type"], row["record_id"])
        if key in owner:
            count = votes.setdefault(row["customer_id"], {})
            count[owner[key]] = count.get(owner[key], 0) + 1
    return {customer: max(sorted(count), key=count.get) for customer, count in votes.items()}


def ari(segment, person, planted, column, new):
    pairs = []
    for customer, name in segment.items():
        if customer in person:
            who = person[customer]
            pairs.append(("new" if who in new else planted[who][column], name))
    return round(adjusted_rand_score(*zip(*pairs)), 4) if pairs else None


def drifted(home, lake, exports, conf):
    """Most of a category becomes another one, as if the shop had sorted its catalogue anew; its publish is held."""
    ((products, catalogue),) = rows([exports / "catalogue/products.csv"])
    lounging = [line for line in catalogue if line["category"] == "Lounging"]
    for product in lounging[: len(lounging) * 7 // 10]:
        product["category"] = "Decoration"
    # Of two files that tell of one product the later name counts.
    write(products.with_name("products_2026-07.csv"), catalogue)
    products.unlink()
    date = LAST + datetime.timedelta(days=7)
    conf = [*conf, "--set", f"sources.catalogue.read.path={products.with_name('*.csv')}"]
    for stage in ["consolidate", "features", "scores", "segments", "audit"]:
        run(home, stage, *conf, "--as-of", str(date))
    done = run(home, "publish", *conf, "--as-of", str(date), expected=HELD)
    lines = (done.stdout + done.stderr).splitlines()
    told(month=str(date), publish="held", why=[line.strip() for line in lines if "segment" in line])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
