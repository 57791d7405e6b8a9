#!/usr/bin/python3
"""A FreeBSD repository from nginx: the report is that of the same files on disk, and of a hundred packages only those are fetched
that may carry modules."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap  # noqa: E402
import server  # noqa: E402

if not server.nginx():
    tap.skip_all("no nginx: scripts/setup test fetches it")

OTHERS = 100
STORY = """
build fb
	machine x86_64
	release 14.2
	module if_x
		placed boot/modules/if_x.ko
		imports printk
	package x-kmod
		contains if_x
		format pkg
		osversion 1402000
"""


def story():
    with open(os.path.join(tap.ROOT, "fixtures", "founding.world"), encoding="utf-8") as file:
        text = file.read() + STORY
    for i in range(OTHERS):
        text += f"\tpackage p{i}\n\t\tfile usr/local/share/p{i} x\n\t\tformat pkg\n"
    for version in (1, 2):
        text += f"feed repo{version} from fb\n\trepository {version}\n\tholds x-kmod {' '.join(f'p{i}' for i in range(OTHERS))}\n"
    return text


def packages(report):
    return [(package["name"], package["version"], package["verdict"]) for package in report["packages"]]


def fetched(nginx):
    return sorted(path for _, path, status, *_ in nginx.asked() if status == "200")


def repositories(nginx, root):
    for version, names in ((2, ["/repo2/meta.conf", "/repo2/data.pkg"]), (1, ["/repo1/meta.txz", "/repo1/packagesite.txz", "/repo1/digests.txz"])):
        name = f"repo{version}"
        environment = {"XDG_CACHE_HOME": f"{root}/cache{version}", "no_proxy": "*", "http_proxy": "", "all_proxy": ""}
        local = tap.audit("device.bin", name, cwd=root + "/www")
        far = tap.audit("--timeout", str(tap.PATIENCE), "device.bin", nginx.url(name), cwd=root + "/www", env=environment)
        tap.equal(far.status, local.status, f"version {version}: the status of the same repository on disk")
        tap.equal(packages(far.report()), packages(local.report()), f"version {version}: the same packages and verdicts")
        tap.equal(far.report()["feeds"][0]["packages"], OTHERS + 1, f"version {version}: all rows are known")
        tap.equal(fetched(nginx), sorted([*names, f"/{name}/All/x-kmod-14.2.pkg"]), f"version {version}: its meta file, the catalogue and one package")


def renamed(nginx, root):
    """A catalogue of another name; one that is not there; a meta file that cannot be read."""
    environment = {"XDG_CACHE_HOME": f"{root}/cache3", "no_proxy": "*", "http_proxy": "", "all_proxy": ""}
    folder = f"{root}/www/repo1"

    def meta(text):
        with open(f"{folder}/meta.conf", "w", encoding="utf-8") as file:
            file.write(text)
        return tap.audit("--timeout", str(tap.PATIENCE), "device.bin", nginx.url("repo1"), cwd=root + "/www", env=environment)

    ran = meta('version = 2;\npacking_format = "txz";\ndata = "all";\n')
    tap.equal(ran.report()["feeds"][0]["packages"], OTHERS + 1, "data of another name that is not there: packagesite is read, as by pkg")
    ran = meta('version = 2;\npacking_format = "txz";\ndata = "all";\nmanifests = "rows.yaml";\n')
    tap.ok(ran.status == 3 and "names the catalogues all.pkg and rows.pkg, and the server has neither" in ran.err,
           "catalogues that are not there are told by name")
    ran = meta("version = 9;\n")
    said = [finding["text"] for finding in ran.report()["feeds"][0]["findings"]]
    tap.ok(any("its version is 9" in text for text in said), "a meta file that cannot be read is told")
    tap.equal(ran.report()["feeds"][0]["packages"], OTHERS + 1, "and the usual names are asked for")


def main():
    with tap.Scratch() as root:
        os.makedirs(root + "/www")
        with open(root + "/story", "w", encoding="utf-8") as file:
            file.write(story())
        tap.world(root + "/story", root + "/www")
        nginx = server.Nginx(root)
        try:
            repositories(nginx, root)
            renamed(nginx, root)
        finally:
            nginx.stop()
    tap.done()


main()
