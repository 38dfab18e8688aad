import { EXIT_CODES } from '../../pipeline/index.ts';
import { choice, wordOption, type CliCommand, type CliOption } from '../command.ts';
import { shellQuoted } from '../shell-word.ts';

/** Scripts by shell, from the commands as they describe themselves. */
const SHELLS = ['bash', 'zsh', 'fish'] as const;
const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (commands: readonly CliCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Completion of commands and options; it is handed the commands, so that none is forgotten. */
export const completionCommand = (commands: () => readonly CliCommand[]): CliCommand => ({
  name: 'completion',
  summary: 'Print a completion script for your shell',
  description: [
    'Prints a script that lets your shell complete commands and options.',
    '',
    'Examples:',
    '  genie-optimizer completion --shell bash >> ~/.bashrc',
    '  source <(genie-optimizer completion --shell zsh)      in ~/.zshrc, after compinit',
    '  genie-optimizer completion --shell zsh > ~/.zfunc/_genie-optimizer      a folder of your $fpath',
    '  genie-optimizer completion --shell fish > ~/.config/fish/completions/genie-optimizer.fish',
  ].join('\n'),
  options: { shell: choice(SHELLS, { help: 'Your shell', default: 'bash' }) },
  run(values, io) {
    const shell = wordOption(values, 'shell', SHELLS) ?? 'bash';
    io.out(SCRIPTS[shell](commands()));
    return Promise.resolve(EXIT_CODES.ok);
  },
});

/** Options as a shell sees them: with `--help`, which every command has. */
const optionsOf = ({ options }: CliCommand): readonly (readonly [string, CliOption])[] => [
  ...Object.entries<CliOption>(options),
  ['help', { type: 'boolean', short: 'h', help: 'Show help' }],
];

/** Words that may stand first. */
const firstWords = (commands: readonly CliCommand[]): readonly string[] => [
  ...commands.map(({ name }) => name),
  'help',
];

/** What a shell offers as the value of an option: words, files or nothing. */
type Values = readonly string[] | 'files' | 'none';

const valuesOf = ({ choices, value = '' }: CliOption): Values =>
  choices ?? (value.includes('file') || value.includes('folder') ? 'files' : 'none');

function bashScript(commands: readonly CliCommand[]): string {
  const names = firstWords(commands).join(' ');
  const flags = commands.map(
    (command) =>
      `    ${command.name}) words="${optionsOf(command)
        .map(([name]) => `--${name}`)
        .join(' ')}" ;;`,
  );
  const values = commands.flatMap((command) =>
    optionsOf(command).flatMap(([name, option]) => {
      if (option.type === 'boolean') return [];
      const offered = valuesOf(option);
      const patterns = [`--${name}`, ...(option.short === undefined ? [] : [`-${option.short}`])]
        .map((flag) => `"${command.name} ${flag}"`)
        .join('|');
      return [
        `    ${patterns}) ${offered === 'files' ? 'kind=files' : `kind=words words="${offered === 'none' ? '' : offered.join(' ')}"`} ;;`,
      ];
    }),
  );
  return `_genie_optimizer() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words="" kind=words
  # Bash takes '--option=value' for three words.
  if [ "$current" = "=" ]; then current=""; elif [ "$previous" = "=" ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  case "\${COMP_WORDS[1]}" in
${flags.join('\n')}
    help) if [ "$COMP_CWORD" -eq 2 ]; then words="${commands.map(({ name }) => name).join(' ')}"; fi ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then case "$current" in -*) words="--help --version" ;; *) words="${names}" ;; esac; fi
  case "\${COMP_WORDS[1]} $previous" in
${values.join('\n')}
  esac
  local IFS=$'\\n'
  if [ "$kind" = files ]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "\${words// /$'\\n'}" -- "$current"))
  fi
}
complete -F _genie_optimizer genie-optimizer
`;
}

function zshScript(commands: readonly CliCommand[]): string {
  const escaped = (text: string): string => text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
  const list = commands.map(({ name, summary }) => `    ${shellQuoted(`${name}:${escaped(summary)}`)}`);
  const action = (option: CliOption): string => {
    const offered = valuesOf(option);
    const label = escaped(option.value ?? 'value');
    return `:${label}:${offered === 'files' ? '_files' : offered === 'none' ? ' ' : `(${offered.join(' ')})`}`;
  };
  const cases = commands.map((command) => {
    const specs = optionsOf(command).flatMap(([name, option]) => {
      const rest = `[${escaped(option.help)}]${option.type === 'string' ? action(option) : ''}`;
      const long = `--${name}${option.type === 'string' ? '=' : ''}`;
      return [
        shellQuoted(`${long}${rest}`),
        ...(option.short === undefined ? [] : [shellQuoted(`-${option.short}${rest}`)]),
      ];
    });
    return `    ${command.name}) _arguments ${specs.join(' ')} ;;`;
  });
  return `#compdef genie-optimizer
_genie_optimizer() {
  local -a commands
  commands=(
${list.join('\n')}
    'help:Explain a command'
  )
  if (( CURRENT == 2 )); then
    if [[ "$words[2]" == -* ]]; then _arguments '--help[Show help]' '--version[Show the version]'; return; fi
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words; (( CURRENT-- ))
  case "$command" in
    help) if (( CURRENT == 2 )); then _describe command commands; fi ;;
${cases.join('\n')}
  esac
}
# As a file of $fpath this is called; sourced, it announces itself.
if [[ "\${funcstack[1]}" == _genie-optimizer ]]; then
  _genie_optimizer "$@"
else
  compdef _genie_optimizer genie-optimizer
fi
`;
}

function fishScript(commands: readonly CliCommand[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const line = (condition: string, rest: string): string =>
    `complete -c genie-optimizer -n ${quoted(condition)} ${rest}`;
  const values = (option: CliOption): string => {
    if (option.type === 'boolean') return '';
    const offered = valuesOf(option);
    return offered === 'files'
      ? ' -r -F'
      : offered === 'none'
        ? ' -x'
        : ` -x -a ${quoted(offered.join(' '))}`;
  };
  const names = commands.map(({ name }) => name).join(' ');
  const lines = commands.flatMap((command) => [
    line('__fish_use_subcommand', `-a ${command.name} -d ${quoted(command.summary)}`),
    ...optionsOf(command).map(([name, option]) =>
      line(
        `__fish_seen_subcommand_from ${command.name}`,
        `-l ${name}${option.short === undefined ? '' : ` -s ${option.short}`}${values(option)} -d ${quoted(option.help)}`,
      ),
    ),
  ]);
  return [
    '# Nothing stands alone that is a file; options that take files say so.',
    'complete -c genie-optimizer -f',
    line('__fish_use_subcommand', "-a help -d 'Explain a command'"),
    line('__fish_seen_subcommand_from help', `-a ${quoted(names)}`),
    line('__fish_use_subcommand', "-l help -s h -d 'Show help'"),
    line('__fish_use_subcommand', "-l version -s v -d 'Show the version'"),
    ...lines,
    '',
  ].join('\n');
}
