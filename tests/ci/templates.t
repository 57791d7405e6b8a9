#!/usr/bin/python3
"""The templates of docs/ci: the services' own readers accept them, and the commands that they would run are run, for plans that
pass and that do not."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import types

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tap  # noqa: E402

TEMPLATES = os.path.join(tap.ROOT, "docs", "ci")
READERS = os.environ.get("KMODAUDIT_READERS", os.path.join(tap.ROOT, "build", "readers"))
PACKAGES = ["@actions/workflow-parser@0.3.61", "@actions/expressions@0.3.61", "cronstrue@2.61.0", "yaml@2.9.1",
            "gitlab-ci-local@4.56.0"]  # GitHub's own parser and what it needs; GitLab's own schema
PAIRS = {
    "green": "- {image: device.bin, feed: same}\n- {image: device-crcs.bin, feed: later-crcs}",
    "red": "- {image: device.bin, feed: same}\n- {image: device-crcs.bin, feed: conntrack-crcs}",
    "yellow": "- {image: device.bin, feed: conntrack}\n- {image: device-crcs.bin, feed: later-crcs}",
}
STATUS = {"green": 0, "red": 1, "yellow": 2, "none": 3}
WORD = {"green": "pass", "red": "fail", "yellow": "fail"}


def text_of(name):
    with open(os.path.join(TEMPLATES, name), encoding="utf-8") as file:
        return file.read()


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


# ---- the services' readers ----

def fetch(package):
    """Unpacks the package where node looks for it."""
    name = package[:package.rindex("@")]
    place = os.path.join(READERS, "ci", "node_modules", name)
    if os.path.exists(place):
        return
    with tap.Scratch() as scratch:
        subprocess.run(["npm", "pack", "--silent", "--fetch-retries=1", "--fetch-timeout=60000", package], cwd=scratch, check=True,
                       capture_output=True, timeout=tap.PATIENCE)
        subprocess.run(["tar", "-xzf", *glob.glob(os.path.join(scratch, "*.tgz"))], cwd=scratch, check=True)
        fresh = os.path.join(scratch, "package")
        for path in glob.glob(os.path.join(fresh, "dist", "*", "*-schema.js")):  # node needs a type for JSON files
            text = re.sub(r'(from "[^"]*\.json");', r'\1 with { type: "json" };', read(path))
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        shutil.move(fresh, place)


def fetched():
    """None, or why the readers could not be fetched."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "no node and npm here"
    try:
        for package in PACKAGES:
            fetch(package)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        return f"npm cannot fetch a reader: {error}"
    return None


def node(script, *args):
    path = os.path.join(READERS, "ci", f"script-{os.getpid()}.mjs")
    with open(path, "w", encoding="utf-8") as file:
        file.write(script)
    try:
        return subprocess.run(["node", path, *args], capture_output=True, text=True, check=True, timeout=tap.PATIENCE).stdout
    finally:
        os.unlink(path)


WORKFLOW = """
import {parseWorkflow, NoOperationTraceWriter} from "@actions/workflow-parser";
import fs from "fs";
const content = fs.readFileSync(process.argv[2], "utf8");
const read = parseWorkflow({name: "workflow", content}, new NoOperationTraceWriter());
console.log(JSON.stringify(read.context.errors.getErrors().map(error => error.message)));
"""
SCHEMA = """
import {schema} from "./node_modules/gitlab-ci-local/src/schema/schema.js";
console.log(JSON.stringify(schema));
"""


def workflow_errors(text):
    with tap.Scratch() as scratch:
        path = os.path.join(scratch, "workflow.yml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return json.loads(node(WORKFLOW, path))


def gitlab_errors(schema, text):
    import jsonschema
    return [error.message[:200] for error in jsonschema.Draft7Validator(schema).iter_errors(yaml.safe_load(text))]


def test_readers():
    why = fetched()
    if why:
        tap.skip("the services' own readers take the templates", why)
        return
    for name in ("github.yml", "github-shards.yml"):
        tap.equal(workflow_errors(text_of(name)), [], f"{name}: GitHub's parser takes it")
        tap.ok(workflow_errors(text_of(name).replace("runs-on", "run-on")) != [], f"{name}: and refuses it when a key is wrong")
    schema = json.loads(node(SCHEMA))
    tap.equal(gitlab_errors(schema, text_of("gitlab-ci.yml")), [], "gitlab-ci.yml: GitLab's schema takes it")
    tap.ok(gitlab_errors(schema, text_of("gitlab-ci.yml").replace("when: always", "when: sometimes")) != [],
           "gitlab-ci.yml: and refuses it when a value is wrong")


def test_checkconfig():
    if not os.path.exists("/usr/bin/buildbot"):
        tap.skip("buildbot.cfg: Buildbot takes it", "no Debian package buildbot here")
        return
    with tap.Scratch() as scratch:
        ran = subprocess.run(["/usr/bin/buildbot", "checkconfig", os.path.join(TEMPLATES, "buildbot.cfg")], cwd=scratch,
                             capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": ""})
        tap.ok(ran.returncode == 0, "buildbot.cfg: Buildbot takes it") or tap.note(ran.stdout + ran.stderr)


def test_manners():
    names = sorted(os.listdir(TEMPLATES))
    paths = [os.path.join(TEMPLATES, name) for name in names if name.endswith(".yml")]
    ran = subprocess.run(["yamllint", "-s", "-d", "{extends: default, rules: {line-length: {max: 132}, document-start: disable, "
                          "truthy: {check-keys: false}}}", *paths], capture_output=True, text=True, check=False)
    tap.equal(ran.stdout, "", "yamllint has nothing to say")
    everything = "".join(map(text_of, names))
    used = re.findall(r"uses: ([^\s`]+)", everything)
    own = "OWNER/kmodaudit/docs/ci@v" + tap.kmodaudit("--version").out.split()[1]
    tap.ok(own in used and all(one == own or re.fullmatch(r"(actions/[a-z-]+|github/codeql-action/upload-sarif)@v\d+", one)
                               for one in used), "all actions are GitHub's own, or the one here")
    tap.equal(set(re.findall(r"https?://([^/\s]+)", everything)), {"example.org"}, "no host but example.org")
    makefile = read(os.path.join(tap.ROOT, "Makefile"))
    tap.ok("\ninstall:" in makefile and os.access(os.path.join(tap.ROOT, "scripts", "setup"), os.X_OK),
           "what they call to install is there")
    program = tap.kmodaudit("--version").out.split()[1]
    tap.equal(set(re.findall(r"REVISION: (\S+)", everything)), {"v" + program}, "they take the version that they came with")


# ---- the commands of the templates ----

class Bench:
    """A firmware repository with PLAN, the repository of kmodaudit, and a machine where apt-get has nothing to do."""

    def __init__(self, where, colour):
        self.where = where
        self.bin = self.folder("bin")
        self.repository = self.folder("repository")
        self.log = os.path.join(where, "apt.log")
        self.write("bin/apt-get", f"#!/bin/sh\necho \"$*\" >>{self.log}\n", 0o755)
        self.source()
        if colour != "none":
            tap.world(os.path.join(tap.ROOT, "fixtures", "founding.world"), self.repository)
            self.write("repository/plan.yaml", "schema: kmodaudit/plan/1\nimages: [{path: device.bin}, {path: device-crcs.bin}]\n"
                       "feeds: [{path: same}, {path: later-crcs}, {path: conntrack-crcs}, {path: conntrack}]\n"
                       f"pairs:\n{PAIRS[colour]}\n")

    def folder(self, name):
        path = os.path.join(self.where, name)
        os.makedirs(path, exist_ok=True)
        return path

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.where, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)

    def source(self):
        """A repository of kmodaudit with the built program under the names that the templates use."""
        self.write("source/Makefile", f"install:\n\tcp '{tap.KMODAUDIT}' {self.bin}/kmodaudit\n")
        self.write("source/scripts/setup", "#!/bin/sh\n", 0o755)
        self.write("source/docs/ci/action.yml", text_of("action.yml"))
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"], ["tag", "v" + tap.kmodaudit("--version").out.split()[1]]):
            subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words], check=True,
                           cwd=os.path.join(self.where, "source"))

    def machine(self, name, checkout=True):
        """A fresh machine's working directory."""
        path = os.path.join(self.where, name)
        if checkout:
            shutil.copytree(self.repository, path)
        else:
            os.makedirs(path)
        return path

    def environment(self, more):
        keep = {key: os.environ[key] for key in ("HOME", "LANG", "TMPDIR") if key in os.environ}
        return {**keep, "PATH": f"{self.bin}:{os.environ['PATH']}", "UBSAN_OPTIONS": "print_stacktrace=1", **more,
                "KMODAUDIT_SOURCE": "file://" + os.path.join(self.where, "source")}

    def bash(self, script, cwd, env):
        return subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=cwd, capture_output=True,
                              text=True, check=False, env=self.environment(env), timeout=tap.PATIENCE)


def filled(text, values):
    """TEXT with ${{ }} replaced as GitHub does."""
    return re.sub(r"\$\{\{ *([a-z._-]+) *\}\}", lambda found: str(values[found[1]]), str(text))


def github_job(bench, workflow, job, cwd, values):
    """Runs the job's shell parts until one fails. Returns its status, its output, and what its last step would upload."""
    summary = os.path.join(bench.where, "summary-" + os.path.basename(cwd))
    status, out = 0, ""
    for step in job["steps"]:
        if "run" not in step or status:
            continue
        env = {**workflow["env"], **job.get("env", {}), **step.get("env", {})}
        env = {key: filled(value, values) for key, value in env.items()}
        ran = bench.bash(step["run"], cwd, {**env, "GITHUB_STEP_SUMMARY": summary, "GITHUB_ACTIONS": "true", "CI": "true"})
        status, out = ran.returncode, ran.stdout if step["name"] != "Install kmodaudit" else out
        if status == 3 or (status and step["name"] == "Install kmodaudit"):
            out += ran.stderr
    uploads = [path for step in job["steps"] if "upload-artifact" in step.get("uses", "")
               for path in filled(step["with"]["path"], values).split()]
    return status, out, read(summary) if os.path.exists(summary) else "", uploads


def right(colour, status, summary, what):
    tap.equal(status, STATUS[colour], f"{what}: exit status {STATUS[colour]}")
    if colour != "none":
        tap.ok(summary.startswith(f"## kmodaudit: {WORD[colour]}: "), f"{what}: the summary says {WORD[colour]}")


def there(cwd, files, what):
    tap.equal([name for name in files if not os.path.getsize(os.path.join(cwd, name))], [], f"{what}: {', '.join(files)}")


def run_github(bench, colour):
    what = f"github.yml, {colour}"
    workflow = yaml.safe_load(text_of("github.yml"))
    cwd = bench.machine("github")
    status, out, summary, uploads = github_job(bench, workflow, workflow["jobs"]["gate"], cwd, {})
    right(colour, status, summary, what)
    if colour == "none":
        tap.ok("kmodaudit: " in out and not os.path.exists(os.path.join(cwd, "kmodaudit.sarif")), f"{what}: says why, leaves nothing")
        return None
    tap.ok(out.startswith(f"kmodaudit: {WORD[colour]}: "), f"{what}: the log begins with the answer")
    tap.equal("\n::error " in out, colour != "green", f"{what}: annotations")
    there(cwd, [path for path in uploads if path != "reports"], what)
    tap.ok("install -y -q" in read(bench.log), f"{what}: packages were asked for")
    return read(os.path.join(cwd, "kmodaudit.yaml")), summary


def run_action(bench, colour):
    """The composite action: the same gate, and its outputs."""
    what = f"action.yml, {colour}"
    action = yaml.safe_load(text_of("action.yml"))
    cwd = bench.machine("action")
    told = {name: os.path.join(bench.where, name) for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    values = {"inputs." + name: one["default"] for name, one in action["inputs"].items()}
    for step in action["runs"]["steps"]:
        if "run" in step:
            env = {key: filled(value, values) for key, value in step.get("env", {}).items()}
            ran = bench.bash(step["run"], cwd, {**env, **told, "CI": "true", "GITHUB_ACTION_PATH": bench.where + "/source/docs/ci"})
    right(colour, ran.returncode, read(told["GITHUB_STEP_SUMMARY"]) if colour != "none" else "", what)
    tap.equal(read(told["GITHUB_OUTPUT"]), f"status={STATUS[colour]}\n", f"{what}: the output status")
    tap.equal(read(told["GITHUB_PATH"]), cwd + "/.kmodaudit-program/bin\n", f"{what}: later steps find the program")
    if colour == "none":
        return None
    there(cwd, [action["outputs"][name]["value"] for name in ("yaml", "html", "sarif", "junit")], what)
    return read(os.path.join(cwd, "kmodaudit.yaml")), read(told["GITHUB_STEP_SUMMARY"])


def run_github_shards(bench, colour):
    what = f"github-shards.yml, {colour}"
    workflow = yaml.safe_load(text_of("github-shards.yml"))
    shards = workflow["jobs"]["shard"]["strategy"]["matrix"]["shard"]
    last = bench.machine("github-merge", checkout=False)
    for shard in shards:
        cwd = bench.machine(f"github-{shard}")
        values = {"matrix.shard": shard, "strategy.job-total": len(shards)}
        status, out, _, uploads = github_job(bench, workflow, workflow["jobs"]["shard"], cwd, values)
        if status:
            tap.ok(colour == "none" and status == 3, f"{what}: shard {shard}: no answer where there is no plan") or tap.note(out)
        for path in uploads if not status else []:
            shutil.copy(os.path.join(cwd, path), last)
    status, _, summary, uploads = github_job(bench, workflow, workflow["jobs"]["gate"], last, {})
    right(colour, status, summary, what)
    if colour == "none":
        return None
    there(last, uploads, what)
    return read(os.path.join(last, "kmodaudit.yaml")), summary


def gitlab_job(bench, template, name, cwd, env):
    job = {**template[template[name]["extends"]], **template[name]}
    env = {**template["variables"], "CI": "true", "GITLAB_CI": "true", **env}
    return bench.bash("\n".join(job["before_script"] + job["script"]), cwd, env)


def run_gitlab(bench, colour):
    what = f"gitlab-ci.yml, {colour}"
    template = yaml.safe_load(text_of("gitlab-ci.yml"))
    shard, gate = template["kmodaudit-shard"], template["kmodaudit"]
    last = bench.machine("gitlab-merge")
    for number in range(1, shard["parallel"] + 1):
        cwd = bench.machine(f"gitlab-{number}")
        ran = gitlab_job(bench, template, "kmodaudit-shard", cwd, {"CI_NODE_INDEX": str(number), "CI_NODE_TOTAL": str(shard["parallel"])})
        if ran.returncode:
            tap.ok(colour == "none" and ran.returncode == 3, f"{what}: shard {number}: no answer where there is no plan") or tap.note(ran.stderr)
        for pattern in shard["artifacts"]["paths"]:
            for path in glob.glob(os.path.join(cwd, pattern)):
                shutil.copy(path, last)
    ran = gitlab_job(bench, template, "kmodaudit", last, {})
    summary = os.path.join(last, "kmodaudit.md")
    right(colour, ran.returncode, read(summary) if os.path.exists(summary) else "", what)
    tap.equal(ran.returncode in gate["allow_failure"]["exit_codes"], colour == "yellow", f"{what}: a warning only where unproven")
    if colour == "none":
        return None
    there(last, [*gate["artifacts"]["paths"], gate["artifacts"]["reports"]["junit"]], what)
    return read(os.path.join(last, "kmodaudit.yaml")), read(summary)


class Made:
    """Takes the place of any object of Buildbot."""

    def __init__(self, kind, args, kwargs):
        self.kind, self.args, self.kwargs = kind, args, kwargs


class Plugins(types.ModuleType):
    def __getattr__(self, kind):
        return lambda *args, **kwargs: Made(kind, args, kwargs)


def buildbot_config():
    """Reads buildbot.cfg without Buildbot: defines the same names, and records each call."""
    results = types.ModuleType("buildbot.process.results")
    for name in ("SUCCESS", "WARNINGS", "FAILURE", "EXCEPTION"):
        setattr(results, name, name)
    plugins = types.ModuleType("buildbot.plugins")
    for name in ("changes", "schedulers", "steps", "util", "worker"):
        setattr(plugins, name, Plugins(name))
    sys.modules.update({"buildbot": types.ModuleType("buildbot"), "buildbot.process": types.ModuleType("buildbot.process"),
                        "buildbot.process.results": results, "buildbot.plugins": plugins})
    config = {}
    exec(compile(text_of("buildbot.cfg"), "buildbot.cfg", "exec"), config)  # noqa: S102
    return config["BuildmasterConfig"]


def rendered(value, properties):
    return re.sub(r"%\(prop:([a-z]+)\)s", lambda found: properties[found[1]], value.args[0] if isinstance(value, Made) else value)


def buildbot_build(bench, config, name, cwd, properties):
    """The result of the builder's last command, and its stdout."""
    builder = next(one for one in config["builders"] if one.kwargs["name"] == name)
    result = out = None
    for step in builder.kwargs["factory"].args[0]:
        said = step.kwargs
        if step.kind == "ShellCommand":
            command = [rendered(word, properties) for word in said["command"]]
            ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=bench.environment({}))
            result, out = said["decodeRC"].get(ran.returncode, "FAILURE"), ran.stdout
        elif step.kind == "Trigger":
            for scheduler in said["schedulerNames"]:
                found = next(one for one in config["schedulers"] if one.kwargs.get("name") == scheduler)
                more = {key: rendered(value, properties) for key, value in said["set_properties"].items()}
                buildbot_build(bench, config, found.kwargs["builderNames"][0], bench.machine(f"buildbot-{scheduler}"),
                               {**found.kwargs["properties"], **more})
        elif step.kind in ("FileUpload", "FileDownload"):
            here = os.path.join(cwd, said.get("workersrc") or said["workerdest"])
            master = os.path.join(bench.where, "master", rendered(said.get("masterdest") or said["mastersrc"], properties))
            source, target = (here, master) if step.kind == "FileUpload" else (master, here)
            if not os.path.exists(source) and said.get("flunkOnFailure", True):
                return "FAILURE", ""
            if not os.path.exists(source):
                continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(source, target)
    return result, out


def run_buildbot(bench, colour):
    config = buildbot_config()
    expected = {"green": "SUCCESS", "red": "FAILURE", "yellow": "WARNINGS", "none": "EXCEPTION"}[colour]
    cwd = bench.machine("buildbot")
    result, out = buildbot_build(bench, config, "kmodaudit", cwd, {"buildername": "kmodaudit", "buildnumber": "3"})
    tap.equal(result, expected, f"buildbot.cfg, {colour}: {expected}")
    last = bench.machine("buildbot-last")
    result, _ = buildbot_build(bench, config, "kmodaudit-shards", last, {"buildername": "kmodaudit-shards", "buildnumber": "7"})
    tap.equal(result, expected if colour != "none" else "FAILURE", f"buildbot.cfg, {colour}: the same in shards")
    if colour == "none":
        return None
    tap.ok(out.startswith(f"kmodaudit: {WORD[colour]}: ") or WORD[colour] in out.splitlines()[0],
           f"buildbot.cfg, {colour}: the log begins with the answer")
    there(cwd, ["kmodaudit.yaml", "kmodaudit.xml", "kmodaudit.md", "kmodaudit.html"], f"buildbot.cfg, {colour}")
    kept = [read(os.path.join(bench.where, "master", "public_html", name)) for name in ("kmodaudit-3.html", "kmodaudit-shards-7.html")]
    tap.ok(kept[0] == kept[1] == read(os.path.join(cwd, "kmodaudit.html")), f"buildbot.cfg, {colour}: the master keeps the page of both")
    tap.equal(read(os.path.join(last, "kmodaudit.yaml")), read(os.path.join(cwd, "kmodaudit.yaml")),
              f"buildbot.cfg, {colour}: shards give the same report")
    return read(os.path.join(cwd, "kmodaudit.yaml")), read(os.path.join(cwd, "kmodaudit.md"))


def main():
    test_manners()
    test_readers()
    test_checkconfig()
    for colour in STATUS:
        with tap.Scratch() as scratch:
            bench = Bench(scratch, colour)
            answers = [run(bench, colour) for run in (run_github, run_action, run_github_shards, run_gitlab, run_buildbot)]
            tap.ok(all(answer == answers[0] for answer in answers), f"{colour}: every service gets the same report and summary")
    tap.done()


main()
