import { basename, join } from 'node:path';
import { existsSync } from 'node:fs';
import { isOptimizerError, md5, messageOf, nearestName } from '../../core/index.ts';
import { parseSpace } from '../../spaces/index.ts';
import type { Space } from '../../spaces/index.ts';
import { resolveSql } from '../../sql/index.ts';
import type { NameScope } from '../catalog/catalog-model.ts';
import { scriptStatements } from '../engine/lexer.ts';
import { SqlEngine } from '../engine/sql-engine.ts';
import { SampleError } from '../errors.ts';
import { loadDataFiles } from './load-data-files.ts';
import { readSampleDefinition } from './sample-definition.ts';
import type { SampleDefinition } from './sample-definition.ts';
import { fileNames, folderHash, readRequired } from './sample-folder.ts';

const SPACE_SUFFIX = '.geniespace.json';
const BENCHMARKS_FILE = 'golden-queries.yaml';

export interface SampleSpace {
  /** 32 hex characters: from the file's wrapper, else derived from sample and file name. */
  readonly spaceId: string;
  readonly title: string;
  readonly description: string | null;
  readonly warehouseId: string;
  readonly space: Space;
}

/** A sample folder, loaded into an engine. */
export interface LoadedSample {
  readonly definition: SampleDefinition;
  readonly folder: string;
  readonly benchmarksPath: string;
  readonly spaces: readonly SampleSpace[];
  /** The space that the questions belong to. */
  readonly spaceId: string;
  /** Changes when the files of the sample change. */
  readonly contentHash: string;
  readonly engine: SqlEngine;
}

/**
 * Reads a folder in the sample format and builds its catalog.
 *
 * @param now - the date used when `sample.yaml` pins none; `null` for the real time
 * @throws {SampleError} naming file and line
 * @see spec/local-workspace.md §2.1
 */
export async function loadSample(folder: string, now: string | null): Promise<LoadedSample> {
  const definitionFile = join(folder, 'sample.yaml');
  const definitionText = await readRequired(folder, 'sample.yaml', 'name, title, warehouse, domain and variables');
  const definition = readSampleDefinition(definitionText, definitionFile);
  const script = await readRequired(folder, 'catalog.sql', 'the tables, views and functions as Databricks SQL');
  const spaceFiles = await readSpaceFiles(folder, definition);
  const benchmarksPath = join(folder, BENCHMARKS_FILE);
  if (!existsSync(benchmarksPath)) throw new SampleError(`the file is missing. A sample needs its questions in ${BENCHMARKS_FILE}.`, { file: benchmarksPath });
  const spaces = spaceFiles.map((file) => readSpace(file, definition));
  const engine = await SqlEngine.open(definition.today ?? now);
  try {
    await runScript(engine, script, join(folder, 'catalog.sql'), definition.variables);
    await loadDataFiles(folder, engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return {
    definition,
    folder,
    benchmarksPath,
    spaces,
    spaceId: chooseSpace(folder, spaceFiles, spaces, definition),
    contentHash: await folderHash(folder, [definitionText, script, ...spaceFiles.map((file) => file.text)]),
    engine,
  };
}

interface SpaceFile {
  readonly file: string;
  readonly text: string;
}

async function readSpaceFiles(folder: string, definition: SampleDefinition): Promise<SpaceFile[]> {
  const present = (await fileNames(folder)).filter((name) => name.endsWith(SPACE_SUFFIX));
  const wanted = definition.spaces ?? present;
  if (wanted.length === 0) throw new SampleError(`no *${SPACE_SUFFIX} file. Put the serialized space of the sample there.`, { file: folder });
  return Promise.all(
    wanted.map(async (name) => {
      if (!present.includes(name)) {
        const nearest = nearestName(name, present);
        throw new SampleError(`'spaces' names ${name}, which is not there.${nearest === null ? '' : ` Did you mean ${nearest}?`}`, { file: join(folder, 'sample.yaml') });
      }
      return { file: join(folder, name), text: await readRequired(folder, name, 'a serialized space') };
    }),
  );
}

function readSpace({ file, text }: SpaceFile, definition: SampleDefinition): SampleSpace {
  const name = basename(file, SPACE_SUFFIX);
  try {
    const resolved = resolveSql(text, definition.variables);
    const space = parseSpace(resolved);
    const wrapper = JSON.parse(resolved) as { space_id?: unknown; title?: unknown; description?: unknown; warehouse_id?: unknown };
    return {
      spaceId: typeof wrapper.space_id === 'string' ? wrapper.space_id : md5(`${definition.name}/${name}`),
      title: typeof wrapper.title === 'string' ? wrapper.title : name === 'space' ? definition.title : `${definition.title} (${name})`,
      description: typeof wrapper.description === 'string' ? wrapper.description : null,
      warehouseId: typeof wrapper.warehouse_id === 'string' ? wrapper.warehouse_id : definition.warehouse,
      space,
    };
  } catch (cause) {
    throw new SampleError(`the space cannot be read: ${messageOf(cause)}`, { file, cause });
  }
}

function chooseSpace(folder: string, files: readonly SpaceFile[], spaces: readonly SampleSpace[], definition: SampleDefinition): string {
  const index = definition.space === undefined ? 0 : files.findIndex(({ file }) => basename(file) === definition.space);
  const chosen = spaces[index];
  const names = files.map(({ file }) => basename(file));
  const file = join(folder, 'sample.yaml');
  if (definition.space === undefined && spaces.length > 1) {
    throw new SampleError(`there are ${spaces.length} spaces; say with 'space' which one the questions belong to: ${names.join(', ')}.`, { file });
  }
  if (chosen === undefined) {
    const nearest = nearestName(definition.space ?? '', names);
    throw new SampleError(`'space' names ${definition.space ?? ''}, which is not loaded.${nearest === null ? '' : ` Did you mean ${nearest}?`}`, { file });
  }
  return chosen.spaceId;
}

async function runScript(engine: SqlEngine, script: string, file: string, variables: Readonly<Record<string, string>>): Promise<void> {
  let names: NameScope = { catalog: variables['catalog'] ?? 'main', schema: variables['gold_schema'] ?? 'default' };
  for (const statement of scriptStatements(script)) {
    try {
      names = await engine.executeIn(resolveSql(statement.sql, variables), names);
    } catch (cause) {
      if (!isOptimizerError(cause)) throw cause;
      const [firstLine = ''] = statement.sql.split('\n');
      throw new SampleError(`${cause.message}\n  in the statement beginning: ${firstLine}`, { file, line: statement.line, cause });
    }
  }
}
