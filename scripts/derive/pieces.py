"""Cuts the public headers into pieces: macros, functions, declarations, structs, enums, typedefs, and what each
mentions. The text is read without a preprocessor: every branch of a condition counts, and the options of a condition
belong to the text below it."""
import re

from headers import all_names, strip

TOKEN = re.compile(r'\b(?:struct|union)\s+([A-Za-z_]\w*)|([A-Za-z_]\w*)')
DIRECTIVE = re.compile(r'#\s*(ifdef|ifndef|if|elif|else|endif|define|include)\b(.*)')
INCLUDED = re.compile(r'\s*([<"])([^>"]+)[>"]')
MACRO = re.compile(r'\s*(\w+)(\([^)]*\))?(.*)', re.S)
STRUCT = re.compile(r'\b(?:struct|union)\s+(?:__\w+\s*(?:\([^()]*\))?\s*)*([A-Za-z_]\w*)?[^;{}()=]*$')
NESTED = re.compile(r'\b(?:struct|union)\s+(?:__\w+\s*(?:\([^()]*\))?\s*)*([A-Za-z_]\w*)\s*$')
CALLED = re.compile(r'([A-Za-z_]\w*)\s*\(')
LAST = re.compile(r'([A-Za-z_]\w*)\s*((?:\[[^]]*\]\s*|:\s*[^,;]+|__\w+(?:\([^()]*\))?\s*)*)$')
CONFIG = re.compile(r'\bCONFIG_(\w+?)(?:_MODULE)?\b')
GENERATED = re.compile(r'\s*(_*[A-Z][A-Z0-9_]{2,})\s*\(')
ATTRIBUTE = re.compile(r'__(?:attribute__|acquires?|releases?|must_hold|cond_acquires|cond_lock|printf|scanf|aligned|alloc_size|section|'
                       r'no_sanitize\w*|malloc|assume_aligned|counted_by|diagnose_as|error|compiletime_\w+|nonnull|bos\d?|'
                       r'pass_object_size)$')
PARENTHESIS = re.compile(r'[()]')
KEYWORDS = frozenset('auto break case char const continue default do double else enum extern float for goto if inline int long '
                     'register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while '
                     '__VA_ARGS__ __attribute__ defined bool u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 size_t'.split())
FOREIGN = '<assembler>'
CALLS = '<call>'  # a macro that calls its argument
ASSEMBLER = re.compile(r'\s*(?:defined\s*\(?)?\s*(?:__ASSEMBLY__|__ASSEMBLER__|LINKER_SCRIPT)\s*\)?\s*')
GUARD = re.compile(r'_H_*$')

# ---- the size of a struct ----
TAG_SIZE = re.compile(r'\b(?:sizeof|typeof|__typeof__|__alignof__|_Alignof|alignof)\s*\(\s*(?:struct|union)\s+(\w+)\s*\)')
BY_VALUE = re.compile(r'\b(?:struct|union)\s+(\w+)\s+(?:__\w+\s+)*[A-Za-z_]\w*\s*(?=[;=,\[{:()]|__|$)')
POINTER = re.compile(r'\b(?:struct|union)\s+(\w+)\s+(?:__\w+\s+|const\s+)?\*+\s*(?:const\s+|__\w+\s+)?([A-Za-z_]\w*)')
OF_EXPRESSION = re.compile(r'\b(?:sizeof|typeof|__typeof__|__alignof__|alignof)\s*(?:\(([^;{}]{0,120})|(\*[^;{}]{0,60}))')
# a pointer whose target is copied, counted or stepped over
STEPPED = re.compile(r'(?<![\w)\]])\*\s*(?:\w+\s*(?:->|\.)\s*)*(\w+)\s*=(?!=)|=\s*\*\s*(?:\w+\s*(?:->|\.)\s*)*(\w+)\s*[;,)]|'
                     r'\b(\w+)\s*(?:\[|\+\+|--|\+=|-=|\+(?!\+)|-(?![->]))|(?:\+\+|--)\s*(\w+)')


def tokens(text):
    """Returns words; a struct or union as "struct TAG", a word that is also called as "WORD("."""
    found = {'struct ' + tag if tag else word for tag, word in TOKEN.findall(text)}
    return found.union(m + '(' for m in CALLED.findall(text))


def tags_in(words):
    return {w for w in words if w.startswith('struct ')}


def sizes_in(text, yields):
    """Returns the structs whose size the code of TEXT may depend on. YIELDS: name -> structs that an expression with
    the name can have as type."""
    found = set(TAG_SIZE.findall(text)) | set(BY_VALUE.findall(text))
    named = {}
    for tag, name in POINTER.findall(text):
        named.setdefault(name, set()).add(tag)
    for groups in OF_EXPRESSION.findall(text):
        for name in re.findall(r'[A-Za-z_]\w*', ' '.join(groups)):
            found |= named.get(name, set()) | yields.get(name, set())
    for groups in STEPPED.findall(text) if named else ():
        for name in groups:
            found |= named.get(name, set())
    return found


class Piece:
    """A definition of a header. NAMES: the names by which others mention it. KIND: macro, function, declaration,
    typedef, enum, struct, generator. PARTS of a struct or enum: its members or constants, in order. HEAD: the words of
    a function's declaration."""
    __slots__ = ('kind', 'names', 'text', 'words', 'head', 'options', 'tag', 'parts', 'inside', 'parameters', 'header', 'number')

    def __init__(self, kind, names, text, options, conditions):
        self.kind, self.names, self.text = kind, names, text
        self.options = set(options) | set(CONFIG.findall(text))
        self.words = tokens(text) | conditions
        self.head, self.tag, self.parts, self.inside, self.parameters = frozenset(), None, (), (), ()
        self.header = self.number = None  # where it stands, and its place among all pieces


class Part:
    """A member or constant: its names, the words of its type, the structs that the type names, those that it holds by
    value, and the options and macros in conditions above it inside the struct."""
    __slots__ = ('names', 'words', 'tags', 'kinds', 'holds', 'options')

    def __init__(self, text, options, conditions, constant=False):
        self.options = set(options) | set(CONFIG.findall(text))
        self.holds = set(BY_VALUE.findall(text + ';'))
        every = tokens(text)
        self.tags, self.kinds = tags_in(every), None  # kinds: with typedefs followed, see depends.py
        called = re.findall(r'\(\s*\*+\s*(?:const\s+)?(\w+)', text)
        if called:
            self.names = set(called)
            self.holds = set()
        elif constant:
            self.names = set(re.findall(r'^\s*([A-Za-z_]\w*)', text))
        elif '(' in text:  # DECLARE_BITMAP(name, size), DEFINE_SNMP_STAT(type, name)
            self.names = {w for w in every if ' ' not in w and not w.endswith('(')}
        else:
            self.names = set().union(*map(declared, re.split(r',(?![^\[]*\])', text)))
        self.words = (every - self.tags - (self.names if '(' not in text else set())) | conditions


def declared(text):
    """Returns the name at the end of a declaration without parentheses. A word behind it may be an attribute or the
    name."""
    match = LAST.search(text)
    return {match.group(1)} | set(re.findall(r'\b__\w+', re.sub(r'\[[^]]*\]', '', match.group(2)))) if match else set()


class Header:
    """The pieces of one header. INCLUDES: (form, name, options above it)."""

    def __init__(self, raw):
        self.pieces, self.includes = [], []
        self.stack = []  # (options, words, depth of braces where it began) of each open condition
        self.lines, self.depth, self.outer = [], 0, (frozenset(), frozenset())
        assembler = False
        for line in strip(raw).split('\n'):
            line = line.strip()
            if line.startswith('#'):
                self.directive(line)
            elif line.startswith('.macro') or assembler:
                assembler = not line.startswith('.endm')
            elif line and not self.foreign():
                self.code(line)
        text = self.generators('\n'.join(t for t, _ in self.lines), *self.outer)
        if text.strip() and '.macro' not in raw:  # braces that do not pair: whatever it is, all of its words may name it
            self.add('function', {w for w in tokens(text) - KEYWORDS if ' ' not in w and not w.endswith('(')}, text, *self.outer)

    @property
    def loose(self):
        return set().union(*(options for _, _, options in self.includes))

    def foreign(self):
        """True inside text for C++ or the assembler."""
        return any('__cplusplus' in words or FOREIGN in words for _, words, _ in self.stack)

    def above(self):
        return (frozenset().union(*(o for o, _, _ in self.stack)), frozenset().union(*(w for _, w, _ in self.stack)))

    def directive(self, line):
        match = DIRECTIVE.match(line)
        if not match:
            return
        key, rest = match.groups()
        if key in ('if', 'ifdef', 'ifndef'):
            assembler = {FOREIGN} if key != 'ifndef' and ASSEMBLER.fullmatch(rest) else set()
            self.stack.append((frozenset(all_names(rest)), condition_words(rest) | assembler, self.depth))
        elif key in ('elif', 'else') and self.stack:
            options, words, self.depth = self.stack[-1]  # each branch opens and closes braces for itself
            if key == 'else' and FOREIGN in words:
                self.stack[-1] = (options, words - {FOREIGN}, self.depth)
            elif key == 'elif':
                self.stack[-1] = (options | all_names(rest), words | condition_words(rest), self.depth)
        elif key == 'endif' and self.stack:
            self.stack.pop()
        elif key == 'include':
            match = INCLUDED.match(rest)
            if match:
                self.includes.append((match.group(1), match.group(2), self.above()[0]))
        elif key == 'define' and not self.foreign():
            name, parameters, body = MACRO.match(rest).groups()
            self.add('macro', {name}, body, *self.above())
            piece = self.pieces[-1]
            piece.parameters = tuple(re.findall(r'\w+', parameters or ''))
            if any(p + '(' in piece.words for p in piece.parameters):
                piece.words.add(CALLS)
            piece.words = piece.words.difference(piece.parameters, (p + '(' for p in piece.parameters))

    def add(self, kind, names, text, options, conditions):
        self.pieces.append(Piece(kind, names, text, options, conditions))
        return self.pieces[-1]

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
        options = self.outer[0].union(*(a[0] for _, a in lines))
        conditions = self.outer[1].union(*(a[1] for _, a in lines))
        text = self.generators(text, options, conditions)
        brace = text.find('{')
        head = text[:brace] if brace >= 0 else text
        if brace < 0:
            self.declaration(text, options, conditions)
        elif re.search(r'\benum\b[^()]*$', head):
            self.aggregate('enum', lines, text, head)
        elif STRUCT.search(head) and '(' not in without_attributes(head):
            self.aggregate('struct', lines, text, head)
        else:
            piece = self.add('function', called(head) or set(re.findall(r'\w+', head)[-1:]), text, options, conditions)
            piece.head = frozenset(tokens(head))
            piece.parameters = tuple(m for m in re.findall(r'([A-Za-z_]\w*)\s*(?:\[[^]]*\]\s*)?(?=[,)])', head))

    def generators(self, text, options, conditions):
        """Returns the macro calls that define something, as BUFFER_FNS(Dirty, dirty) and DECLARE_PER_CPU(int, name),
        and the rest of TEXT."""
        while True:
            match = GENERATED.match(text)
            end = match and closed(text, match.end() - 1)
            if not end:
                return text
            rest = text[end:]
            inside = text[match.end():end - 1]
            names = {a for a in arguments(inside) if re.fullmatch(r'\w+', a)} - KEYWORDS
            self.add('generator', names, text[match.start():end], options, conditions)
            if not re.match(r'\s*(?:;|$|[A-Z_]{4,}\w*\s*\(|static\b|extern\b|struct\b|\w+\s)', rest):
                return ''
            text = rest.lstrip(' \t\n;')

    def declaration(self, text, options, conditions):
        words = tokens(text)
        if re.match(r'\s*typedef\b', text):
            name = re.search(r'\(\s*\*?\s*(\w+)\s*\)\s*\(', text) or LAST.search(text.rstrip('; \n'))
            if name:
                self.add('typedef', {name.group(1)}, text, options, conditions)
            return
        if '->' in text:
            return  # a statement
        names = set(re.findall(r'^[^()]*\(\s*\*+\s*(?:const\s+)?(\w+)\s*\)\s*\(', text)) or called(text)
        if not names and '(' not in text and (options or conditions or tags_in(words) or 'extern' in words):
            names = set().union(*map(declared, re.sub(r'=.*', '', text.rstrip('; \n'), flags=re.S).split(',')))
        if names and (words - KEYWORDS - names):
            self.add('declaration', names, text, options, conditions)

    def aggregate(self, kind, lines, text, head):
        found = re.search(r'\benum\s+(\w+)', head) if kind == 'enum' else STRUCT.search(head)
        tag = found.group(1) if found else None
        tail = re.search(r'\}\s*([^{}]*);\s*$', text)
        names = set(re.findall(r'(\w+)\s*$', tail.group(1))) if tail and 'typedef' in head else set()
        piece = self.add(kind, names, '', self.outer[0], self.outer[1])
        piece.tag = tag or next(iter(sorted(names)), None)
        piece.parts, piece.inside = parts_of(kind, lines, self.outer)
        if kind == 'enum':
            piece.names = set().union(names, *(p.names for p in piece.parts))
            piece.words |= set().union(*(p.words for p in piece.parts))
        elif not piece.tag:
            self.pieces.pop()


def parts_of(kind, lines, outer):
    """Returns (members in order, tags of the structs that are defined inside)."""
    parts, inside, pending, above = [], [], '', (frozenset(), frozenset())
    first, signs = True, ',}' if kind == 'enum' else ';{}'
    for line, now in lines:
        if first:
            if '{' not in line:
                continue
            line, first = line[line.index('{') + 1:], False
        for token in re.split('([%s])' % signs, line):
            if token and token in signs:
                if token == '{':
                    nested = NESTED.search(pending)
                    inside += [nested.group(1)] if nested else []
                elif pending.strip() and (token == ';' or kind == 'enum'):
                    parts.append(Part(pending, above[0] - outer[0], above[1] - outer[1], kind == 'enum'))
                if token != '{' or 'struct_group' not in pending:
                    pending, above = '', (frozenset(), frozenset())
            elif token.strip():
                pending += ' ' + token
                above = (above[0] | now[0], above[1] | now[1])
    return parts, inside


def condition_words(text):
    return frozenset(w for w in re.findall(r'[A-Za-z_]\w*', text) if not w.startswith('CONFIG_') and not GUARD.search(w)
                     and w not in ('defined', '__ASSEMBLY__', '__KERNEL__', '__ASSEMBLER__', 'IS_ENABLED', 'IS_MODULE', 'IS_BUILTIN',
                                   'IS_REACHABLE', '__CHECKER__', '__GENKSYMS__'))


def without_attributes(text):
    return re.sub(r'__\w+\s*\((?:[^()]|\([^()]*\))*\)', '', text)


def arguments(inside):
    """Returns the members of a macro call, without the text around it."""
    found, depth, start = [], 0, 0
    for match in re.finditer(r'[(),]', inside):
        sign = match.group()
        depth += {'(': 1, ')': -1, ',': 0}[sign]
        if sign == ',' and depth == 0:
            found.append(inside[start:match.start()].strip())
            start = match.end()
    return found + [inside[start:].strip()]


def closed(text, start, limit=20000):
    """Returns the index behind the parenthesis that closes the one at START; None if it is not within LIMIT."""
    depth = 0
    for match in PARENTHESIS.finditer(text, start, start + limit):
        depth += 1 if match.group() == '(' else -1
        if depth == 0:
            return match.end()
    return None


def called(head):
    """Returns the names that a declaration declares: a word in front of an outer parenthesis; attributes are
    skipped."""
    found, at = set(), 0
    while True:
        match = CALLED.search(head, at)
        if not match:
            return found
        if not ATTRIBUTE.match(match.group(1)) and match.group(1) not in KEYWORDS:
            found.add(match.group(1))
        end = closed(head, match.end() - 1)
        at = end if end else len(head)
