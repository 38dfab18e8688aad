import { OptimizerError } from '../../core/index.ts';
import type { PhaseHandlers } from '../../pipeline/index.ts';
import type { Session } from '../../session/index.ts';
import { stringOption, type CliIo, type CliValues } from '../command.ts';

/** Whether somebody is to be asked before the space itself is changed. @see spec/pipeline.md §3, `--auto-apply` */
export const asksBeforeChanges = (values: CliValues, io: CliIo, earlier: Session | null): boolean =>
  Boolean(io.confirm) &&
  values['auto-apply'] !== true &&
  values['yes'] !== true &&
  (stringOption(values, 'isolation') ?? earlier?.isolation) === 'live';

/** The default, once a person has said yes to what it is about to change. */
export const confirmedApply =
  (io: CliIo): NonNullable<PhaseHandlers['apply']> =>
  async (_ctx, input, runDefault) => {
    const { patches } = input.plan;
    const lines = patches.map(({ risk, description }) => `\n  [${risk}] ${description}`);
    const isAllowed = await io.confirm?.(
      `Lever ${input.lever} is about to change the space:${lines.join('')}\nApply?`,
    );
    if (isAllowed !== true)
      throw new OptimizerError('The change was not confirmed. Pass --auto-apply to be asked no more.', {
        code: 'NOT_CONFIRMED',
      });
    return runDefault(input);
  };
