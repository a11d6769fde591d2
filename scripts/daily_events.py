#!/usr/bin/env python3
"""Splits web events as `scripts/persegment generate` makes them into a file a day, as GA4 exports
them: scripts/daily_events.py FROM_FOLDER TO_FOLDER DAYS [BY]. The newest DAYS days are kept (0: all);
BY = count makes DAYS files of equally many events instead, in their order.
"""

import gzip
import sys
from pathlib import Path

DATE = len('{"event_date":"')


def main(source, target, days, by="date"):
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(Path(source).glob("*.json.gz"))
    if by == "count":
        return by_count(files, target, days)
    dates = set()
    for line in lines(files):
        dates.add(line[DATE : DATE + 8])
    kept = set(sorted(dates)[-days:])
    out = {}
    for line in lines(files):
        date = line[DATE : DATE + 8]
        if date in kept:
            if date not in out:
                out[date] = gzip.open(target / f"events_{date.decode()}.json.gz", "wb", compresslevel=1)
            out[date].write(line)
    for each in out.values():
        each.close()


def by_count(files, target, parts):
    total = sum(1 for _ in lines(files))
    written, part, out = 0, -1, None
    for line in lines(files):
        if written * parts // total != part:
            part = written * parts // total
            if out:
                out.close()
            out = gzip.open(target / f"events_{part:05d}.json.gz", "wb", compresslevel=1)
        out.write(line)
        written += 1
    out.close()
    print(total)


def lines(files):
    for file in files:
        with gzip.open(file, "rb") as events:
            yield from events


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
