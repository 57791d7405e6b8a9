#!/usr/bin/python3
"""The commands of README.md, docs/tutorial.md, docs/vet.md and docs/integrate.md print what the pages show. UPDATE=1 writes what they print into the pages."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import pages  # noqa: E402
import tap  # noqa: E402

os.environ.pop("KMODAUDIT_SEARCH", None)  # as a reader has it
for path in (("README.md",), ("docs", "tutorial.md"), ("docs", "vet.md"), ("docs", "integrate.md")):
    page = pages.Page(*path)
    tap.ok(any(kind == "console" for kind, _, _ in page.blocks), f"{'/'.join(path)} shows commands")
    with tap.Scratch() as at:
        page.make(at)
        page.run(at)
tap.done()
