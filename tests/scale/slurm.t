#!/usr/bin/python3
"""A plan over a Slurm array, as docs/scale.md says to type it, in a Slurm of one node that this test starts and ends: the bytes
of one run; a task that was cancelled, and the same task again. Needs root, for slurmd runs jobs as their users."""

import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import plans  # noqa: E402
from plans import tap  # noqa: E402

DEATHSIG = 1  # PR_SET_PDEATHSIG: so that no daemon outlives this test
PATIENCE = 600
CONFIG = """ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={here}/munge.socket
StateSaveLocation={here}/state
SlurmdSpoolDir={here}/spool
SlurmctldPidFile={here}/slurmctld.pid
SlurmdPidFile={here}/slurmd.pid
SlurmctldLogFile={here}/slurmctld.log
SlurmdLogFile={here}/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
MailProg=/bin/true
ReturnToService=2
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus}
PartitionName=all Nodes=ALL Default=YES MaxTime=10 State=UP
"""


def tools():
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    missing = [name for name in ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "scancel") if not shutil.which(name, path=path)]
    if missing:
        tap.skip_all(f"no {', '.join(missing)} here (packages munge, slurmctld, slurmd, slurm-client)")
    if os.geteuid() != 0:
        tap.skip_all("not root: slurmd cannot be started")
    return path


def wait_for(what, condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError(f"{what}: not within {PATIENCE} s")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Slurm:
    """Munge, a controller and one node with as many processors as there are, all below HERE."""

    def __init__(self, here, path):
        self.here, self.daemons = here, []
        self.env = plans.environment(SLURM_CONF=os.path.join(here, "slurm.conf"), PATH=f"{tap.BUILD}:{path}")

    def start(self, *command):
        libc = ctypes.CDLL(None)
        with open(os.path.join(self.here, os.path.basename(command[0]) + ".out"), "wb") as out:
            self.daemons.append(subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=self.env,
                                                 preexec_fn=lambda: libc.prctl(DEATHSIG, signal.SIGTERM)))

    def __enter__(self):
        here, host = self.here, socket.gethostname().partition(".")[0]
        os.chmod(here, 0o755)
        for name in ("state", "spool"):
            os.mkdir(os.path.join(here, name))
        with open(os.path.join(here, "munge.key"), "wb") as file:
            os.chmod(file.fileno(), 0o400)
            file.write(os.urandom(128))
        with open(os.path.join(here, "slurm.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(here=here, host=host, ports=free_ports(2), cpus=os.cpu_count()))
        try:
            self.start("munged", "--foreground", "--force", f"--key-file={here}/munge.key", f"--socket={here}/munge.socket",
                       f"--pid-file={here}/munged.pid", f"--log-file={here}/munged.log", f"--seed-file={here}/munged.seed")
            wait_for("munged", lambda: os.path.exists(f"{here}/munge.socket"))
            self.start("slurmctld", "-D", "-f", f"{here}/slurm.conf")
            self.start("slurmd", "-D", "-f", f"{here}/slurm.conf", "-N", host)
            wait_for("a node", lambda: "idle" in self.run("sinfo", "--noheader", "--format=%T"))
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, kind, *_):
        for daemon in reversed(self.daemons):
            daemon.terminate()
        for daemon in reversed(self.daemons):
            try:
                daemon.wait(timeout=10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        for name in sorted(os.listdir(self.here)) if kind else []:
            if name.endswith((".out", ".log")):
                tap.note(f"{name}:\n" + "\n".join(plans.read(self.here, name).decode(errors="replace").splitlines()[-15:]))

    def run(self, *command):
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=PATIENCE, check=False).stdout.strip()

    def state(self, job):
        """("COMPLETED", "0:0"): state, and status with signal."""
        found = re.search(r"JobState=(\S+).*? ExitCode=(\S+)", self.run("scontrol", "--oneliner", "show", "job", job))
        return found.groups() if found else (None, None)

    def end_of(self, job):
        wait_for(f"job {job}", lambda: self.state(job)[0] in ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL"))
        return self.state(job)


def submitted(where, slurm, text):
    """Types TEXT, commands that submit an array and its merge: the numbers of the two jobs."""
    ran = plans.shell(where, text + 'echo "array $array"\n', slurm.env)
    numbers = [re.search(words, ran.out) for words in (r"array (\d+)", r"Submitted batch job (\d+)")]
    if not tap.ok(ran.status == 0 and all(numbers), "an array and a merge are submitted"):
        raise RuntimeError(ran.out + ran.err)
    return [number.group(1) for number in numbers]


def same(where, folder):
    matrix = os.path.join(where, folder, "matrix.yaml")
    return os.path.exists(matrix) and plans.read(matrix) == plans.read(where, "one.yaml")


def array(where, slurm):
    """The document's array of four tasks, one of them unsafe and one unproven."""
    job, merge = submitted(where, slurm, plans.block('sbatch --parsable scripts/scale.d/shard'))
    tap.equal(slurm.end_of(merge), ("FAILED", "1:0"), "the merge ends with 1: unsafe")
    tap.equal([slurm.state(f"{job}_{at}") for at in (1, 2, 3, 4)], [("COMPLETED", "0:0")] * 4, "each task was completed")
    tap.ok(same(where, "shards"), "and joined they are one run")
    raw = slurm.run("sbatch", "--parsable", "--output=/dev/null", f"--chdir={where}", "--wrap", "kmodaudit gate plan.yaml --shard 4/4")
    tap.equal(slurm.end_of(raw), ("FAILED", "1:0"), "without --exit-zero what is unsafe is a task that failed")


def lost(where, slurm):
    """A task that is cancelled before it starts, then runs alone."""
    shutil.rmtree(os.path.join(where, "shards"))
    held = plans.block("sbatch --parsable scripts/scale.d/shard").replace("sbatch --parsable", "sbatch --hold --parsable")
    job, merge = submitted(where, slurm, held)
    slurm.run("scancel", f"{job}_3")
    slurm.run("scontrol", "release", job)
    tap.equal(slurm.end_of(merge), ("FAILED", "3:0"), "with a task cancelled, the merge ends with 3")
    tap.equal([slurm.state(f"{job}_{at}") for at in (1, 2, 4)], [("COMPLETED", "0:0")] * 3, "the others ran")
    log = plans.read(where, f"kmodaudit-merge-{merge}.log").decode()
    tap.equal(log, "kmodaudit: shard 3 of 4 is missing\n", "and says which is missing")
    tap.ok(not os.path.exists(os.path.join(where, "shards", "matrix.yaml")), "and leaves no matrix")

    job, merge = submitted(where, slurm, plans.block("sbatch --parsable --array=3 scripts/scale.d/shard"))
    tap.equal(slurm.end_of(merge), ("FAILED", "1:0"), "the task alone, and the merge again: 1")
    tap.ok(same(where, "shards"), "and now they are one run")


def unanswered(where, slurm):
    """The task of a shard without an answer fails."""
    plan = {**plans.PLAN, "images": [*plans.PLAN["images"], {"path": "plan.yaml"}], "pairs": [{"image": "*", "feed": "same"}]}
    plans.write(os.path.join(where, "unread.yaml"), plan)
    ran = plans.shell(where, "scripts/scale slurm 3 unread.yaml unread", slurm.env)
    matrix = os.path.join(where, "unread", "matrix.yaml")
    tap.ok(ran.status == 3 and os.path.exists(matrix) and b"image-unreadable" in plans.read(matrix), "scripts/scale slurm: the status is the merge's")
    jobs = slurm.run("squeue", "--noheader", "--states=FAILED", "--name=kmodaudit", "--format=%K %T")
    tap.equal(jobs, "3 FAILED", "an image that cannot be read: its task failed, no other")


search = tools()
try:
    with tap.Scratch() as scratch, Slurm(scratch, search) as cluster:
        plans.make(scratch)
        plans.gate(scratch, "-o", "one.yaml")
        array(scratch, cluster)
        lost(scratch, cluster)
        unanswered(scratch, cluster)
except (TimeoutError, RuntimeError) as problem:
    tap.ok(False, f"Slurm: {problem}")
tap.done()
