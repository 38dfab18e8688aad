import { ApiError, invalidParameter } from '../server/api-error.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import type { Route } from '../server/router.ts';
import type { TreeEntry, WorkspaceTree } from './workspace-tree.ts';

const BASE = '/api/2.0/workspace';

/** @see spec/databricks-apis.md §7 */
const MAX_IMPORT_BYTES = 10 * 1024 * 1024;

const FORMATS = new Set(['SOURCE', 'HTML', 'JUPYTER', 'DBC', 'R_MARKDOWN', 'AUTO', 'RAW']);
const LANGUAGES = new Set(['PYTHON', 'SQL', 'SCALA', 'R']);

/** The first line of a notebook in source form. */
const NOTEBOOK_SOURCE = /^(?:#|--|\/\/) Databricks notebook source\b/;

/** @see spec/databricks-apis.md §7 */
export function workspaceFileRoutes(tree: WorkspaceTree): Route[] {
  return [
    {
      method: 'POST',
      path: `${BASE}/mkdirs`,
      handle: ({ body }) => {
        tree.makeFolder(requiredText(body, 'path'));
        return {};
      },
    },
    {
      method: 'POST',
      path: `${BASE}/import`,
      handle: ({ body }) => {
        const content = contentOf(optionalText(body, 'content') ?? '');
        const format = optionalText(body, 'format') ?? 'SOURCE';
        const language = optionalText(body, 'language') ?? null;
        if (!FORMATS.has(format)) throw invalidParameter(`Unknown format '${format}'.`);
        if (language !== null && !LANGUAGES.has(language))
          throw invalidParameter(`Unknown language '${language}'.`);
        if (format === 'SOURCE' && language === null)
          throw invalidParameter("Field 'language' is required with format SOURCE.");
        const isNotebook =
          format === 'SOURCE' || (format === 'AUTO' && NOTEBOOK_SOURCE.test(content.toString('utf8', 0, 64)));
        tree.write(
          requiredText(body, 'path'),
          { type: isNotebook ? 'NOTEBOOK' : 'FILE', language, content },
          body['overwrite'] === true,
        );
        return {};
      },
    },
    {
      method: 'GET',
      path: `${BASE}/export`,
      handle: ({ query }) => {
        const entry = tree.entry(query.get('path') ?? '');
        if (entry.type === 'DIRECTORY')
          throw invalidParameter(`Folder (${entry.path}) cannot be exported by the embedded workspace.`);
        if (query.get('direct_download') === 'true') return entry.content;
        return { content: entry.content.toString('base64'), file_type: fileType(entry.path) };
      },
    },
    {
      method: 'GET',
      path: `${BASE}/get-status`,
      handle: ({ query }) => statusOf(tree.entry(query.get('path') ?? '')),
    },
    {
      method: 'GET',
      path: `${BASE}/list`,
      handle: ({ query }) => {
        const objects = tree.list(query.get('path') ?? '').map(statusOf);
        return objects.length === 0 ? {} : { objects };
      },
    },
    {
      method: 'POST',
      path: `${BASE}/delete`,
      handle: ({ body }) => {
        tree.delete(requiredText(body, 'path'), body['recursive'] === true);
        return {};
      },
    },
  ];
}

function contentOf(base64: string): Buffer {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(base64)) throw invalidParameter("Field 'content' must be base64.");
  const content = Buffer.from(base64, 'base64');
  if (content.length > MAX_IMPORT_BYTES)
    throw new ApiError(
      400,
      'MAX_NOTEBOOK_SIZE_EXCEEDED',
      `Content of ${content.length} bytes exceeds the limit of ${MAX_IMPORT_BYTES} bytes.`,
    );
  return content;
}

const fileType = (path: string): string => /\.(\w+)$/.exec(path)?.[1] ?? '';

const statusOf = (entry: TreeEntry) => ({
  object_type: entry.type,
  path: entry.path,
  object_id: entry.objectId,
  resource_id: String(entry.objectId),
  modified_at: entry.modifiedAt,
  ...(entry.type === 'DIRECTORY' ? {} : { size: entry.content.length }),
  ...(entry.type === 'NOTEBOOK' && entry.language !== null ? { language: entry.language } : {}),
});
