"""Finds, file by file, what a type is made of: the names that the bodies of structs, unions, typedefs and macros
mention. genksyms computes a symbol's CRC from its declaration, with every struct expanded whose definition the C file
sees. This module makes the same walk without a preprocessor: it ignores conditions and joins all definitions of a name,
so it never finds less than genksyms does."""
import re

from headers import strip

WORD = re.compile(r'[A-Za-z_]\w*')
NOISE = r'(?:__\w+\s*(?:\([^()]*\))?\s*)*'
AGGREGATE = re.compile(r'\b(struct|union|enum)\s+' + NOISE + r'([A-Za-z_]\w*)?\s*' + NOISE + r'\{')
REFERENCE = re.compile(r'\b(?:struct|union)\s+([A-Za-z_]\w*)')
VALUE = re.compile(r'(?:^|[;{}]|\))\s*(?:const\s+|volatile\s+)*(?:struct|union)\s+([A-Za-z_]\w*)\s+'
                   r'[A-Za-z_]\w*\b\s*(?:[\[;:,]|__)')
VALUE_TYPEDEF = re.compile(r'(?:^|[;{}])\s*(?:const\s+|volatile\s+)*([a-z_]\w*_t)\s+'
                           r'[A-Za-z_]\w*\b\s*(?:[\[;:,]|__)')
DEFINE = re.compile(r'^[ \t]*#[ \t]*define[ \t]+(\w+)(\([^)]*\))?[ \t]+([^\n]*)', re.M)
CALLABLE = re.compile(r'\(\s*\*?\s*(\w+)\s*\)\s*\(')
LAST = re.compile(r'(\w+)\s*(?:\([^()]*\)|\[[^]]*\]|\s|__\w+(?:\([^()]*\))?)*$')
TYPEDEF = re.compile(r'\btypedef\b')
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
DIRECTIVES = re.compile(r'^[ \t]*#[^\n]*', re.M)


def body_end(text, start):
    """Returns the index behind the brace that closes the one at START."""
    depth = 0
    for match in re.compile(r'[{}]').finditer(text, start):
        depth += 1 if match.group() == '{' else -1
        if depth == 0:
            return match.end()
    return len(text)


class File:
    """The definitions of one header or C file."""

    def __init__(self, raw):
        self.includes = INCLUDE.findall(raw)
        text = strip(raw)
        self.defines = {}  # macro -> words of its body
        for name, _, body in DEFINE.findall(text):
            words = set(WORD.findall(body))
            if words:
                self.defines.setdefault(name, set()).update(words)
        self.text = DIRECTIVES.sub('', text)
        self.types = {}    # name -> words its definition mentions (structs as "struct x")
        self.values = {}   # struct -> structs held by value
        self.aggregates()
        self.typedefs()

    def aggregates(self):
        for match in AGGREGATE.finditer(self.text):
            if match.group(1) == 'enum' or not match.group(2):
                continue
            end = body_end(self.text, match.end() - 1)
            body = self.text[match.end():end]
            key = 'struct ' + match.group(2)
            self.types.setdefault(key, set()).update(mentions(body))
            self.values.setdefault(key, set()).update(by_value(';' + body))

    def typedefs(self):
        for match in TYPEDEF.finditer(self.text):
            text = self.text[match.end():match.end() + 20000]
            brace, semicolon = text.find('{'), text.find(';')
            body = ''
            if 0 <= brace < semicolon:
                end = body_end(text, brace)
                body, semicolon = text[brace:end], text.find(';', end)
                head = text[:brace] + ' ' + text[end:semicolon]
            else:
                head = text[:semicolon]
            name = CALLABLE.search(head) or LAST.search(head)
            if name:
                name = name.group(1)
                self.types.setdefault(name, set()).update(mentions(head + ' ' + body) - {name})
                self.values.setdefault(name, set()).update(by_value(';' + body + ';' + head + ';') - {name})


def by_value(text):
    return {'struct ' + n for n in VALUE.findall(text)} | set(VALUE_TYPEDEF.findall(text))


def mentions(text):
    """Returns struct tags as "struct x" and every other word as itself: a word may be a typedef or a macro."""
    tags = {'struct ' + n for n in REFERENCE.findall(text)}
    return tags | {w for w in WORD.findall(REFERENCE.sub(' ', text)) if len(w) > 1}
