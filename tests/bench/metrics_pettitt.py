"""Change points by Pettitt's test (Applied Statistics 28, 1979) with binary segmentation: the peer of metrics.lua.

    python3 metrics_pettitt.py FILE      a number a line

Prints {"seconds": …, "places": [the first value of each new level, from 1]}.
"""
import json
import math
import sys
import time


def pettitt(values):
    """The place behind which values differ, and how often chance alone gives as much."""
    count = len(values)
    order = sorted(range(count), key=values.__getitem__)
    ranks = [0] * count
    for rank, place in enumerate(order):
        ranks[place] = rank + 1
    total, best, at = 0, 0, 0
    for place in range(count - 1):
        total += ranks[place]
        statistic = abs(2 * total - (place + 1) * (count + 1))
        if statistic > best:
            best, at = statistic, place + 1
    return at, 2 * math.exp(-6 * best * best / (count**3 + count**2))


def change_points(values, first, last, found):
    parts = [(first, last)]
    while parts:
        first, last = parts.pop()
        if last - first < 20:
            continue
        place, p = pettitt(values[first:last])
        if p <= 0.001:
            found.append(first + place + 1)
            parts += [(first, first + place), (first + place, last)]


values = [float(line) for line in open(sys.argv[1])]
began = time.perf_counter()
found = []
change_points(values, 0, len(values), found)
print(json.dumps({"seconds": time.perf_counter() - began, "places": sorted(found)}))
