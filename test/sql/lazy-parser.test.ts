import { beforeEach, describe, expect, it, vi } from 'vitest';

const loads = { count: 0 };

beforeEach(() => {
  vi.resetModules();
  loads.count = 0;
  vi.doMock('@polyglot-sql/sdk', async (importOriginal) => {
    loads.count++;
    return importOriginal();
  });
});

describe('the parser', () => {
  it('is loaded by the first analysis, not by the light functions', async () => {
    const sql = await import('../../src/sql/index.ts');
    sql.lexSql('SELECT 1');
    sql.sanitizeSql('SELECT 1');
    sql.resolveSql('${a}', { a: 'b' });
    sql.templatizeSql('SELECT 1 FROM a.b', { a: 'a' });
    sql.checkReadOnly('SELECT 1');
    sql.canonicalText('SELECT 1');
    sql.lexicalFacts('SELECT 1');
    expect(loads.count).toBe(0);
    expect((await sql.analyzeSql('SELECT 1')).engine).toBe('ast');
    expect(loads.count).toBe(1);
  });

  it('is not loaded for what the guard refuses', async () => {
    const { analyzeSql } = await import('../../src/sql/index.ts');
    await analyzeSql(`SELECT '${'x'.repeat(30_000)}'`);
    expect(loads.count).toBe(0);
  });

  it('may be missing: facts and canonical forms come from the lexer', async () => {
    vi.doMock('@polyglot-sql/sdk', () => {
      throw new TypeError('the parser is not installed');
    });
    const { analyzeSql, canonicalSql, canonicalText, generateSql } = await import('../../src/sql/index.ts');
    expect(await analyzeSql('SELECT a FROM t')).toMatchObject({
      engine: 'lexical',
      degradedReason: expect.stringMatching(/parser unavailable/),
      tables: [{ name: 't' }],
    });
    expect(await canonicalSql('SELECT a FROM t')).toMatchObject({
      engine: 'lexical',
      text: canonicalText('SELECT a FROM t'),
    });
    expect(await generateSql({ select: {} }, 'duckdb')).toMatchObject({ ok: false });
  });
});
