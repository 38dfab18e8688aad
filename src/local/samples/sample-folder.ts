import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareCodeUnits, hashOf, nearestName } from '../../core/index.ts';
import { SampleError } from '../errors.ts';

/** Names of the samples that ship with the library. */
export const SHIPPED_SAMPLES = ['tpch', 'retail'] as const;

/** The folder of the installed package, found upwards from this file: it runs from `src` and from `dist` alike. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/**
 * The folder of a sample: a shipped name, or a path.
 *
 * @throws {SampleError} when there is no such folder
 */
export async function sampleFolder(sample: string): Promise<string> {
  const isName = /^[\w-]+$/.test(sample);
  const shipped = join(packageRoot(), 'samples', sample);
  if (isName && (SHIPPED_SAMPLES as readonly string[]).includes(sample) && existsSync(shipped)) return shipped;
  const folder = resolve(sample);
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() === true) return folder;
  const nearest = isName ? nearestName(sample, SHIPPED_SAMPLES) : null;
  throw new SampleError(
    `there is no such folder.${nearest === null ? '' : ` Did you mean the sample '${nearest}'?`} Pass the name of a shipped sample (${SHIPPED_SAMPLES.join(', ')}) or the path of a folder with sample.yaml and catalog.sql.`,
    { file: isName ? sample : folder },
  );
}

/** Text of a file that a sample must have. @throws {SampleError} */
export async function readRequired(folder: string, name: string, purpose: string): Promise<string> {
  const file = join(folder, name);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SampleError(`the file cannot be read. A sample needs ${name}: ${purpose}.`, { file, cause });
  }
}

/** File names in a folder, sorted; empty when the folder does not exist. */
export async function fileNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort(compareCodeUnits);
}

/** A fingerprint of the text files of a sample and the sizes of its data files. */
export async function folderHash(folder: string, texts: readonly string[]): Promise<string> {
  const data = join(folder, 'data');
  const sizes = await Promise.all((await fileNames(data)).map(async (name) => [name, (await stat(join(data, name))).size]));
  return hashOf([...texts, sizes]);
}
