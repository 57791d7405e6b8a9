"""Writes the report of a plan with many packages and images, as JSON, which `kmodaudit convert` reads."""

import json

FINDING = ("module-versions", "symbol-crc", "no-proof", "vermagic")


def finding(number, image):
    rule = FINDING[number % len(FINDING)]
    return {"id": rule, "level": "unknown" if rule == "no-proof" else "error", "module": f"module_{number}", "subject": f"symbol_{number % 97}",
            "expected": f"0x{number * 2654435761 % 2 ** 32:08x}", "found": f"0x{number * 40503 % 2 ** 32:08x}",
            "image_witness": f"{image}: uimage at 0x0: lzma: __ksymtab at 0x10280", "package_witness": f"feed/kmod-{number:05}.ipk: data.tar.gz",
            "text": f"disagrees about version of symbol symbol_{number % 97}", **({"settle": "--feed-config"} if rule == "no-proof" else {})}


def cell(number, place, image):
    kind = (number * 7 + place * 3) % 11
    if kind >= 3:
        return {"image": image, "verdict": "installed" if kind > 8 else "safe", "gate": "pass", **({} if kind > 8 else {"proof": "symbol-crcs"}), "finding": None}
    found = finding(number * 4 + (2 if kind == 2 else 1), image)
    needs = {"needs": [f"kmod-{number + 1:05}"]} if number % 2 else {}
    return {"image": image, "verdict": "unproven" if kind == 2 else "unsafe", "gate": "fail", "finding": found["id"], **needs, "text": found["text"], "findings": [found]}


def summary(cells):
    count = {verdict: sum(one["verdict"] == verdict for one in cells) for verdict in ("installed", "safe", "unsafe", "unproven")}
    return {"packages": len(cells), "unrelated": 0, **count, "failing_unsafe": count["unsafe"], "failing_unproven": count["unproven"], "waived": 0, "known": 0}


def total(parts):
    return {key: sum(part[key] for part in parts) for key in parts[0]}


def report(small, packages, images):
    """SMALL: a report of the program, whose tool and policy the new one takes."""
    names = [f"router-{place:02}-{'generic' if place % 2 else 'nand'}.bin" for place in range(images)]
    rows = [{"package": f"kmod-{number:05}", "version": f"6.6.86-r{number % 9}", "file": f"feed/kmod-{number:05}.ipk", "feed": "kmods",
             "images": [cell(number, place, name) for place, name in enumerate(names)]} for number in range(packages)]
    sums = [summary([row["images"][place] for row in rows]) for place in range(images)]
    card = {**small["pairs"][0]["card"]}
    pairs = [{"place": place, "image": name, "feed": "kmods", "source": name, "card": card, "gate": "fail", "status": 1, "summary": sums[place],
              "image_findings": [], "feed_findings": []} for place, name in enumerate(names)]
    return {**small, "plan": {**small["plan"], "pairs": images, "shard": None}, "images": names, "feeds": ["kmods"], "pairs": pairs, "matrix": rows,
            "result": {"gate": "fail", "status": 1, "pairs": images, "pairs_failing": images, **total(sums)}}


def write(path, small, packages, images):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(report(small, packages, images), file)
