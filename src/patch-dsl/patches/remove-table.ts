import * as z from 'zod';
import { leverOfAsset } from '../asset-lever.ts';
import { definePatch } from '../define-patch.ts';
import { assetKey } from '../name-resolver.ts';
import { objectName } from '../payload-schemas.ts';
import { changes, noop } from '../rendering.ts';
import { resolveSource } from '../resolve.ts';
import { joinSpecs } from '../../spaces/index.ts';
import { nameKey } from '../../core/index.ts';
import { joinPath } from '../resolve.ts';
import { spaceEdit } from '../step.ts';

/** Takes a data source out of the space, with the joins that need it. Unity Catalog is not touched. */
export const removeTable = definePatch({
  type: 'remove_table',
  group: 'tables and columns',
  lever: (p, snapshot) => leverOfAsset(p.target, snapshot),
  risk: 'high',
  scope: 'genie_config',
  phase: 'remove',
  schema: z.strictObject({ target: objectName }),
  example: { target: 'main.sales.old_orders' },
  objectKey: (p, names) => assetKey(names, p.target),
  touched: (p, names) => [names.source(p.target)],
  render(p, context) {
    const place = resolveSource(p.target, context);
    if (place.status === 'failed')
      return place.code === 'UNKNOWN_TARGET' ? noop(`${p.target} is not in the space`) : place;
    const key = nameKey(place.source.identifier);
    const joins = joinSpecs(context.space).filter((join) =>
      [join.left, join.right].some((side) => nameKey(side.identifier) === key),
    );
    return changes([
      ...joins.map((join) => spaceEdit(joinPath(join.id), join, undefined)),
      spaceEdit(place.path, place.source, undefined),
    ]);
  },
  describe: (p) => `Remove ${p.target} from the space`,
});
