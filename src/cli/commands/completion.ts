import { EXIT_CODES } from '../../pipeline/index.ts';
import { choice, stringOption, UsageError, type CliCommand } from '../command.ts';

/** Scripts by shell, from the commands as they describe themselves. */
const SHELLS: Readonly<Record<string, (commands: readonly CliCommand[]) => string>> = {
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
    '  genie-optimizer completion --shell zsh > ~/.zfunc/_genie-optimizer',
    '  genie-optimizer completion --shell fish > ~/.config/fish/completions/genie-optimizer.fish',
  ].join('\n'),
  options: { shell: choice(['bash', 'zsh', 'fish'], { help: 'Your shell', default: 'bash' }) },
  run(values, io) {
    const shell = stringOption(values, 'shell') ?? 'bash';
    const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (script === undefined)
      throw new UsageError(`Option --shell must be bash, zsh or fish, got '${shell}'.`);
    io.out(script(commands()));
    return Promise.resolve(EXIT_CODES.ok);
  },
});

const flagsOf = (command: CliCommand): string[] =>
  [...Object.keys(command.options), 'help'].map((name) => `--${name}`);

function bashScript(commands: readonly CliCommand[]): string {
  const cases = commands.map((command) => `    ${command.name}) words="${flagsOf(command).join(' ')}" ;;`);
  return `_genie_optimizer() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="${commands.map(({ name }) => name).join(' ')}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map(({ name }) => name).join(' ')}"; fi
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current"))
      return ;;
  esac
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${bashChoices(commands)}
    *) if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi ;;
  esac
}
complete -o filenames -F _genie_optimizer genie-optimizer
`;
}

const bashChoices = (commands: readonly CliCommand[]): string =>
  commands
    .flatMap(({ name, options }) =>
      Object.entries(options).flatMap(([option, { choices }]) =>
        choices === undefined
          ? []
          : [`    "${name} --${option}") COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$current")) ;;`],
      ),
    )
    .join('\n');

function zshScript(commands: readonly CliCommand[]): string {
  const quoted = (text: string): string =>
    text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, String.raw`\$&`);
  const list = commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  const cases = commands.map((command) => {
    const options = Object.entries(command.options).map(
      ([name, { type, help, value, choices }]) =>
        `'--${name}[${quoted(help)}]${type === 'string' ? `:${quoted(value ?? 'value')}:${choices === undefined ? '_files' : `(${choices.join(' ')})`}` : ''}'`,
    );
    return `    ${command.name}) _arguments ${[...options, "'--help[Show help]'"].join(' ')} ;;`;
  });
  return `#compdef genie-optimizer
_genie_optimizer() {
  local -a commands
  commands=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command="\${words[2]}"
  shift words; (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
_genie_optimizer "$@"
`;
}

function fishScript(commands: readonly CliCommand[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap((command) => [
    `complete -c genie-optimizer -f -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
    ...Object.entries(command.options).map(
      ([name, { type, help, short, choices }]) =>
        `complete -c genie-optimizer -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${short === undefined ? '' : ` -s ${short}`}${choices === undefined ? (type === 'string' ? ' -r' : '') : ` -x -a ${quoted(choices.join(' '))}`} -d ${quoted(help)}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}
