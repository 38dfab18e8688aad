import { isMap, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import * as z from 'zod';
import { nearestName } from '../../core/index.ts';
import { SampleError } from '../errors.ts';

/** `sample.yaml`: what a folder of a sample says about itself. @see decisions 19 and 20 */
export const sampleDefinitionSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be lower-case letters, digits, - and _').meta({ description: 'Short name of the sample.' }),
  title: z.string().min(1).meta({ description: 'Name for people.' }),
  warehouse: z.string().min(1).meta({ description: 'Id of the SQL warehouse that the workspace pretends to have.' }),
  domain: z.string().min(1).meta({ description: 'Key in golden-queries.yaml under which the questions stand.' }),
  variables: z
    .looseObject({ catalog: z.string().min(1), gold_schema: z.string().min(1) })
    .catchall(z.string().min(1))
    .meta({ description: 'Values of ${…} in the questions and in catalog.sql; catalog and gold_schema at least.' }),
  spaces: z.array(z.string().min(1)).min(1).optional().meta({ description: 'Space files to load; without it every *.geniespace.json.' }),
  space: z.string().min(1).optional().meta({ description: 'The space file that the questions belong to; needed when there is more than one.' }),
  today: z.iso.date().optional().meta({ description: 'What current_date() answers. Without it the real date.' }),
  scripted: z.record(z.string(), z.unknown()).optional().meta({ description: 'Probabilities of passing per question, for the scripted Genie.' }),
});

export type SampleDefinition = z.infer<typeof sampleDefinitionSchema>;

/** JSON Schema of `sample.yaml`, for editors. */
export const sampleJsonSchema = (): unknown => z.toJSONSchema(sampleDefinitionSchema);

/** Reads `sample.yaml`. @param file - its path, for messages. @throws {SampleError} with the line and what to do */
export function readSampleDefinition(text: string, file: string): SampleDefinition {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) {
    const [firstLine = ''] = syntaxError.message.split('\n');
    throw new SampleError(`the YAML does not parse: ${firstLine}`, { file, line: lines.linePos(syntaxError.pos[0]).line, cause: syntaxError });
  }
  const parsed = sampleDefinitionSchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  // A misspelt key is both unknown and missing; the unknown one is what to mend.
  const issue = parsed.error.issues.find((each) => each.code === 'unrecognized_keys') ?? parsed.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown === undefined ? (issue?.path ?? []) : [...(issue?.path ?? []), unknown];
  throw new SampleError(unknown === undefined ? wrongValue(path, issue?.message ?? 'unexpected form') : unknownKey(unknown), {
    file,
    line: lineOf(document, path, lines),
    cause: parsed.error,
  });
}

function unknownKey(key: string): string {
  const known = Object.keys(sampleDefinitionSchema.shape);
  const nearest = nearestName(key, known);
  return `unknown key '${key}'.${nearest === null ? '' : ` Did you mean '${nearest}'?`} Known keys: ${known.join(', ')}.`;
}

const wrongValue = (path: readonly PropertyKey[], problem: string): string =>
  path.length === 0 ? `a mapping with the keys of a sample is needed (${problem}).` : `'${path.map(String).join('.')}' is missing or wrong: ${problem}. Correct it.`;

/** Line of the deepest part of `path` that stands in the document; `undefined` for the whole. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of path) {
    if (!isMap(node)) break;
    const pair = node.items.find((item) => String(item.key) === String(part));
    if (pair === undefined) break;
    const range = (pair.key as { range?: readonly number[] | null }).range;
    offset = range?.[0] ?? offset;
    node = pair.value;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
