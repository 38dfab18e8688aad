import type { OptimizeOptions } from '../../pipeline/index.ts';
import type { Session } from '../../session/index.ts';
import { stringOption, type CliIo, type CliValues } from '../command.ts';

/** Whether somebody is to be asked before the space itself is changed. @see spec/pipeline.md §3, `--auto-apply` */
export const asksBeforeChanges = (values: CliValues, io: CliIo, earlier: Session | null): boolean =>
  Boolean(io.confirm) &&
  values['auto-apply'] !== true &&
  values['yes'] !== true &&
  (stringOption(values, 'isolation') ?? earlier?.isolation) === 'live';

/** Shows a person what is about to be changed, and asks. */
export const confirmedBy =
  (io: CliIo): NonNullable<OptimizeOptions['confirmPatchSet']> =>
  async ({ lever, plan: { patches } }) => {
    const lines = patches.map(({ risk, description }) => `\n  [${risk}] ${description}`);
    const question = `Lever ${lever} is about to change the space:${lines.join('')}\nApply?`;
    return (await io.confirm?.(question)) === true;
  };
