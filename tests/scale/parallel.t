#!/usr/bin/python3
"""A plan over GNU parallel, as docs/scale.md says to type it: the bytes of one run; a shard that is lost and run again."""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import plans  # noqa: E402
from plans import tap  # noqa: E402


def engine():
    """Finds GNU's parallel, not that of moreutils, and answers its request to be cited."""
    path = shutil.which("parallel")
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout if path else ""
    if not said.startswith("GNU parallel"):
        tap.skip_all("GNU parallel is not there (package parallel)")


def jobs(where):
    """shard -> exit status, or signal, from parallel's log of jobs; of several tries the last."""
    rows = [row.split("\t") for row in plans.read(where, "shards", "jobs.log").decode().splitlines()[1:]]
    return {int(row[0]): int(row[6]) or int(row[7]) for row in rows}


def typed(where, env):
    """Runs the commands of the document."""
    run, again, merge = plans.block("--joblog shards/jobs.log \\"), plans.block("--retry-failed"), plans.block("merge shards/")
    plans.gate(where, "-o", "one.yaml")
    ran = plans.shell(where, run, env)
    tap.equal((ran.status, ran.err), (0, ""), "shards of which one is unsafe and one unproven are jobs that went well")
    tap.equal(jobs(where), {1: 0, 2: 0, 3: 0, 4: 0}, "in parallel's log, too")
    ran = plans.shell(where, merge, env)
    tap.ok(ran.status == 1 and plans.read(where, "matrix.yaml") == plans.read(where, "one.yaml"), "and joined they are one run: 1, unsafe")

    shutil.rmtree(os.path.join(where, "shards"))
    os.unlink(os.path.join(where, "matrix.yaml"))
    with open(os.path.join(where, "bin", "kmodaudit"), "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\ncase "$*" in *3/4*) kill -9 $$ ;; esac\nexec \'{tap.KMODAUDIT}\' "$@"\n')
        os.chmod(file.fileno(), 0o755)
    ran = plans.shell(where, run, {**env, "PATH": f"{where}/bin:{env['PATH']}"})
    tap.equal(ran.status, 1, "a shard that was killed: parallel tells how many")
    tap.equal(sorted(at for at, status in jobs(where).items() if status), [3], "and which")
    plans.refused(plans.shell(where, merge, env), "the merge says what is missing", "shard 3 of 4 is missing")
    tap.ok(not os.path.exists(os.path.join(where, "matrix.yaml")), "and leaves no matrix")
    ran = plans.shell(where, again, env)
    tap.equal((ran.status, jobs(where)[3]), (0, 0), "the shard alone, again")
    ran = plans.shell(where, merge, env)
    tap.ok(ran.status == 1 and plans.read(where, "matrix.yaml") == plans.read(where, "one.yaml"), "and now they are one run")


def script(where, env):
    def scale(*options, **more):
        return plans.shell(where, " ".join(["scripts/scale", *options]), {**env, **more})

    ran = scale("parallel", "3", "plan.yaml", "'with blank'")
    tap.ok(ran.status == 1 and plans.read(where, "with blank", "matrix.yaml") == plans.read(where, "one.yaml"), "scripts/scale parallel")
    ran = scale("parallel", "3", "plan.yaml", "'with blank'", PATH="/usr/bin:/bin")
    tap.ok(ran.status == 3 and not os.listdir(os.path.join(where, "with blank")) == [] and
           not os.path.exists(os.path.join(where, "with blank", "matrix.yaml")), "without the program: 3, and no earlier matrix is left")
    ran = scale("parallel", "3", "none.yaml", "none")
    tap.ok(ran.status == 3 and "none.yaml" in ran.err, "without the plan: 3")
    tap.equal([scale(*words).status for words in ([], ["parallel"], ["bicycle", "2", "plan.yaml", "x"])], [3, 3, 3], "used wrongly: 3")


engine()
with tap.Scratch() as scratch:
    plans.make(scratch)
    for name in ("bin", "home"):
        os.mkdir(os.path.join(scratch, name))
    with open(os.path.join(scratch, "home", "will-cite"), "w", encoding="utf-8"):
        pass
    environ = plans.environment(PARALLEL_HOME=os.path.join(scratch, "home"))
    typed(scratch, environ)
    script(scratch, environ)
tap.done()
