"""Finds the modules of a tree whose machine code can change with an option.

A module uses a piece of a public header if its sources, or a piece that it uses, mention a name of the piece, and its
includes lead to that header. An option changes a module that uses a piece whose condition or text names the option.

An option changes a struct from its first member that the option adds or whose type it changes. The change reaches a
module if one of its C files, or an inline function that it uses, can contain such a struct and mentions one of the
members that move, or depends on the size of the struct. A text can contain a struct through its tag, a typedef, a
function or variable declared with it, or a member of that type in a struct that the text can contain.

Names are compared and conditions ignored: the result can have modules too many, never too few."""
import os
import re

import pieces
from pieces import Header, arguments, closed, tags_in, tokens

WORD = re.compile(r'[A-Za-z_]\w*')
ARCHES = ('x86', 'arm', 'arm64', 'mips', 'powerpc', 'riscv')
IMPLICIT = ('include/linux/kconfig.h', 'include/linux/compiler-version.h', 'include/linux/compiler_types.h')
CONSTANTS = 'kernel/bounds.c'  # include/generated/bounds.h is made from it
DEFINED = re.compile(r'\bDEFINE\s*\(\s*(\w+)\s*,\s*([^;]*)\)\s*;')
EXPANSIONS, NESTED = 60, 4  # of macros in macros: where they define something, where they are used
PASTE = re.compile(r'(?:\b\w+\s*)?(?:##\s*\w*\s*)+')
PLAIN = re.compile(r'__\w+$|asmlinkage$|notrace$|noinline$')


class Names:
    """Maps each name to what it stands for, over all public headers."""

    def __init__(self, found):
        self.pieces = found
        self.defined, self.tagged, self.macros = {}, {}, {}
        self.expands, self.typed_as, self.tagged_as = {}, {}, {}
        self.yields, self.yielded, self.parent = {}, {}, {}
        for number, piece in enumerate(found):
            if piece.kind != 'generator':
                self.define(piece, piece.names)
            if piece.kind == 'macro':
                self.macro(piece)
            elif piece.kind == 'typedef':
                self.expand(piece)
            elif piece.kind in ('declaration', 'function'):
                self.typed(piece)
            elif piece.kind == 'struct':
                self.struct(number, piece)
        self.pasting = self.reach_paste()
        self.pasted_names = {}
        for piece in found:
            if piece.kind == 'generator':
                self.generated(piece)
            elif piece.kind == 'function':
                piece.words |= self.pasted(piece.text)

    def define(self, piece, names):
        for name in names:
            self.defined.setdefault(name, []).append(piece.number)

    def generated(self, piece):
        """A macro call on its own line defines the names that the macro pastes together, and the arguments that it uses
        as names."""
        made, texts = self.expanded(piece.text, EXPANSIONS)
        macro = pieces.CALLED.search(piece.text).group(1)
        if macro in self.macros and not re.match(r'_*(?:DECLARE|DEFINE|EXTERN)', macro):
            text = ';'.join(texts)
            piece.names = {n for n in piece.names if re.search(r'(?<![\w.>#])%s\s*[(\[=;{]' % n, text)}
        made = {n for n in made if len(n) > 2 and not n[0].isdigit()} - pieces.KEYWORDS
        piece.names = piece.names | made
        piece.words |= made
        self.define(piece, piece.names)
        self.typed(piece)

    def macro(self, piece):
        for name in piece.names:
            self.macros.setdefault(name, []).append(piece)
        self.expand(piece)

    def expand(self, piece):
        for name in piece.names:
            self.expands.setdefault(name, set()).update(piece.words)
            if not piece.parameters:
                self.typed_as.setdefault(name, set()).update(tokens(piece.text))

    def typed(self, piece):
        """Returns a name of the type in front of it."""
        words = piece.head or piece.words
        for name in piece.names:
            key = name + '(' if name + '(' in words else name
            self.yields.setdefault(key, set()).update(words - {name})

    def struct(self, number, piece):
        self.tagged.setdefault('struct ' + piece.tag, []).append(number)
        for name in piece.names:
            self.expands.setdefault(name, set()).add('struct ' + piece.tag)
            self.typed_as.setdefault(name, set()).add('struct ' + piece.tag)
        for tag in piece.inside:
            self.parent.setdefault('struct ' + tag, set()).add('struct ' + piece.tag)

    # ---- names made of parts: a ## b ----

    def reach_paste(self):
        """Returns the macros that paste names together, and those that use such a macro."""
        found = {n for n, ps in self.macros.items() if any('##' in p.text for p in ps)}
        found -= {n for n in found if 'UNIQUE_ID' in n}
        users = {}
        for name, ps in self.macros.items():
            for piece in ps:
                if piece.parameters:
                    for word in piece.words:
                        users.setdefault(word, set()).add(name)
        queue = list(found)
        while queue:
            for name in users.get(queue.pop(), ()):
                if name not in found and 'UNIQUE_ID' not in name:
                    found.add(name)
                    queue.append(name)
        return found

    def pasted(self, text):
        """Returns the names that the macros called in TEXT paste together."""
        made = set()
        for call in self.calls(text):
            if call not in self.pasted_names:
                self.pasted_names[call] = self.expanded('%s(%s)' % call, NESTED)[0]
            made |= self.pasted_names[call]
        return made

    def calls(self, text, every=False):
        for match in pieces.CALLED.finditer(text):
            if match.group(1) in (self.macros if every else self.pasting):
                end = closed(text, match.end() - 1, 400)
                yield match.group(1), text[match.end():end - 1] if end else ''

    def expanded(self, text, most):
        """Returns (pasted names, bodies) of the macros called in TEXT, and of those called in their bodies, up to MOST
        calls."""
        made, bodies, queue = set(), [], list(self.calls(text, most > NESTED))
        done = set(queue)
        for name, inside in queue:
            values = arguments(inside)
            for piece in self.macros[name]:
                given = dict(zip(piece.parameters, values))
                body = WORD.sub(lambda m: given.get(m.group(), m.group()), piece.text) if given else piece.text
                if '##' in body:
                    for one in PASTE.findall(body):
                        made.update(WORD.findall(re.sub(r'\s*##\s*', '', one)))
                    body = re.sub(r'\s*##\s*', '', body)
                bodies.append(body)
                for call in self.calls(body) if len(queue) < most else ():
                    if call not in done:
                        done.add(call)
                        queue.append(call)
        return made, bodies

    # ---- what a text can mention and hold ----

    def words_of(self, words, sees):
        """Returns WORDS and the words of all macros and typedefs among them, at any depth. SEES: tells whether the
        definition of a name is included."""
        seen, queue = set(words), list(words)
        while queue:
            word = queue.pop()
            if word in self.expands and sees(word):
                for other in self.expands[word]:
                    if other not in seen:
                        seen.add(other)
                        queue.append(other)
        return seen

    def held(self, words, sees):
        """Returns the structs that a text of WORDS can contain."""
        found, queue, calls = set(), [], pieces.CALLS in words

        def add(tags):
            for tag in tags:
                if tag not in found:
                    found.add(tag)
                    queue.append(tag)

        for word in words:
            if word.startswith('struct '):
                add((word,))
            elif word in self.yields and sees(word.rstrip('(')):
                add(self.kinds(word))
            elif calls and word + '(' in self.yields and sees(word):
                add(self.kinds(word + '('))
        while queue:
            tag = queue.pop()
            add(self.parent.get(tag, ()))
            for number in self.tagged.get(tag, ()):
                for part in self.pieces[number].parts:
                    if not part.names.isdisjoint(words):
                        if part.kinds is None:
                            part.kinds = self.tags(part.words | part.tags)
                        add(part.kinds)
        return found

    def kinds(self, name):
        """Returns the structs that the declaration of NAME names."""
        if name not in self.yielded:
            self.yielded[name] = self.tags(self.yields.get(name, ()))
        return self.yielded[name]

    def tags(self, words):
        """Returns the structs that WORDS name; follows typedefs and macros without parameters."""
        return set().union(*(self.tags_of(w) for w in words if w in self.typed_as or w.startswith('struct ')))

    def tags_of(self, word):
        if word not in self.tagged_as:
            seen, queue = {word}, [word]
            while queue:
                for other in self.typed_as.get(queue.pop(), ()):
                    if other not in seen:
                        seen.add(other)
                        queue.append(other)
            self.tagged_as[word] = frozenset(tags_in(seen))
        return self.tagged_as[word]


class Public:
    """The public headers of a tree: their pieces and their includes."""

    def __init__(self, root, tree):
        self.pieces, self.leads, self.loose = [], {}, {}
        for path in public_paths(root):
            header = Header(open(os.path.join(root, path), errors='replace').read())
            self.take(path, header.pieces)
            self.leads[path] = set()
            for _, name, options in header.includes:
                for place in tree.find(name, path):
                    self.leads[path].add(place)
                    self.loose.setdefault(place, []).append((path, options))
        path = os.path.join(root, CONSTANTS)
        if os.path.isfile(path):
            text = ''.join('#define %s %s\n' % row for row in DEFINED.findall(open(path).read()))
            self.take(CONSTANTS, Header(text).pieces)
        self.condition()

    def take(self, path, found):
        for piece in found:
            piece.header, piece.number = path, len(self.pieces)
            self.pieces.append(piece)

    def condition(self):
        """If a header is included only under an option, the option applies to its contents, and to the contents of the
        headers that only it includes."""
        under = {}
        queue = sorted(self.loose)
        while queue:
            path = queue.pop(0)
            options = frozenset.intersection(*(frozenset(o) | under.get(by, frozenset()) for by, o in self.loose[path]))
            if options - under.get(path, frozenset()):
                under[path] = options
                queue += sorted(self.leads.get(path, ()))
        for piece in self.pieces:
            if piece.header in under:
                piece.options = piece.options | under[piece.header]


def public_paths(root):
    for top in ['include'] + ['arch/%s/include' % a for a in ARCHES]:
        for folder, below, names in os.walk(os.path.join(root, top)):
            below.sort()
            for name in sorted(names):
                if name.endswith('.h'):
                    yield os.path.relpath(os.path.join(folder, name), root)
