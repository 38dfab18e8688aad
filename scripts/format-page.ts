import { format, resolveConfig } from 'prettier';

/** Markdown as prettier would leave it in this file. */
export const formatPage = async (page: URL, text: string): Promise<string> =>
  format(text, { ...(await resolveConfig(page)), parser: 'markdown' });
