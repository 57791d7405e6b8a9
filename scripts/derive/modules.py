"""Finds the modules of the tree: the files of each, from the Makefiles, and what these files include."""
import functools
import os
import re

from headers import strip

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
RULE = re.compile(r'^\s*([\w.-]+?)-(\$\(CONFIG_\w+\)|\$\(subst m,y,\$\(CONFIG_\w+\)\)|y|m|objs)\s*[:+?]?=\s*(.*)', re.M)
UNREAD = re.compile(r'^\s*([\w.-]+?)-\$\((?!CONFIG_\w+\)|subst m,y,\$\(CONFIG_\w+\)\)).*?[:+?]?=', re.M)
SKIPPED = re.compile(r'(?:Documentation|tools|samples|scripts|usr|certs|drivers/staging|drivers/gpu/drm/(?:amd|nouveau|i915|'
                     r'radeon|msm|i2c|bridge|panel)|sound|drivers/(?:media|infiniband|iio|hwmon|comedi|greybus)|arch/(?!x86/|arm/|arm64/|mips/|powerpc/|riscv/)\w+)/')
# made during the build, or of the compiler
MADE = re.compile(r'(?:generated/|std\w+\.h$|arm_neon\.h$|asm/(?:unistd|syscall)\w*|.*\.lex\.|.*-asn1\.h$|.*\.asn1\.h$)')


def is_public(path):
    return path.startswith('include/') or re.match(r'arch/\w+/include/', path) is not None


class Modules:
    """FILES: name of a module -> lists of its files without suffix. UNREAD: modules with a Makefile that this reader
    does not understand."""

    def __init__(self, root, tristates):
        self.root, self.files, self.unread, self.tristates = root, {}, set(), tristates
        for folder, folders, names in os.walk(root):
            relative = os.path.relpath(folder, root)
            folders[:] = sorted(f for f in folders if not SKIPPED.match(os.path.normpath(os.path.join(relative, f)) + '/'))
            for name in sorted(names):
                if name in ('Makefile', 'Kbuild'):
                    text = open(os.path.join(folder, name), errors='replace').read()
                    self.makefile(relative, re.sub(r'\\\n', ' ', re.sub(r'#.*', '', text)))

    def makefile(self, folder, text):
        built, parts, unread = set(), {}, set(UNREAD.findall(text))
        for left, gate, right in RULE.findall(text):
            for word in right.split():
                if left != 'obj' and '$' in word:
                    unread.add(left)
                if '$' in word or not word.endswith('.o'):
                    continue
                if left != 'obj':
                    parts.setdefault(left, set()).add(word[:-2])
                elif gate == 'm' or gate[9:-1] in self.tristates:
                    built.add(word[:-2])
        for name in sorted(built):
            key = os.path.basename(name).replace('-', '_')
            self.files.setdefault(key, []).append(self.members(folder, name, parts))
            if unread & {name}.union(parts.get(name, ())):
                self.unread.add(key)

    @staticmethod
    def members(folder, name, parts):
        files, seen = [], set()
        queue = sorted(parts[name]) if name in parts else [name]
        while queue:
            part = queue.pop()
            if part in seen:
                continue
            seen.add(part)
            if part in parts and part != name:
                queue += sorted(parts[part])
            else:
                files.append(os.path.normpath(os.path.join(folder, part)))
        return files


class Source:
    """The contents of a C file or of a header that is not public."""

    def __init__(self, raw):
        self.includes = [name for _, name in INCLUDE.findall(raw)]
        self.raw = raw
        self.traces = 'CREATE_TRACE_POINTS' in raw

    @functools.cached_property
    def text(self):
        return strip(self.raw)


class Unit:
    """A C file and the private headers that it includes. PUBLIC: the public headers that these include. WHOLE: all were
    found."""

    def __init__(self, sources, tree, path):
        self.sources, self.paths, self.public, self.whole = [], {path}, set(), True
        queue, traces = [path], sources.get(path).traces
        while queue:
            now = queue.pop()
            source = sources.get(now)
            self.sources.append(source)
            for name in source.includes:
                places = sources.beside(name, now) if name.endswith('.c') else tree.find(name, now)
                self.whole = self.whole and (bool(places) or MADE.match(name) is not None)
                for place in places:
                    if is_public(place):
                        self.public.add(place)
                    if place not in self.paths and (not is_public(place) or traces and place.startswith('include/trace/')):
                        self.paths.add(place)
                        queue.append(place)

    @property
    def texts(self):
        return [source.text for source in self.sources]


class Sources:
    def __init__(self, root):
        self.root, self.read = root, {}

    def get(self, path):
        if path not in self.read:
            self.read[path] = Source(open(os.path.join(self.root, path), errors='replace').read())
        return self.read[path]

    def beside(self, name, path):
        near = os.path.normpath(os.path.join(os.path.dirname(path), name))
        return [near] if os.path.isfile(os.path.join(self.root, near)) else []

    def file(self, stem):
        """Returns (path, whether it is known). A file that a tool makes has no C source to read."""
        for end in ('.c', '.S'):
            if os.path.isfile(os.path.join(self.root, stem + end)):
                return stem + end, True
        return None, any(os.path.isfile(os.path.join(self.root, stem + e)) for e in ('.pl', '.asn1', '.c_shipped'))
