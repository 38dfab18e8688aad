import { dataSources, type Space } from '../../src/spaces/index.ts';

/** Every synonym of every column of a space. */
export const columnSynonyms = (space: Space): string[] =>
  dataSources(space).flatMap((source) =>
    (source.column_configs ?? []).flatMap((column) => column.synonyms ?? []),
  );
