import { invalidParameter } from '../server/api-error.ts';

type Lifecycle = 'active' | 'deleted';

const VIEWS: Readonly<Record<string, readonly Lifecycle[]>> = {
  ACTIVE_ONLY: ['active'],
  DELETED_ONLY: ['deleted'],
  ALL: ['active', 'deleted'],
};

/** Which experiments or runs a search looks at; without a view the active ones. @throws {ApiError} */
export function inView(view = 'ACTIVE_ONLY'): (entry: { readonly lifecycle: Lifecycle }) => boolean {
  const stages = VIEWS[view];
  if (stages === undefined)
    throw invalidParameter(`Invalid view type '${view}'. Valid values are ${Object.keys(VIEWS).join(', ')}.`);
  return ({ lifecycle }) => stages.includes(lifecycle);
}
