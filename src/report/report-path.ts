import type { Session } from '../session/index.ts';

/**
 * Where the report of a run goes: `{domain}_optimization_{YYYY-MM-DD}.md`, and the same with the end of the session's
 * id for a second run on that day.
 *
 * A run that is reported again, for instance after it was resumed, keeps its path.
 */
export async function reportPathOf(
  session: Session,
  place: { readonly outputDir: string; readonly exists: (path: string) => Promise<boolean> },
): Promise<string> {
  if (session.report_path !== null) return session.report_path;
  const domain = session.domain.replaceAll(/[^\w.-]+/g, '-');
  const date = (session.finished_at ?? session.updated_at).slice(0, 10);
  const plain = `${place.outputDir}/${domain}_optimization_${date}`;
  if (!(await place.exists(`${plain}.md`))) return `${plain}.md`;
  return `${plain}_${session.session_id.replaceAll(/[^\w-]+/g, '-').slice(-12)}.md`;
}
