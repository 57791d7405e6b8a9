"""Which modules of the tree can have other machine code when an option changes: whose sources mention a word that the option
changes in a header, directly or through inline functions and macros, or a member that it moves, or the size of a struct that it
changes. Words are compared, not types: what is found is more than what the compiler would find, never less.

A header is cut into pieces: macros, functions, structs, enums, typedefs. An option that stands in or above a piece changes it. What
mentions a changed piece is changed, too. In a struct everything behind the first changed member moves."""
import os
import re

from headers import all_names, strip

WORD = re.compile(r'[A-Za-z_]\w*')
USED = re.compile(r'(?:->|\.)\s*([A-Za-z_]\w*)')
# macros that take the name of a member as an argument
NAMED = re.compile(r'\b\w*(?:entry|entries|for_each|offsetof|container|sizeof_field|FIELD_SIZEOF|struct_size|flex_array|'
                   r'typeof_member|member|group|_safe|_rcu|_of)\w*\s*\(([^;{}]{0,300})')
BARE = re.compile(r'(?<![.\w>])([A-Za-z_]\w*)\s*(?=[,)])')
TAG_SIZE = re.compile(r'\b(?:sizeof|typeof|__alignof__)\s*\(\s*(?:struct|union)\s+(\w+)\s*\)')
BY_VALUE = re.compile(r'\b(?:struct|union)\s+(\w+)\s+(?:__\w+\s+)*[A-Za-z_]\w*\s*(?=[;=,\[{:]|__)')
POINTER = re.compile(r'\b(?:struct|union)\s+(\w+)\s+(?:__\w+\s+)?\*+\s*(?:const\s+|__\w+\s+)?([A-Za-z_]\w*)')
# a pointer whose target is copied, counted or stepped over
SIZED = re.compile(r'sizeof\s*\(\s*\*\s*(?:\w+\s*->\s*)?(\w+)\s*\)|(?<![\w)\]])\*\s*(\w+)\s*=(?!=)|\b(\w+)\s*(?:\[|\+\+)|\+\+\s*(\w+)')
DIRECTIVE = re.compile(r'#\s*(ifdef|ifndef|if|elif|else|endif|define|include)\b(.*)')
MACRO = re.compile(r'\s*(\w+)(\([^)]*\))?(.*)', re.S)
STRUCT = re.compile(r'\b(?:struct|union)\s+(?:__\w+\s*(?:\([^()]*\))?\s*)*([A-Za-z_]\w*)?[^;{}()=]*$')
CALLED = re.compile(r'([A-Za-z_]\w*)\s*\(')
LAST = re.compile(r'([A-Za-z_]\w*)\s*(?:\[[^]]*\]\s*|:\s*[^,;]+|__\w+(?:\([^()]*\))?\s*)*$')
CONFIG = re.compile(r'\bCONFIG_(\w+?)(?:_MODULE)?\b')
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
ARCHES = ('x86', 'arm', 'arm64', 'mips', 'powerpc', 'riscv')
SKIPPED = re.compile(r'(?:Documentation|tools|samples|scripts|usr|certs|drivers/staging|drivers/gpu/drm/(?:amd|nouveau|i915|'
                     r'radeon|msm|i2c|bridge|panel)|sound|drivers/(?:media|infiniband|iio|hwmon|comedi|greybus)|arch/(?!x86/|arm/|arm64/|mips/|powerpc/|riscv/)\w+)/')
EVERYTHING = 4000  # so many changed pieces reach every module


def sizes_in(text):
    """Structs whose size the code of TEXT depends on."""
    found = set(TAG_SIZE.findall(text)) | set(BY_VALUE.findall(text))
    named = {}
    for tag, name in POINTER.findall(text):
        named.setdefault(name, set()).add(tag)
    if named:
        for groups in SIZED.findall(text):
            for name in groups:
                found |= named.get(name, set())
    return found


def members_in(text):
    found = set(USED.findall(text))
    for arguments in NAMED.findall(text):
        found.update(BARE.findall(arguments))
    return found


class Piece:
    """What a header defines: NAMES are what others mention. For a struct, PARTS are its members in order."""
    __slots__ = ('names', 'words', 'members', 'sizes', 'options', 'tag', 'parts')

    def __init__(self, names, text, options):
        self.names, self.options = names, set(options) | set(CONFIG.findall(text))
        self.words, self.members, self.sizes = set(WORD.findall(text)), members_in(text), sizes_in(text)
        self.tag, self.parts = None, ()


class Part:
    """A member: its names, the words of its type, structs it holds by value, the options above it inside the struct."""
    __slots__ = ('names', 'words', 'holds', 'options')

    def __init__(self, text, options):
        self.options = set(options) | set(CONFIG.findall(text))
        self.holds = set(BY_VALUE.findall(text + ';'))
        called = re.findall(r'\(\s*\*+\s*(?:const\s+)?(\w+)', text)
        if called:
            self.names, self.words = set(called), set()
            return
        if '(' in text:  # DECLARE_BITMAP(name, size), DEFINE_SNMP_STAT(type, name)
            self.names = set(WORD.findall(text))
        else:
            self.names = {m.group(1) for m in map(LAST.search, text.split(',')) if m}
        self.words = set(WORD.findall(re.sub(r'\b(?:struct|union|enum)\s+\w+', ' ', text))) - self.names
        self.words |= set(WORD.findall(' '.join(re.findall(r'\[([^]]*)\]|:(.*)', text) and
                                                [a or b for a, b in re.findall(r'\[([^]]*)\]|:(.*)', text)])))
        if '(' in text:
            self.words |= self.names


class Header:
    """The pieces of one header. LOOSE: options that stand above an #include."""

    def __init__(self, raw):
        self.pieces, self.loose = [], set()
        self.stack = []
        self.lines, self.depth, self.outer = [], 0, ()
        for line in strip(raw).split('\n'):
            line = line.strip()
            if line.startswith('#'):
                self.directive(line)
            elif line:
                self.code(line)

    def above(self):
        return set().union(*self.stack) if self.stack else set()

    def directive(self, line):
        match = DIRECTIVE.match(line)
        if not match:
            return
        key, rest = match.groups()
        if key in ('if', 'ifdef', 'ifndef'):
            self.stack.append(all_names(rest))
        elif key == 'elif' and self.stack:
            self.stack[-1] = self.stack[-1] | all_names(rest)
        elif key == 'endif' and self.stack:
            self.stack.pop()
        elif key == 'include':
            self.loose |= self.above()
        elif key == 'define':
            name, _, body = MACRO.match(rest).groups()
            self.pieces.append(Piece({name}, body, self.above()))

    def code(self, line):
        if not self.lines:
            self.outer = self.above()
        start = 0
        for match in re.finditer(r'[{};]', line):
            sign = match.group()
            if sign == '{':
                self.depth += 1
            elif sign == '}':
                self.depth = max(0, self.depth - 1)
            ends = self.depth == 0 and (sign == ';' or sign == '}' and self.is_function(line[start:match.end()]))
            if ends:
                self.lines.append((line[start:match.end()], self.above()))
                self.finish()
                self.outer = self.above()
                start = match.end()
        if line[start:].strip():
            self.lines.append((line[start:], self.above()))

    def is_function(self, last):
        text = '\n'.join(t for t, _ in self.lines) + last
        head = text[:text.find('{')]
        return '(' in head and not re.search(r'=\s*$', head) and not re.match(r'\s*(?:typedef|enum)\b', head)

    def finish(self):
        lines, self.lines = self.lines, []
        text = '\n'.join(t for t, _ in lines)
        options = set(self.outer).union(*(o for _, o in lines))
        brace = text.find('{')
        head = text[:brace] if brace >= 0 else text
        if brace < 0:
            self.declaration(text, options)
        elif re.search(r'\benum\b[^()]*$', head):
            self.constants(lines, set(self.outer))
        elif STRUCT.search(head) and '(' not in re.sub(r'__\w+\s*\([^()]*\)', '', head):
            self.struct(lines, text, head)
        else:
            names = set(CALLED.findall(head)) or set(WORD.findall(head)[-1:])
            self.pieces.append(Piece(names, text, options))

    def declaration(self, text, options):
        if re.match(r'\s*typedef\b', text):
            name = re.search(r'\(\s*\*?\s*(\w+)\s*\)\s*\(', text) or LAST.search(text.rstrip('; \n'))
            if name:
                self.pieces.append(Piece({name.group(1)}, text, options))
        elif options and re.match(r'\s*[A-Z_]{4,}\w*\s*\(', text):
            self.pieces.append(Piece(set(WORD.findall(text)), text, options))

    def constants(self, lines, outer):
        """A constant under an option changes itself and those behind it."""
        names, options, text = set(), set(outer), ''
        for line, above in lines:
            text += line + '\n'
            options |= above - outer
            if options:
                names |= set(re.findall(r'(?:^|[,{])\s*([A-Za-z_]\w*)\s*(?=[,=}]|$)', line))
        if names:
            self.pieces.append(Piece(names, text, options))

    def struct(self, lines, text, head):
        tag = STRUCT.search(head).group(1)
        tail = re.search(r'\}\s*([^{}]*);\s*$', text)
        names = set(re.findall(r'(\w+)\s*$', tail.group(1))) if tail and 'typedef' in head else set()
        piece = Piece(names, '', self.outer)
        piece.tag = tag or next(iter(sorted(names)), None)
        parts, pending, inner = [], '', set()
        first = True
        for line, above in lines:
            if first:
                if '{' not in line:
                    continue
                line, first = line[line.index('{') + 1:], False
            for token in re.split(r'([;{}])', line):
                if token in ';{}':
                    if token == ';' and pending.strip():
                        parts.append(Part(pending, inner - set(self.outer)))
                    elif token == '{' and 'struct_group' in pending:
                        pass
                    pending, inner = '', set()
                elif token.strip():
                    pending += ' ' + token
                    inner |= above
        piece.parts = parts
        piece.words, piece.members, piece.sizes = set(), set(), set()
        piece.options = set(self.outer)
        if piece.tag:
            self.pieces.append(piece)


class Graph:
    """All pieces of the public headers, and which of them mention what."""

    def __init__(self, pieces):
        self.pieces = pieces
        self.by_word, self.by_member, self.by_size, self.by_option = {}, {}, {}, {}
        self.defined = {}
        for number, piece in enumerate(pieces):
            if piece.tag:
                self.defined.setdefault(piece.tag, []).append(number)
            for words, index in ((piece.words, self.by_word), (piece.members, self.by_member),
                                 (piece.sizes, self.by_size), (piece.options, self.by_option)):
                for word in words:
                    index.setdefault(word, []).append(number)
            for part in piece.parts:
                for word in part.words:
                    self.by_word.setdefault(word, []).append(number)
                for tag in part.holds:
                    self.by_size.setdefault(tag, []).append(number)
                for option in part.options:
                    self.by_option.setdefault(option, []).append(number)

    def changed(self, option):
        """(words, members, tags) that OPTION changes; None: nearly everything."""
        words, members, tags = set(), set(), set()
        queue, seen = [], {}

        def struct(number):
            piece = self.pieces[number]
            alone = len(self.defined[piece.tag]) == 1
            for place, part in enumerate(piece.parts):
                if (option in part.options or not part.words.isdisjoint(words) or not part.holds.isdisjoint(tags)
                        or option in piece.options and not alone):
                    break
            else:
                return
            if seen.get(number, len(piece.parts)) <= place:
                return
            seen[number] = place
            moved = set().union(*(p.names for p in piece.parts[place:]))
            new = moved - members
            members.update(new)
            for name in new:
                queue.extend(self.by_member.get(name, ()))
            if piece.tag not in tags:
                tags.add(piece.tag)
                queue.extend(self.by_size.get(piece.tag, ()))
                for name in piece.names - words:
                    words.add(name)
                    queue.extend(self.by_word.get(name, ()))

        def code(number):
            if seen.get(number):
                return
            seen[number] = True
            for name in self.pieces[number].names - words:
                words.add(name)
                queue.extend(self.by_word.get(name, ()))

        for number in self.by_option.get(option, ()):
            (struct if self.pieces[number].tag else code)(number)
        while queue:
            if len(words) > EVERYTHING:
                return None
            number = queue.pop()
            (struct if self.pieces[number].tag else code)(number)
        return words, members, tags


class Source:
    """What a C file, or a header that is not public, mentions."""

    def __init__(self, raw):
        self.includes = INCLUDE.findall(raw)
        text = strip(raw)
        self.words, self.members, self.sizes = set(WORD.findall(text)), members_in(text), sizes_in(text)
        self.options = set(CONFIG.findall(text))
        self.traces = 'CREATE_TRACE_POINTS' in raw


def is_public(path):
    return path.startswith('include/') or re.match(r'arch/\w+/include/', path) is not None


class Modules:
    """name of a module -> its files, out of the Makefiles."""

    def __init__(self, root, tristates):
        self.root, self.files, self.tristates = root, {}, tristates
        for folder, folders, names in os.walk(root):
            relative = os.path.relpath(folder, root)
            folders[:] = sorted(f for f in folders if not SKIPPED.match(os.path.normpath(os.path.join(relative, f)) + '/'))
            for name in names:
                if name in ('Makefile', 'Kbuild'):
                    text = open(os.path.join(folder, name), errors='replace').read()
                    self.makefile(relative, re.sub(r'\\\n', ' ', re.sub(r'#.*', '', text)))

    def makefile(self, folder, text):
        built, parts = {}, {}
        for left, gate, right in re.findall(r'^\s*([\w.-]+?)-(\$\(CONFIG_\w+\)|y|m|objs)\s*[:+]?=\s*(.*)', text, re.M):
            for word in right.split():
                if '$' in word or not word.endswith('.o'):
                    continue
                if left == 'obj':
                    if gate == 'm' or gate[9:-1] in self.tristates:
                        built.setdefault(word[:-2], set())
                else:
                    parts.setdefault(left, set()).add(word[:-2])
        flags = set(CONFIG.findall('\n'.join(re.findall(r'^.*FLAGS.*$', text, re.M))))
        for name in built:
            files, seen = [], set()
            queue = sorted(parts[name]) if name in parts else [name]
            while queue:
                part = queue.pop()
                if part in seen:
                    continue
                seen.add(part)
                if part in parts and part != name:
                    queue += sorted(parts[part])
                    continue
                files.append(os.path.normpath(os.path.join(folder, part)))
            key = os.path.basename(name).replace('-', '_')
            self.files.setdefault(key, []).append((files, flags))


class Index:
    """word, member, tag -> modules, as bits of one number."""

    def __init__(self):
        self.names = []
        self.words, self.members, self.sizes, self.options = {}, {}, {}, {}
        self.headers = {}  # that are not public

    def add(self, name, sources, flags, paths=()):
        bit = 1 << len(self.names)
        self.names.append(name)
        for source in sources:
            for found, index in ((source.words, self.words), (source.members, self.members), (source.sizes, self.sizes),
                                 (source.options, self.options)):
                for word in found:
                    index[word] = index.get(word, 0) | bit
        for path in paths:
            self.headers[path] = self.headers.get(path, 0) | bit
        for option in flags:
            self.options[option] = self.options.get(option, 0) | bit

    def touched(self, words, members, tags):
        bits = 0
        for found, index in ((words, self.words), (members, self.members), (tags, self.sizes)):
            for word in found:
                bits |= index.get(word, 0)
        return bits

    def listed(self, bits):
        return sorted(n for i, n in enumerate(self.names) if bits >> i & 1)


def read_sources(root, tree, modules):
    """Index of the modules whose files are all there."""
    sources, index, paths = {}, Index(), set()

    def source(path):
        if path not in sources:
            sources[path] = Source(open(os.path.join(root, path), errors='replace').read())
        return sources[path]

    def unit(path):
        """The file and what it includes that is not public."""
        seen, queue, found = {path}, [path], []
        while queue:
            now = queue.pop()
            paths.add(now)
            one = source(now)
            found.append(one)
            for _, name in one.includes:
                if name.endswith('.c'):
                    near = os.path.normpath(os.path.join(os.path.dirname(now), name))
                    places = [near] if os.path.isfile(os.path.join(root, near)) else []
                else:
                    places = tree.find(name, now)
                for place in places:
                    if place not in seen and (not is_public(place) or place.startswith('include/trace/') and found[0].traces):
                        seen.add(place)
                        queue.append(place)
        return found

    for name in sorted(modules.files):
        found, options, whole = [], set(), True
        paths.clear()
        for files, flags in modules.files[name]:
            options |= flags
            for file in files:
                path = next((file + e for e in ('.c', '.S') if os.path.isfile(os.path.join(root, file + e))), None)
                if path:
                    found += unit(path)
                elif not any(os.path.isfile(os.path.join(root, file + e)) for e in ('.pl', '.asn1', '.c_shipped')):
                    whole = False
        if whole and found:
            index.add(name, found, options, {p for p in paths if p.endswith('.h')})
    return index


def read_headers(root):
    pieces, loose = [], set()
    for top in ['include'] + ['arch/%s/include' % a for a in ARCHES]:
        for folder, below, names in os.walk(os.path.join(root, top)):
            below.sort()
            for name in sorted(names):
                if name.endswith('.h'):
                    header = Header(open(os.path.join(folder, name), errors='replace').read())
                    pieces += header.pieces
                    loose |= header.loose
    return Graph(pieces), loose
