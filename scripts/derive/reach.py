"""Computes for each exported symbol the distance at which its declaration mentions a struct of interest, over the
definitions that the exporting C file can see. 1: the declaration names the struct, or one that holds it by value; 2: a
struct that the declaration names does so; and so on."""
import os
import re

from ctypes_graph import File

ARCHES = ('x86', 'arm', 'arm64', 'mips', 'powerpc', 'riscv')


class Tree:
    """Parsed files, and the files to which each #include can lead: all possible ones."""

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
    """Numbers the names of all parsed files, so that a walk is over small integers."""

    def __init__(self, tree):
        self.tree = tree
        self.number = {}
        self.aliases = []
        self.by_file = {}
        self.by_file_kept = {}

    def index(self, name):
        if name not in self.number:
            self.number[name] = len(self.aliases)
            self.aliases.append(not name.startswith('struct '))
        return self.number[name]

    def alias(self, number):
        return self.aliases[number]

    def edges(self, path):
        """Returns [(name, names that it mentions)] of one file."""
        if path not in self.by_file:
            file = self.tree.file(path)
            rows = [(self.index(n), frozenset(map(self.index, w))) for n, w in file.types.items()]
            rows += [(self.index(n), frozenset(map(self.index, w))) for n, w in file.defines.items() if macro_matters(file, n)]
            self.by_file[path] = rows
        return self.by_file[path]

    def kept(self, path, keep):
        if path not in self.by_file_kept:
            rows = ((name, words & keep) for name, words in self.edges(path) if name in keep)
            self.by_file_kept[path] = [(name, words) for name, words in rows if words]
        return self.by_file_kept[path]


def macro_matters(file, name):
    """A macro can be part of a declaration or struct body only if it names a type; constants and functions cannot."""
    words = file.defines[name]
    return bool(words & {'struct', 'union', 'typedef'})


def relevant(graph, files, targets, limit):
    """Returns the names within LIMIT of TARGETS with all FILES visible at once. A C file that sees fewer files finds no
    others."""
    mentioned = {}
    for path in files:
        for name, words in graph.edges(path):
            for word in words:
                mentioned.setdefault(word, []).append(name)
    return frozenset(distances(graph, mentioned, targets, limit))


def backwards(graph, files, keep):
    """Returns name -> names that mention it, among those of KEEP, joined over FILES."""
    found = {}
    for path in files:
        for name, words in graph.kept(path, keep):
            for word in words:
                found.setdefault(word, []).append(name)
    return found


def distances(graph, mentioned, targets, limit):
    """Returns name -> distance to the nearest of TARGETS (0: is one), breadth first. A typedef or macro has the
    distance of what it stands for."""
    found = {t: 0 for t in targets}
    edge, step = list(targets), 0
    while edge and step <= limit:
        new = []
        for word in edge:
            for name in mentioned.get(word, ()):
                if name in found:
                    continue
                alias = graph.alias(name)
                if alias or step < limit:
                    found[name] = step if alias else step + 1
                    (edge if alias else new).append(name)
        edge, step = new, step + 1
    return found
