# bash completion for kmodaudit(1); `kmodaudit help --completion bash' prints it

_kmodaudit_tables()
{
@bash_commands
@formats
@presets
}

# the options of command $1
_kmodaudit_options()
{
	case $1 in
@bash_options
	esac
}

# the value that option $2 of command $1 takes, as --help calls it: "FILE", "yaml|text"; nothing when it takes none
_kmodaudit_value()
{
	case "$1 $2" in
@bash_values
	esac
}

# what the arguments of command $1 are
_kmodaudit_operand()
{
	case $1 in
@bash_operands
	esac
}

# adds to COMPREPLY those of the words $2... that begin with $1
_kmodaudit_words()
{
	local current=$1 word

	shift
	for word; do
		[[ $word == "$current"* ]] && COMPREPLY+=("$word")
	done
}

# adds files (compgen -f) or directories (compgen -d) that begin with $2
_kmodaudit_files()
{
	local found

	compopt -o filenames 2>/dev/null
	while IFS= read -r found; do
		COMPREPLY+=("$found")
	done < <(compgen "$1" -- "$2")
}

# adds what may stand for $2, a value as --help calls it, and begins with $1
_kmodaudit_offer()
{
	local current=$1 name names
	local _kmodaudit_commands _kmodaudit_formats _kmodaudit_presets

	_kmodaudit_tables
	IFS='|' read -ra names <<<"${2//[][]/}"
	for name in "${names[@]}"; do
		case $name in
		FILE | REPORT) _kmodaudit_files -f "$current" ;;
		DIR) _kmodaudit_files -d "$current" ;;
		FORMAT=FILE)
			if [[ $current == *=* ]]; then
				_kmodaudit_files -f "${current#*=}"
			else
				compopt -o nospace 2>/dev/null
				_kmodaudit_words "$current" ${_kmodaudit_formats// /= }=
			fi
			;;
		NAME) _kmodaudit_words "$current" $_kmodaudit_presets ;;
		COMMAND) _kmodaudit_words "$current" $_kmodaudit_commands ;;
		ID) _kmodaudit_words "$current" $("${COMP_WORDS[0]/#\~/$HOME}" rules 2>/dev/null | sed -n '/^$/q; s/ .*//p') ;;
		*[a-z]*) _kmodaudit_words "$current" "$name" ;;
		esac
	done
}

# the words of the command line up to the cursor, in which readline has cut words at each "="
_kmodaudit_line()
{
	local i word glue=

	_kmodaudit_line=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ -n $glue || $word == = ]] && ((${#_kmodaudit_line[@]} > 1)); then
			_kmodaudit_line[-1]+=$word
		else
			_kmodaudit_line+=("$word")
		fi
		[[ $word == = ]] && glue=1 || glue=
	done
}

_kmodaudit()
{
	local _kmodaudit_line command current i last operands= value= word

	COMPREPLY=()
	_kmodaudit_line
	command=${_kmodaudit_line[1]} last=$((${#_kmodaudit_line[@]} - 1)) current=${_kmodaudit_line[-1]}
	if ((last == 1)); then
		_kmodaudit_offer "$current" COMMAND
		_kmodaudit_words "$current" -h --help -V --version
		return
	fi
	for ((i = 2; i < last; i++)); do
		word=${_kmodaudit_line[i]}
		if [[ -n $value ]]; then
			value=
		elif [[ $word == -- ]]; then
			operands=1
		elif [[ -z $operands ]]; then
			value=$(_kmodaudit_value "$command" "$word")
		fi
	done
	if [[ -n $value ]]; then
		_kmodaudit_offer "$current" "$value"
	elif [[ -z $operands && $current == --*=* ]]; then
		_kmodaudit_offer "${current#*=}" "$(_kmodaudit_value "$command" "${current%%=*}")"
		# what readline replaces is what stands behind the "=", where it cuts there
		if [[ $COMP_WORDBREAKS != *=* ]]; then
			COMPREPLY=("${COMPREPLY[@]/#/"${current%%=*}="}")
		fi
	elif [[ -z $operands && $current == -* ]]; then
		_kmodaudit_words "$current" $(_kmodaudit_options "$command")
	else
		_kmodaudit_offer "$current" "$(_kmodaudit_operand "$command")"
	fi
} && complete -o bashdefault -o default -F _kmodaudit kmodaudit
