import { UsageError, type CliIo, type CliValues } from '../command.ts';

/** High risk asks even when `--yes` was given, unless it was allowed by name. */
export async function isConfirmed(
  values: CliValues,
  io: CliIo,
  highRisk: boolean,
  question = 'Apply this plan?',
): Promise<boolean> {
  const isAllowed = values['yes'] === true && (!highRisk || values['allow-high-risk'] === true);
  if (isAllowed) return true;
  if (!io.confirm)
    throw new UsageError(
      highRisk
        ? 'The plan has high-risk patches. Read it, then pass --yes --allow-high-risk.'
        : 'There is nobody to ask. Read what is shown, then pass --yes.',
    );
  return io.confirm(question);
}
