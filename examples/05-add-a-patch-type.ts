/** Adds a patch type of your own, with the same rights as the built-in ones. No network, no workspace. */
import * as z from 'zod';
import { parseSpace } from 'genie-optimizer';
import {
  changes,
  createPatchRegistry,
  definePatch,
  describePatch,
  failed,
  findConflicts,
  parsePatchSet,
  planPatchSet,
  spaceEdit,
} from 'genie-optimizer/patch-dsl';

// #region define
const setBenchmarkNote = definePatch({
  type: 'acme_set_benchmark_note',
  lever: 6,
  risk: 'low',
  scope: 'genie_config',
  schema: z.strictObject({ question_id: z.string(), note: z.string().min(1) }),
  example: { question_id: '0'.repeat(32), note: 'Net of returns.' },
  objectKey: (payload) => `benchmark:${payload.question_id}`, // two patches on one key conflict unless they agree
  render(payload, { space }) {
    const question = space.benchmarks?.questions?.find(({ id }) => id === payload.question_id);
    if (question === undefined)
      return failed('UNKNOWN_TARGET', `There is no question ${payload.question_id}.`);
    const path = ['benchmarks', 'questions', { by: 'id', is: question.id }, 'evaluation_note'];
    return changes([spaceEdit(path, question['evaluation_note'], [payload.note])]); // the inverse comes from `from`
  },
  describe: (payload) => `Set the note of question ${payload.question_id} to ${JSON.stringify(payload.note)}`,
});
const registry = createPatchRegistry({ extend: [setBenchmarkNote] });
// #endregion define

const id = 'a'.repeat(32);
const answer = [{ format: 'SQL', content: ['SELECT 1'] }];
const space = parseSpace({
  version: 2,
  benchmarks: { questions: [{ id, question: ['How many?'], answer }] },
});
const patchesFor = (...notes: string[]) =>
  parsePatchSet(
    notes.map((note) => ({ type: 'acme_set_benchmark_note', question_id: id, note })),
    { registry },
  );

// #region use
const patches = patchesFor('Count members, not cards.');
for (const patch of patches) console.log(describePatch(patch, { registry }));
const planned = planPatchSet({ space, catalog: { tables: [], functions: [] } }, patches, { registry });
if (planned.ok) console.log(planned.plan.diff_lines.join('\n'));

const [conflict] = findConflicts(patchesFor('One.', 'Two.'), { registry });
console.log(`${conflict?.patchIds.join(' and ')} conflict on ${conflict?.key}`);
// #endregion use
