#!/bin/sh
# The command line's contract: exit status, what goes to stdout and what to stderr, help, -o, colour. Prints TAP.
# the conditions given to eval are expanded there
# shellcheck disable=SC2016
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
case $BUILD in
/*) program=$BUILD/kmodaudit maker=$BUILD/make_world ;;
*) program=$PWD/$BUILD/kmodaudit maker=$PWD/$BUILD/make_world ;;
esac
root=$PWD
scratch=$(mktemp -d "${TMPDIR:-/tmp}/kmodaudit-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
unset NO_COLOR
count=0
failed=0

# ok WHAT COMMAND...: the command succeeds
ok() {
	count=$((count + 1))
	what=$1
	shift
	if "$@"; then
		echo "ok $count - $what"
	else
		failed=$((failed + 1))
		echo "not ok $count - $what"
		sed 's/^/# /' out err
	fi
}

# run ARGUMENT...: out, err and $status
run() {
	status=0
	"$program" "$@" >out 2>err </dev/null || status=$?
}

# status_is STATUS; silent: nothing on stderr; one_line: one line on stderr, that starts with the program's name
status_is() { [ "$status" -eq "$1" ]; }
silent() { [ ! -s err ]; }
no_output() { [ ! -s out ]; }
one_line() { [ "$(grep -vc "^try '" err)" -eq 1 ] && head -n 1 err | grep -q '^kmodaudit: '; }
says() { grep -qF -- "$1" out err; }
narrow() { [ -s out ] && ! grep -qE '.{81}' out; }
plain() { ! grep -q "$(printf '\033')" out; }

"$maker" "$root/fixtures/founding.world" . || exit 1

# --- help

for words in --help help -h "audit --help" "facts --help" "symvers --help" "config --help" "vermagic --help" \
	"rules --help" "diff --help" "convert --help" "merge --help" "gate --help" "help --help" "help audit" "audit device.bin later -h"; do
	# shellcheck disable=SC2086
	run $words
	ok "$words: on stdout, at most 80 columns, status 0" eval 'status_is 0 && silent && narrow'
done
for words in -V --vers; do
	run $words
	ok "$words: the version" eval 'status_is 0 && silent && grep -qE "^kmodaudit [0-9]+\.[0-9]+\.[0-9]+$" out'
done
run --version
ok "--version: one line" eval 'status_is 0 && silent && [ "$(wc -l <out)" -eq 1 ] && grep -qE "^kmodaudit [0-9]+\.[0-9]+\.[0-9]+$" out'

# --- wrong usage

wrong() {
	named=$1
	shift
	run "$@"
	ok "kmodaudit $*: status 3, one line that names '$named'" eval 'status_is 3 && no_output && one_line && says "$named"'
}
wrong "no command"
wrong "frobnicate" frobnicate
wrong "unknown command 'adit'; did you mean 'audit'?" adit device.bin later
wrong "unknown command 'device.bin'" help device.bin
wrong "'device.bin' is a file, not a command; to judge packages: kmodaudit audit IMAGE FEED..." device.bin later
wrong "unknown option '--verison'; did you mean '--version'?" --verison
wrong "unknown option '--ony'; did you mean '--only'?" audit --ony x device.bin later
wrong "option '--image-' is ambiguous: --image-manifest, --image-config, --image-symvers, --image-part" audit --image- x device.bin later
wrong "option '--o' is ambiguous: --offline, --output, --only" audit --o=x device.bin later
wrong "not 'yml'; did you mean 'yaml'?" audit --format yml device.bin later
wrong "not 'sarfi'; did you mean 'sarif'?" audit --report sarfi=x device.bin later
wrong "unknown policy 'strickt': use strict, default, lenient or a file; did you mean 'strict'?" audit --policy strickt device.bin later
wrong "unknown policy 'harsh': use strict, default, lenient or a file" audit --policy harsh device.bin later
wrong "./nope.yaml: No such file or directory" audit --policy ./nope.yaml device.bin later
wrong "nope.yml: No such file or directory" audit --policy nope.yml device.bin later
wrong "folder/strict: No such file or directory" audit --policy folder/strict device.bin later
wrong "unknown rule 'symbol-mising'; did you mean 'symbol-missing'?" rules symbol-mising
wrong "--frobnicate" --frobnicate
wrong "--frobnicate" audit --frobnicate device.bin later
wrong "-x" audit -x device.bin later
wrong "-x" audit -vx device.bin later
wrong "IMAGE" audit
wrong "FEED" audit device.bin
wrong "--only" audit device.bin later --only
wrong "--jobs" audit --jobs many device.bin later
wrong "yaml|json|text" audit --format pdf device.bin later
wrong "--exit-zero" audit --exit-zero=1 device.bin later
wrong "--color" audit --color sometimes device.bin later
wrong "FILE" facts
wrong "one IMAGE" symvers
wrong "two configs" config device.bin
wrong "one CONFIG" vermagic
wrong "two reports" diff one.yaml
wrong "one REPORT" convert
wrong "no-such-rule" rules no-such-rule
wrong "no-such-command" help no-such-command

# --- what cannot be read

run audit nowhere.bin later
ok "an image that is not there: status 3" eval 'status_is 3 && no_output && one_line && says nowhere.bin'
run audit device.bin nowhere
ok "a feed that is not there: status 3" eval 'status_is 3 && no_output && one_line && says nowhere'
run audit --exit-zero nowhere.bin later
ok "--exit-zero does not hide status 3" status_is 3
: >empty
run audit empty later
ok "an empty image: status 3" eval 'status_is 3 && no_output && one_line && says empty'
run facts empty device.bin nowhere
ok "facts: what can be read is printed, then status 3" eval 'status_is 3 && grep -q "^kind: image" out && says empty && says nowhere'
run audit -- device.bin later
ok "-- ends the options" status_is 2
run audit "$(printf 'no\033[31mwhere')" later
ok "a name with control characters is spelled out" eval 'status_is 3 && one_line && says "\\x1b[31m"'

# --- exit status

run audit device-crcs.bin later-crcs
ok "all safe: 0" eval 'status_is 0 && silent'
run audit device-crcs.bin conntrack-crcs
ok "something unsafe: 1" eval 'status_is 1 && silent'
run audit --exit-zero device-crcs.bin conntrack-crcs
ok "something unsafe, --exit-zero: 0" status_is 0
run audit device.bin later
ok "something unproven: 2" eval 'status_is 2 && silent'
run audit --exit-zero device.bin later
ok "something unproven, --exit-zero: 0" status_is 0

# --- the report

run audit device.bin later
cp out yaml
ok "YAML is the default, and valid" "$root/tests/validate-report" yaml
run audit --format=yaml device.bin later
ok "--format=yaml is the same" cmp -s out yaml
for jobs in 1 2 7; do
	run audit --jobs $jobs device.bin later
	ok "--jobs $jobs gives the same bytes" cmp -s out yaml
	run audit --jobs $jobs --format text device-crcs.bin conntrack-crcs
	[ -e text ] || cp out text
	ok "--jobs $jobs gives the same text" cmp -s out text
done
ok "the first line of the text says fail and the numbers" eval 'head -n 1 text | grep -qx "fail: 2 of 2 packages unsafe"'
ok "that of the YAML says the same way" eval 'head -n 1 yaml | grep -qx "# fail: 2 of 2 packages unproven"'
ok "text: at most 100 columns" eval '! grep -qE ".{101}" text'
ok "text: no colour when piped" eval 'cp text out && plain'
run audit --format text --color always device.bin later
ok "--color always" eval '! plain'
NO_COLOR=1 run audit --format text --color always device.bin later
ok "--color always, NO_COLOR set: what was asked for" eval '! plain'
run audit --format text --color never device.bin later
ok "--color never" plain
if command -v script >/dev/null; then
	terminal() { script -qec "$program audit -q --format text device.bin later" /dev/null >out 2>err </dev/null; }
	TERM=xterm terminal
	ok "colour on a terminal" eval '! plain'
	NO_COLOR=1 TERM=xterm terminal
	ok "NO_COLOR turns it off" plain
	NO_COLOR='' TERM=xterm terminal
	ok "an empty NO_COLOR does not" eval '! plain'
	TERM=dumb terminal
	ok "TERM=dumb turns it off" plain
fi
run audit --format text -v device.bin later
ok "-v: findings with their rules, as compilers write them" eval 'grep -qE "^kmod-nfnetlink[a-z-]*: (note|unknown): .*\[[a-z-]+\]$" out'
run audit --only 'kmod-nfnetlink-q*' device.bin later
ok "--only limits the report" eval 'status_is 2 && [ "$(grep -c "^- name:" out)" -eq 1 ] && "$root/tests/validate-report" out'

run audit --only 'kmod-nfnetlink-q*' --only kmod-nfnetlink device.bin later
ok "--only may be repeated: all count" eval 'status_is 2 && [ "$(grep -c "^- name:" out)" -eq 2 ]'
run audit --only kmod-nfnetlink --only kmod-nfnetlinc-queue -o only.yaml device.bin later
ok "--only that matches nothing: nothing is written, and what was meant is asked" eval 'status_is 3 && no_output && one_line && [ ! -e only.yaml ] && says "did you mean '"'kmod-nfnetlink-queue'"'?"'
run audit --form text --ver device.bin later
cp out shortened
run audit --format text --verbose device.bin later
# a system without landlock or seccomp says on stderr that they do not confine the program
ok "long options may be shortened" eval 'status_is 2 && ! grep -v confine err && cmp -s out shortened'
run audit --he
ok "--help too" eval 'status_is 0 && silent && narrow'

# --- writing

run audit -o report.yaml device.bin later
ok "-o: the report, nothing on stdout" eval 'status_is 2 && no_output && silent && cmp -s report.yaml yaml'
ok "-o: no other file is left" eval '[ "$(ls report.yaml*)" = report.yaml ]'
ok "-o: readable like any new file" eval '[ "$(stat -c %a report.yaml)" = "$(stat -c %a yaml)" ]'
echo old >report.yaml
run audit -o report.yaml nowhere.bin later
ok "-o: an old report stays when there is no new one" eval 'status_is 3 && [ "$(cat report.yaml)" = old ] && [ "$(ls report.yaml*)" = report.yaml ]'
run audit -oreport.yaml device.bin later
ok "-oFILE" cmp -s report.yaml yaml
for words in "--output report.yaml" "--output=report.yaml" "--out report.yaml"; do
	rm -f report.yaml
	# shellcheck disable=SC2086
	run audit $words device.bin later
	ok "$words" cmp -s report.yaml yaml
done
run audit -o no/such/directory device.bin later
ok "-o into nowhere: status 3" eval 'status_is 3 && one_line && says no/such/directory'
run audit -o /dev/stdout device.bin later
ok "-o /dev/stdout" cmp -s out yaml
if [ -c /dev/full ]; then
	for words in "audit device.bin later" "audit --format text device.bin later" "audit --exit-zero device.bin later" \
		"facts device.bin" "symvers device.bin" "rules" "--help" "--version" "audit --help"; do
		status=0
		# shellcheck disable=SC2086
		"$program" $words >/dev/full 2>err || status=$?
		: >out
		ok "$words >/dev/full: status 3" eval 'status_is 3 && one_line && says "cannot write"'
	done
	run audit -o /dev/full device.bin later
	ok "-o /dev/full: status 3" eval 'status_is 3 && one_line && says /dev/full'
fi
"$program" rules | head -n 1 >out 2>err
ok "a reader that leaves early is no error" silent

# --- the other commands

run symvers device-crcs.bin
ok "symvers: five columns, by name" eval 'status_is 0 && silent && ! grep -qvE "^0x[0-9a-f]{8}	[^	]+	vmlinux	EXPORT_SYMBOL(_GPL)?	[^	]*$" out && cut -f 2 out | LC_ALL=C sort -c'
printf 'CONFIG_NET=y\nCONFIG_DUMMY=m\n# CONFIG_TUN is not set\nCONFIG_HZ=100\n' >a.config
printf 'CONFIG_TUN=m\nCONFIG_NET=y\nCONFIG_HZ=250\n' >b.config
run vermagic a.config
ok "vermagic: md5 of the sorted lines" eval 'status_is 0 && silent && [ "$(cat out)" = "$(printf "CONFIG_DUMMY=m\nCONFIG_NET=y\n" | md5sum | cut -c 1-32)" ]'
gzip -k a.config
run vermagic a.config.gz
ok "vermagic: of a gzip'd config, too" eval 'status_is 0 && [ "$(cat out)" = "$(printf "CONFIG_DUMMY=m\nCONFIG_NET=y\n" | md5sum | cut -c 1-32)" ]'
run config a.config b.config
ok "config: the difference" eval 'status_is 0 && silent && grep -q "^    - CONFIG_TUN$" out && grep -q "^    - CONFIG_DUMMY$" out && grep -q "option: CONFIG_HZ, before: \"100\", after: \"250\"" out'
run rules
ok "rules: a line each" eval 'status_is 0 && silent && [ "$(wc -l <out)" -gt 20 ]'
id=$(cut -d ' ' -f 1 out | head -n 1)
run rules "$id"
ok "rules ID: why and what to do" eval 'status_is 0 && silent && says "why" && says "what to do"'
mkdir broken
echo nothing >broken/x_1_all.ipk
run facts broken
ok "facts: why a package of a feed cannot be read" eval 'grep -q "file: broken/x_1_all.ipk, problem: .*x_1_all.ipk: " out'
run facts later
ok "facts: nothing is said of packages that can be read" eval 'grep -q "name: kmod-" out && ! grep -q "problem:" out'
run facts a.config device.bin
ok "facts: a document for each" eval 'status_is 0 && [ "$(grep -c "^---$" out)" -eq 2 ] && grep -q "^kind: config$" out && grep -q "^kind: image$" out'

echo "1..$count"
[ "$failed" -eq 0 ]
