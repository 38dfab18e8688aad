import { countingIds, hashOf, OptimizerError } from '../core/index.ts';
import {
  EMPTY_CATALOG,
  type CatalogSnapshot,
  type GenieAnswer,
  type GeniePort,
  type SpaceExport,
  type StatementResult,
  type Workspace,
} from '../ports/index.ts';
import { parseSpace, type Space } from '../spaces/index.ts';

/** What a scripted Genie answers: SQL, or `null` for an answer in words only. */
export type ScriptedAnswer = (question: string, space: Space) => string | null;

/** Rows a scripted warehouse gives for a statement; throw to let the statement fail. */
export type ScriptedRows = (statement: string) => Pick<StatementResult, 'columns' | 'rows'>;

export interface MemoryWorkspace extends Workspace {
  /** Every question asked, in order. */
  readonly asked: readonly { readonly spaceId: string; readonly question: string }[];
  /** Every statement run, in order. */
  readonly executed: readonly string[];
  /** Content of a space as it stands. */
  readonly spaceText: (spaceId: string) => string;
  /** Changes a space behind the run's back. */
  readonly editElsewhere: (spaceId: string, serializedSpace: string) => void;
  /** A workspace of its own in the same state: what a process that is killed at this moment leaves behind. */
  readonly copy: () => MemoryWorkspace;
}

/** What a workspace in memory remembers. */
interface Memory {
  readonly spaces: Map<string, { title: string; text: string }>;
  readonly asked: { spaceId: string; question: string }[];
  readonly executed: string[];
  readonly rowsByStatement: Map<string, StatementResult>;
  ids: number;
}

/**
 * A workspace in memory with a scripted Genie: for tests of decisions, where SQL is beside the point.
 *
 * It is a fake: it knows no SQL and checks no space. Use `genie-optimizer/local` for a workspace that does.
 */
export const memoryWorkspace = (script: WorkspaceScript): MemoryWorkspace =>
  workspaceOf(script, {
    spaces: new Map(
      Object.entries(script.spaces).map(([spaceId, text]) => [spaceId, { title: spaceId, text }]),
    ),
    asked: [],
    executed: [],
    rowsByStatement: new Map(),
    ids: 0,
  });

interface WorkspaceScript {
  readonly spaces: Readonly<Record<string, string>>;
  readonly answer: ScriptedAnswer;
  readonly rows: ScriptedRows;
  /** What Unity Catalog says; a function: after the statements run so far. */
  readonly catalog?: CatalogSnapshot | ((executed: readonly string[]) => CatalogSnapshot);
}

function workspaceOf(script: WorkspaceScript, memory: Memory): MemoryWorkspace {
  const { spaces, asked, executed, rowsByStatement } = memory;
  const nextId = countingIds('c');
  for (let used = 0; used < memory.ids; used++) nextId();
  const newId = (): string => {
    memory.ids += 1;
    return nextId();
  };

  const find = (spaceId: string) => {
    const space = spaces.get(spaceId);
    if (!space) {
      throw new OptimizerError(`There is no space ${spaceId}.`, {
        code: 'SPACE_NOT_FOUND',
        details: { spaceId },
      });
    }
    return space;
  };
  const exportOf = (spaceId: string): SpaceExport => {
    const { title, text } = find(spaceId);
    return {
      spaceId,
      title,
      description: null,
      warehouseId: 'memory',
      serializedSpace: text,
      etag: hashOf(text),
    };
  };
  const execute = (statement: string): StatementResult => {
    executed.push(statement);
    const result = { statementId: newId(), truncated: false, ...script.rows(statement) };
    rowsByStatement.set(result.statementId, result);
    return result;
  };

  const genie: GeniePort = {
    listSpaces: async () => [...spaces.keys()].map(exportOf),
    getSpace: async (spaceId) => exportOf(spaceId),
    updateSpace: async (spaceId, update) => {
      if (update.etag !== undefined && update.etag !== null && update.etag !== exportOf(spaceId).etag) {
        throw new OptimizerError(`Space ${spaceId} changed since it was read.`, {
          code: 'SPACE_CONFLICT',
          retryable: true,
        });
      }
      spaces.set(spaceId, { ...find(spaceId), text: update.serializedSpace });
      return exportOf(spaceId);
    },
    createSpace: async (space) => {
      const spaceId = newId();
      spaces.set(spaceId, { title: space.title, text: space.serializedSpace });
      return exportOf(spaceId);
    },
    trashSpace: async (spaceId) => {
      find(spaceId);
      spaces.delete(spaceId);
    },
    ask: async (spaceId, question) => {
      const { text } = find(spaceId);
      asked.push({ spaceId, question });
      return answerOf(script.answer(question, parseSpace(text)), newId);
    },
  };
  return {
    host: 'memory://workspace',
    genie,
    sql: {
      execute: async (statement) => execute(statement),
      resultOf: async (statementId) => {
        const result = rowsByStatement.get(statementId);
        if (!result) throw new OptimizerError(`There is no statement ${statementId}.`, { code: 'NOT_FOUND' });
        return result;
      },
    },
    catalog: {
      snapshot: async () => {
        const { catalog = EMPTY_CATALOG } = script;
        return typeof catalog === 'function' ? catalog(executed) : catalog;
      },
    },
    asked,
    executed,
    spaceText: (spaceId) => find(spaceId).text,
    editElsewhere: (spaceId, serializedSpace) => {
      spaces.set(spaceId, { ...find(spaceId), text: serializedSpace });
    },
    copy: () =>
      workspaceOf(script, {
        spaces: new Map(spaces),
        asked: [...asked],
        executed: [...executed],
        rowsByStatement: new Map(rowsByStatement),
        ids: memory.ids,
      }),
  };
}

const answerOf = (sql: string | null, newId: () => string): GenieAnswer => ({
  outcome: sql === null ? 'text' : 'sql',
  status: 'COMPLETED',
  conversationId: newId(),
  messageId: newId(),
  attachmentId: newId(),
  sql,
  extraSql: [],
  statementId: null,
  text: sql === null ? 'Could you say more precisely what you need?' : null,
  thoughts: [],
  error: null,
  elapsedMs: 0,
});
