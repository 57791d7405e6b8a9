"""For each exported symbol: at which distance its declaration mentions a struct of interest, over the definitions that the C
file which exports it can see. 1: named in the declaration (or a struct that holds it by value is); 2: named in a struct that
the declaration names; ..."""
import os
import re

from ctypes_graph import File, mentions

ARCHES = ('x86', 'arm', 'arm64', 'mips', 'powerpc', 'riscv')


class Tree:
    """Parsed files, and where an #include leads: every place it could lead to."""

    def __init__(self, root):
        self.root = root
        self.parsed = {}
        self.resolved = {}
        self.suffixes = {}
        for folder, folders, names in os.walk(root):
            folders[:] = [f for f in folders if f not in ('Documentation', 'tools', 'samples', '.git')]
            for name in names:
                if name.endswith('.h'):
                    path = os.path.relpath(os.path.join(folder, name), root)
                    self.suffixes.setdefault(name, []).append(path)

    def file(self, path):
        if path not in self.parsed:
            self.parsed[path] = File(open(os.path.join(self.root, path), errors='replace').read())
        return self.parsed[path]

    def exists(self, path):
        return path in self.suffixes.get(os.path.basename(path), ())

    def arches(self, source):
        own = re.match(r'arch/(\w+)/', source)
        return [own.group(1)] if own else ARCHES

    def find(self, name, source):
        near = os.path.normpath(os.path.join(os.path.dirname(source), name))
        if self.exists(near):
            return [near]
        places = ['include/' + name, 'include/uapi/' + name]
        if name.startswith(('asm/', 'uapi/asm/')):
            tail = name.split('asm/', 1)[1]
            for arch in self.arches(source):
                places += ['arch/%s/include/asm/%s' % (arch, tail), 'arch/%s/include/uapi/asm/%s' % (arch, tail)]
            places += ['include/asm-generic/' + tail, 'include/uapi/asm-generic/' + tail]
        found = [p for p in places if self.exists(p)]
        if found:
            return found
        # -I flags of Makefiles are not read: whatever ends alike, close by
        name = re.sub(r'^(\.\./)+', '', name)
        top = source.split('/')[0] + '/'
        return [p for p in self.suffixes.get(os.path.basename(name), ()) if p.endswith('/' + name) and p.startswith(top)][:20]

    def includes(self, path):
        if path not in self.resolved:
            found = []
            for _, name in self.file(path).includes:
                found += self.find(name, path)
            self.resolved[path] = found
        return self.resolved[path]

    def closure(self, source):
        seen, queue = {source}, [source]
        while queue:
            for path in self.includes(queue.pop()):
                if path not in seen:
                    seen.add(path)
                    queue.append(path)
        return seen


class Graph:
    """The names of all parsed files numbered, so that a walk is over small integers."""

    def __init__(self, tree):
        self.tree = tree
        self.number = {}
        self.by_file = {}

    def index(self, name):
        return self.number.setdefault(name, len(self.number))

    def edges(self, path):
        """[(name, names it mentions)] of one file."""
        if path not in self.by_file:
            file = self.tree.file(path)
            rows = [(self.index(n), frozenset(map(self.index, w))) for n, w in file.types.items()]
            rows += [(self.index(n), frozenset(map(self.index, w))) for n, w in file.defines.items() if macro_matters(file, n)]
            self.by_file[path] = rows
        return self.by_file[path]


def macro_matters(file, name):
    """A macro can stand in a declaration or struct body only if it speaks of a type; constants and functions do not."""
    words = file.defines[name]
    return bool(words & {'struct', 'union', 'typedef'})


def visible(graph, source):
    """name -> set of names, joined over all that SOURCE sees."""
    merged = {}
    for path in graph.tree.closure(source):
        for name, words in graph.edges(path):
            have = merged.get(name)
            merged[name] = words if have is None else have | words
    return merged


def distances(merged, targets, limit):
    """name -> distance to the nearest of TARGETS (0: is one), breadth first and backwards."""
    backwards = {}
    for name, words in merged.items():
        for word in words:
            if word in merged or word in targets:
                backwards.setdefault(word, []).append(name)
    found = {t: 0 for t in targets}
    edge, step = list(targets), 0
    while edge and step < limit:
        step += 1
        new = []
        for word in edge:
            for name in backwards.get(word, ()):
                if name not in found:
                    found[name] = step
                    new.append(name)
        edge = new
    return found
