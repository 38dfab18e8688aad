import * as z from 'zod';
import { INSIDE_OBJECT, sharesPart, writesPart } from '../access.ts';
import { definePatch } from '../define-patch.ts';
import { editFunction } from '../function-edit.ts';
import { functionKey } from '../name-resolver.ts';
import { objectName, someText } from '../payload-schemas.ts';
import { parseComment, renderComment } from '../structured-comment.ts';
import { quote } from '../text-edit.ts';

const PARTS = [INSIDE_OBJECT, writesPart('/comment'), sharesPart('/definition', 'part')];

/** A section's new text; the empty text removes it. */
const section = z.string().optional();

/** Rewrites sections of a function's comment, or the whole of it. Sections that are not named stay as they are. */
export const updateTvfComment = definePatch({
  type: 'update_tvf_comment',
  group: 'comments',
  lever: 3,
  risk: 'medium',
  scope: 'uc',
  schema: z.strictObject({
    function: objectName,
    sections: z
      .strictObject({
        purpose: section,
        best_for: section,
        not_for: section,
        returns: section,
        params: section,
        syntax: section,
        note: section,
        preferred_over: section,
      })
      .optional(),
    comment: someText.optional(),
  }),
  example: {
    function: 'main.sales.top_customers',
    sections: { not_for: 'Customers of one nation: query customers.' },
  },
  check: (p) =>
    (p.sections === undefined) === (p.comment === undefined) ? 'give either sections or comment' : null,
  objectKey: (p, names) => functionKey(names, p.function),
  parts: PARTS,
  touched: (p, names) => [names.function(p.function)],
  render: (p, context) =>
    editFunction(p.function, context, (fn) => {
      if (p.comment !== undefined) return { ...fn, comment: p.comment };
      const parsed = parseComment(fn.comment ?? '');
      const given = Object.entries(p.sections ?? {}).filter(([, text]) => text !== undefined);
      const isIdle = given.every(
        ([key, text]) => (parsed.sections[key as keyof typeof parsed.sections] ?? '') === text?.trim(),
      );
      return isIdle
        ? fn
        : {
            ...fn,
            comment: renderComment({
              ...parsed,
              sections: { ...parsed.sections, ...Object.fromEntries(given) },
            }),
          };
    }),
  describe: (p) =>
    p.comment === undefined
      ? `Rewrite ${Object.keys(p.sections ?? {})
          .join(', ')
          .replaceAll('_', ' ')} in the comment of function ${p.function}`
      : `Comment function ${p.function} as ${quote(p.comment)}`,
});
