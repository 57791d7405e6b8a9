"""Finds which modules use each piece of the public headers and each member of each struct, and from that the modules
that an option can change; depends.py has the rules. A set of modules is a number with one bit for each."""
import re

import depends
import modules as sources_of
from pieces import GUARD, KEYWORDS, sizes_in, tokens

LAYOUT = ('macro', 'typedef', 'enum', 'struct')
# what every module is linked with: the file that modpost writes for it
MODULE_SOURCE = 'struct module __this_module = { .init = 0, .exit = 0, .arch = 0 }; MODULE_INFO BUILD_SALT'
# macros that take a type and depend on no size of it
BY_OFFSET = re.compile(r'(?:offsetof|container_of|_entry|_of|sizeof_field|typeof_member)\w*\s*\([^;{}]{0,200}$')
TYPE_ARGUMENT = re.compile(r'[(,]\s*(?:const\s+)?(?:struct|union)\s+(\w+)\s*[,)]')
LISTED = 1500  # more modules are not listed, for the length of the file


class Uses:
    def __init__(self, root, tree, modules):
        self.public = depends.Public(root, tree)
        self.pieces = self.public.pieces
        self.known = depends.Names(self.pieces)
        self.names, self.sharers = [], {}  # the modules; private header -> names of modules, also of those that cannot be read whole
        self.mentioned, self.visible = {}, {}  # name, header -> modules
        self.reached, self.sized = {}, {}  # number of a struct -> modules by the last member mentioned; tag -> modules
        units = self.units(root, tree, modules)
        self.everyone = (1 << len(self.names)) - 1
        self.spread_includes()
        self.used = [0] * len(self.pieces)
        self.spread_words()
        for words, texts, bits in units:
            self.reach(words, words, texts, bits)
        for piece in self.pieces:
            if piece.kind in ('function', 'generator') and self.used[piece.number]:
                self.reach(piece.words.difference(piece.parameters), piece.words, (piece.text,), self.used[piece.number])
        self.mention_module()
        self.layout_index()

    def effects(self, flags, options):
        """Returns (options that reach code through public headers or compiler flags, option -> modules, except where
        these are nearly all)."""
        seen, touched = flags & set(options), {}
        for name in sorted(options):
            bits, stands = self.changed(name)
            if stands:
                seen.add(name)
            if stands and name not in flags and bin(bits).count('1') <= LISTED:
                touched[name] = self.listed(bits)
        return seen, touched

    # ---- the sources of the modules ----

    def units(self, root, tree, modules):
        sources, by_path = sources_of.Sources(root), {}
        for name in sorted(modules.files):
            paths = [sources.file(stem) for stems in modules.files[name] for stem in stems]
            found = [by_path.get(path) or by_path.setdefault(path, [sources_of.Unit(sources, tree, path), 0]) for path, _ in paths if path]
            for unit, _ in found:
                self.share(unit, name)
            whole = all(known for _, known in paths) and all(unit.whole for unit, _ in found)
            if not found or not whole or name in modules.unread:
                continue
            bit = 1 << len(self.names)
            self.names.append(name)
            for entry in found:
                entry[1] |= bit
        return [self.unit(unit, bits) for unit, bits in by_path.values() if bits]

    def unit(self, unit, bits):
        """(words, texts, modules)"""
        texts = unit.texts
        words = set().union(*(tokens(t) for t in texts))
        for text in texts:
            words |= self.known.pasted(text)
        for word in words:
            if word in self.known.defined:
                self.mentioned[word] = self.mentioned.get(word, 0) | bits
        for path in unit.public.union(depends.IMPLICIT):
            self.visible[path] = self.visible.get(path, 0) | bits
        return words, texts, bits

    def share(self, unit, name):
        for path in unit.paths:
            if path.endswith('.h'):
                self.sharers.setdefault(path, set()).add(name)

    def spread_includes(self):
        self.visible[depends.CONSTANTS] = self.everyone
        queue = sorted(self.visible)
        while queue:
            path = queue.pop()
            for place in self.public.leads.get(path, ()):
                before = self.visible.get(place, 0)
                if before | self.visible[path] != before:
                    self.visible[place] = before | self.visible[path]
                    queue.append(place)

    def spread_words(self):
        flows = [self.flowing(piece) for piece in self.pieces]
        for word in tokens(MODULE_SOURCE):
            self.mentioned[word] = self.everyone
        edge = sorted(self.mentioned)
        while edge:
            new = set()
            for word in edge:
                bits = self.mentioned[word]
                for number in self.known.defined.get(word, ()):
                    more = bits & self.visible.get(self.pieces[number].header, 0) & ~self.used[number]
                    if not more:
                        continue
                    self.used[number] |= more
                    for other in flows[number]:
                        before = self.mentioned.get(other, 0)
                        if before | more != before:
                            self.mentioned[other] = before | more
                            new.add(other)
            edge = sorted(new)

    def flowing(self, piece):
        """Returns the words that code which uses PIECE uses, too. A declaration makes no code, but its attributes may
        change a call."""
        words = piece.words
        if piece.kind == 'declaration':
            words = {w for w in words if depends.PLAIN.match(w)}
        return [w for w in words if w in self.known.defined and w not in KEYWORDS and w not in piece.names and not GUARD.search(w)]

    # ---- who reaches which member ----

    def reach(self, words, mentioned, texts, bits):
        """Returns the words of MENTIONED that can be names defined elsewhere. A word that is a parameter counts only if
        it is also the name of a member."""
        def sees(name):
            return any(bits & self.visible.get(self.pieces[n].header, 0) for n in self.known.defined.get(name, ()))

        words = self.known.words_of(words, sees)
        held = self.known.held(words, sees)
        words |= mentioned
        for tag in held:
            for number in self.known.tagged.get(tag, ()):
                last = max((place for place, part in enumerate(self.pieces[number].parts) if not part.names.isdisjoint(words)), default=-1)
                if last >= 0:
                    places = self.reached.setdefault(number, {})
                    places[last] = places.get(last, 0) | bits
        of_names = Yields(self.known, held, self.pieces)
        for text in texts:
            tags = sizes_in(text, of_names) | type_arguments(text)
            for tag in tags:
                self.sized[tag] = self.sized.get(tag, 0) | bits

    def mention_module(self):
        self.sized['module'] = self.everyone

    # ---- what an option changes ----

    def layout_index(self):
        self.by_option, self.by_word, self.by_size = {}, {}, {}
        for number, piece in enumerate(self.pieces):
            options, words, holds = set(piece.options), set(), set()
            if piece.kind in ('macro', 'typedef'):
                words, holds = piece.words, sizes_in(piece.text + ';', {})
            for part in piece.parts:
                options |= part.options
                words = words | part.words
                holds = holds | part.holds
            for option in options:
                self.by_option.setdefault(option, []).append(number)
            if piece.kind in LAYOUT:
                for word in words - KEYWORDS:
                    self.by_word.setdefault(word, []).append(number)
                for tag in holds:
                    self.by_size.setdefault(tag, []).append(number)
        self.suffix = {}
        for number, places in self.reached.items():
            bits, row = 0, {}
            for place in sorted(places, reverse=True):
                bits |= places[place]
                row[place] = bits
            self.suffix[number] = sorted(row.items())

    def changed(self, option):
        """Returns (modules that OPTION can change, whether a public header mentions it at all)."""
        bits, words, tags, seen, queue = 0, set(), set(), {}, []

        def names(new):
            for name in new - words:
                words.add(name)
                queue.extend(self.by_word.get(name, ()))

        def visit(number):
            nonlocal bits
            piece = self.pieces[number]
            if piece.kind in ('struct', 'enum'):
                place = self.first(number, option, words, tags)
                if place is None or seen.get(number, len(piece.parts)) <= place:
                    return
                seen[number] = place
                if piece.kind == 'enum':
                    moved = set().union(*(p.names for p in piece.parts[place:]))
                    for name in moved:
                        bits |= self.mentioned.get(name, 0) & self.visible.get(piece.header, 0)
                    names(moved)
                    return
                bits |= self.moved(number, place)
                names(piece.names)
                if piece.tag not in tags:
                    tags.add(piece.tag)
                    bits |= self.sized.get(piece.tag, 0)
                    queue.extend(self.by_size.get(piece.tag, ()))
            elif number not in seen:
                seen[number] = 0
                if option in piece.options:
                    bits |= self.used[number]
                if piece.kind in LAYOUT:
                    names(piece.names)

        start = self.by_option.get(option, [])
        for number in start:
            visit(number)
        while queue:
            visit(queue.pop())
        return bits, bool(start)

    def first(self, number, option, words, tags):
        """Returns the index of the first member of a struct, or constant of an enum, that changes."""
        piece = self.pieces[number]
        if option in piece.options and (piece.kind == 'enum' or len(self.known.tagged['struct ' + piece.tag]) > 1):
            return 0
        for place, part in enumerate(piece.parts):
            if option in part.options or not part.words.isdisjoint(words) or not part.holds.isdisjoint(tags):
                return place
        return None

    def moved(self, number, place):
        for last, bits in self.suffix.get(number, ()):
            if last >= place:
                return bits
        return 0

    def listed(self, bits):
        return [n for i, n in enumerate(self.names) if bits >> i & 1]


class Yields:
    """Returns name -> structs that an expression with the name can have as type; sizes_in uses it."""

    def __init__(self, known, held, pieces):
        self.known, self.pieces = known, pieces
        self.members = None
        self.held = held

    def get(self, name, default):
        if self.members is None:
            self.members = {}
            for tag in self.held:
                for number in self.known.tagged.get(tag, ()):
                    for part in self.pieces[number].parts:
                        for one in part.names:
                            self.members.setdefault(one, set()).update(part.tags)
        found = self.members.get(name, set()) | self.known.kinds(name) | self.known.kinds(name + '(')
        return {tag[7:] for tag in found} or default


def type_arguments(text):
    """Returns the structs given as a type to a macro that may use the size: alloc_percpu(struct x)."""
    return {m.group(1) for m in TYPE_ARGUMENT.finditer(text) if not BY_OFFSET.search(text, max(0, m.start() - 240), m.start() + 1)}
