"""Damages a file at the boundaries of its structures, and tells whether a verdict gets better by it or something is lost without a word."""

import json
import os
import shutil

import tap

FULL = bool(os.environ.get("KMODAUDIT_SLOW"))
RANK = {"unsafe": 0, "unproven": 1, "safe": 2, "installed": 3}
GOOD = ("safe", "installed")
BATCH = 64  # files of one run
# findings about an image which say that something of it is not there or was not read
TOLD = {"image-unread", "image-unreadable", "image-exports"}


def variants(data, parts, least=1):
    """(what, a function that makes the bytes): cut before, at and behind each boundary; without each structure; with each blanked; without
    one byte of each. LEAST: of what is left of a cut."""
    size = len(data)

    def replaced(start, end, by=b""):
        return lambda: data[:start] + by + data[end:]

    for at in sorted({place for start, end, _ in parts for edge in (start, end) for place in (edge - 1, edge, edge + 1) if least <= place < size}):
        yield f"cut at {at:#x}", replaced(at, size)
    for start, end, name in sorted(set(parts)):
        end = min(end, size)
        if start >= end or end - start == size:
            continue
        where = f"{name} {start:#x}..{end:#x}"
        yield f"without {where}", replaced(start, end)
        for byte, word in ((b"\0", "zeros"), (b"\xff", "ones")):
            if data[start:end].strip(byte):
                yield f"{word} for {where}", replaced(start, end, byte * (end - start))
        middle = (start + end) // 2
        yield f"without the byte at {middle:#x} of {where}", replaced(middle, middle + 1)


def chosen(items, most):
    """(what, bytes) of MOST of the variants ITEMS, evenly spread; of all with KMODAUDIT_SLOW."""
    items = list(items)
    if not FULL and len(items) > most:
        items = [items[i * (len(items) - 1) // (most - 1)] for i in range(most)]
    return [(what, make()) for what, make in items]


class Answer:
    """Of one image and one feed: verdicts by file, findings about the image and the feed, an error."""

    def __init__(self):
        self.verdicts, self.findings, self.why, self.card, self.status = {}, set(), {}, {}, 0


def gate(where, images, feeds):
    """(image, feed) -> Answer, of all pairs in one run. IMAGES and FEEDS: name -> path in WHERE."""
    plan = {"schema": "kmodaudit/plan/1", "images": [{"path": path, "name": name} for name, path in images.items()],
            "feeds": [{"path": path, "name": name} for name, path in feeds.items()]}
    with open(os.path.join(where, "plan.yaml"), "w", encoding="utf-8") as file:
        json.dump(plan, file)
    ran = tap.kmodaudit("gate", "plan.yaml", "--format", "json", cwd=where, cpu=20 + 2 * len(images) * len(feeds))
    if not ran.sane() or not ran.out:
        return None, f"status {ran.status}: {ran.err[-300:]}"
    report = json.loads(ran.out)
    answers = {}
    for pair in report["pairs"]:
        answer = answers[pair["image"], pair["feed"]] = Answer()
        answer.findings = {(one["id"], one["text"]) for one in pair["image_findings"] + pair["feed_findings"]}
        answer.status = pair["status"]
        answer.card = pair.get("card") or {}
    for row in report["matrix"]:
        for cell in row["images"]:
            answer = answers[cell["image"], row["feed"]]
            key = os.path.basename(row["file"])
            answer.verdicts[key] = cell["verdict"]
            answer.why[key] = sorted({one["id"] for one in cell.get("findings", [])})
    return answers, ran.err


def told(before, after):
    """Whether the report says that something is lacking: a finding, or no package database where one was."""
    news = {id for id, _ in after.findings} - {id for id, _ in before.findings}
    return bool(news & TOLD) or (after.card.get("packages") is None and before.card.get("packages") is not None)


def without_kernel(before, after, name):
    """Whether only the kernel's table condemned a package, the kernel is gone, and the report says so: an equal abi proves without it."""
    return "symbol-missing" in before.why[name] and "image-exports" in {id for id, _ in after.findings}


def judged(before, after):
    """What is wrong with AFTER, the answer about damaged input, compared with BEFORE."""
    for name, verdict in before.verdicts.items():
        now = after.verdicts.get(name)
        if now == verdict or (now is None and after.status == 3):
            continue
        if now is None or (now in GOOD and RANK[now] > RANK[verdict] and not without_kernel(before, after, name)):
            yield f"{name} {verdict} -> {now}: {sorted({id for id, _ in after.findings})}"
        elif not told(before, after) and not set(after.why[name]) & {"image-unread", "identity-contradicted"}:
            yield f"{name} {verdict} -> {now}, and nothing is said: {after.why[name]}"


def sweep_images(where, what, data, parts, feeds, most, least=1):
    """Whether the image DATA, which has packages of all verdicts in FEEDS, can be damaged at PARTS without better verdicts."""
    folder = os.path.join(where, "cuts")
    todo = [("whole", data)] + chosen(variants(data, parts, least), most)
    before, wrong, tried = None, [], 0
    for first in range(0, len(todo), BATCH):
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
        batch = todo[first:first + BATCH]
        for number, (_, bytes_) in enumerate(batch):
            with open(os.path.join(folder, f"{number}.bin"), "wb") as file:
                file.write(bytes_)
        answers, why = gate(where, {f"{number}": f"cuts/{number}.bin" for number in range(len(batch))}, {name: name for name in feeds})
        if answers is None:
            tap.ok(False, f"{what}: {why}")
            return
        if before is None:
            before = {feed: answers["0", feed] for feed in feeds}
            got = {f"{feed}/{name}": verdict for feed in feeds for name, verdict in before[feed].verdicts.items()}
            if set(got.values()) != set(RANK):
                tap.ok(False, f"{what}: read as a whole")
                tap.note(f"{why} {got}")
                return
        for number, (how, _) in enumerate(batch):
            tried += 1
            wrong += [f"{how}: {feed}: {one}" for feed in feeds for one in judged(before[feed], answers[f"{number}", feed])]
    shutil.rmtree(folder, ignore_errors=True)
    if not tap.ok(not wrong, f"{what}: damaged in {tried - 1} ways at {len(parts)} structures"):
        for line in wrong[:40 if FULL else 20]:
            tap.note(line)
        tap.note(f"{len(wrong)} in all")
