"""Reads the Kconfig files of a kernel tree: types, selects, defaults. Conditions stay text."""
import os
import re

SKIPPED = {'Documentation', 'tools', 'samples', '.git'}
BLOCK = re.compile(r'(?:menu|endmenu|choice|endchoice|if|endif|source|comment|mainmenu)\b')
NAMES = re.compile(r'(?<!["\w$])[A-Z0-9_a-z]*[A-Z][A-Z0-9_a-z]*')


class Option:
    def __init__(self, name):
        self.name = name
        self.types = set()
        self.prompt = False
        self.selects = []   # (target, condition)
        self.defaults = []  # (value, condition)
        self.depends = []

    @property
    def kind(self):
        """Architectures can define an option twice. An option that is a tristate anywhere is a tristate."""
        for kind in ('tristate', 'bool', 'int', 'hex', 'string'):
            if kind in self.types:
                return kind
        return None


def files(tree):
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        for name in sorted(names):
            if name.startswith('Kconfig') and not name.endswith(('.c', '.h', '.py')):
                yield os.path.join(folder, name)


def split_condition(text):
    value, _, condition = re.sub(r'\s#.*', '', text).partition(' if ')
    return value.strip(), ' '.join(condition.split())


def indent(line):
    line = line.expandtabs(8)
    return len(line) - len(line.lstrip())


def statements(path):
    """Returns the lines without help texts."""
    text = open(path, errors='replace').read().replace('\\\n', ' ')
    in_help = help_indent = 0
    for line in text.split('\n'):
        word = line.strip()
        if not word or word.startswith('#'):
            continue
        if in_help:
            help_indent = help_indent or indent(line)
            if help_indent and indent(line) >= help_indent:
                continue
            in_help = 0
        if word in ('help', '---help---'):
            in_help, help_indent = 1, 0
            continue
        yield line


def attribute(option, word):
    key, _, rest = word.partition(' ')
    rest = rest.strip()
    if key in ('bool', 'tristate', 'int', 'hex', 'string'):
        option.types.add(key)
        option.prompt = option.prompt or bool(rest)
    elif key in ('def_bool', 'def_tristate'):
        option.types.add(key[4:])
        option.defaults.append(split_condition(rest))
    elif key == 'prompt':
        option.prompt = True
    elif key == 'select':
        option.selects.append(split_condition(rest))
    elif key == 'default':
        option.defaults.append(split_condition(rest))
    elif key == 'depends':
        option.depends.append(re.sub(r'^on\s+', '', rest))


def read(tree):
    options = {}
    for path in files(tree):
        current = None
        for line in statements(path):
            word = ' '.join(line.split())
            match = re.fullmatch(r'(?:menu)?config ([A-Za-z0-9_]+)', word)
            if match:
                current = options.setdefault(match.group(1), Option(match.group(1)))
            elif BLOCK.match(word):
                current = None
            elif current is not None:
                attribute(current, word)
    return options


def names_in(expression):
    return set(NAMES.findall(expression))


def defaults_on(options):
    """Returns tristate -> [(bool, condition)]: the bools that nothing selects but that become =y with the tristate
    (bool promotes m to y)."""
    found = {}
    for option in options.values():
        if option.kind != 'bool':
            continue
        causes = {}
        for value, condition in option.defaults:
            if value == 'n' or value.startswith('"'):
                continue
            for name in names_in(value if value != 'y' else ''):
                causes[name] = condition
            for name in names_in(condition):
                causes.setdefault(name, condition)
            if value == 'y' and not option.prompt:
                for depends in option.depends:
                    for name in names_in(depends):
                        causes.setdefault(name, depends)
        for name, condition in causes.items():
            if name in options and options[name].kind == 'tristate':
                alone = re.fullmatch(r'[\w|() ]*', condition)  # names and || only: this one suffices
                found.setdefault(name, []).append((option.name, '' if alone else condition))
    return found
