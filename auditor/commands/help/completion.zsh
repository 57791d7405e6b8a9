#compdef kmodaudit
# zsh completion for kmodaudit(1); `kmodaudit help --completion zsh' prints it

_kmodaudit_commands()
{
	local -a commands=(
@zsh_commands
	)

	_describe -t commands command commands
}

# what may stand for $1, a value as --help calls it: "FILE", "yaml|text"
_kmodaudit_value()
{
	local value=${argv[-1]//[][]/} name ids
	local _kmodaudit_formats _kmodaudit_presets

@formats
@presets
	for name in ${(s:|:)value}; do
		case $name in
		FILE | REPORT) _files ;;
		DIR) _files -/ ;;
		FORMAT=FILE)
			if compset -P '*='; then
				_files
			else
				compadd -S = -- ${=_kmodaudit_formats}
			fi
			;;
		NAME) compadd -- ${=_kmodaudit_presets} ;;
		COMMAND) _kmodaudit_commands ;;
		ID)
			ids=$(_call_program rules ${(q)_kmodaudit_program} rules 2>/dev/null | sed -n '/^$/q; s/ .*//p')
			compadd -- ${(f)ids}
			;;
		*[a-z]*) compadd -- $name ;;
		esac
	done
}

_kmodaudit_arguments()
{
	case $1 in
@zsh_arguments
	esac
}

_kmodaudit()
{
	local curcontext=$curcontext state line ret=1 _kmodaudit_program=$words[1]

	_arguments -C '(- *)'{-h,--help}'[print help]' '(- *)'{-V,--version}'[print the version]' \
		'1:command:_kmodaudit_commands' '*::argument:->argument' && ret=0
	if [[ $state == argument ]]; then
		curcontext=${curcontext%:*:*}:kmodaudit-$words[1]:
		_kmodaudit_arguments $words[1] && ret=0
	fi
	return ret
}

if [[ $funcstack[1] == _kmodaudit ]]; then
	_kmodaudit "$@"
else
	compdef _kmodaudit kmodaudit
fi
