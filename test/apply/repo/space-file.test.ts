import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffSpaceFile, editSpaceFile, syncSpaceFile } from '../../../src/apply/index.ts';
import { diffSpaces, parseSpace, serializeSpace, type Space } from '../../../src/spaces/index.ts';
import { arbitrarySpace } from '../../spaces/arbitrary-space.ts';
import { VARIABLES } from './repo-world.ts';

const PATH = 'sales.geniespace.json';
const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const FILE = `{
  "version": 2,
  "data_sources": {
    "tables": [
      {
        "identifier": "\${catalog}.\${gold_schema}.customers",
        "comment_of_the_team": "only in the file"
      },
      {
        "identifier": "\${catalog}.\${gold_schema}.orders",
        "description": ["Orders of \${catalog}.\${gold_schema}.customers,\\n", "one row each."],
        "owner": "sales desk"
      }
    ]
  }
}
`;

const orders = { by: 'identifier', is: 'main.sales.orders' };
const at = (...path: (string | { by: string; is: string })[]) => ['data_sources', 'tables', ...path];

const edit = (path: ReturnType<typeof at>, from: unknown, to: unknown, file = FILE) =>
  editSpaceFile(PATH, file, [{ path, from, to }], VARIABLES);

describe('editing the file of a space', () => {
  it('changes the line it is about and no other', () => {
    const { text } = edit(
      at(orders, 'description'),
      ['Orders of main.sales.customers,\n', 'one row each.'],
      ['Orders of main.sales.customers,\n', 'one row per order.'],
    );
    expect(text).toBe(FILE.replace('one row each.', 'one row per order.'));
  });

  it('puts a new member where the API writes it, and a new item in the order the API demands', () => {
    const { text } = editSpaceFile(
      PATH,
      FILE,
      [
        {
          path: at(orders, 'column_configs'),
          from: undefined,
          to: [{ column_name: 'o_date', exclude: true }],
        },
        {
          path: at({ by: 'identifier', is: 'main.sales.nations' }),
          from: undefined,
          to: { identifier: 'main.sales.nations' },
        },
      ],
      VARIABLES,
    );
    expect(text.indexOf('${gold_schema}.customers"')).toBeLessThan(text.indexOf('${gold_schema}.nations"'));
    expect(text.indexOf('.nations"')).toBeLessThan(text.indexOf('.orders"'));
    expect(text.indexOf('"column_configs"')).toBeLessThan(text.indexOf('"owner"'));
    expect(text).toContain(`        "column_configs": [
          {
            "column_name": "o_date",
            "exclude": true
          }
        ],
        "owner"`);
  });

  it('names the path when the file says something else', () => {
    expect(() => edit(at(orders, 'description'), ['Other.'], ['New.'])).toThrow(
      expect.objectContaining({
        code: 'REPO_FILE_CONFLICT',
        message: expect.stringContaining('data_sources.tables[main.sales.orders].description') as string,
      }),
    );
  });

  it('names the table that the file does not have', () => {
    const suppliers = { by: 'identifier', is: 'main.sales.suppliers' };
    expect(() => edit(at(suppliers, 'description'), undefined, ['Suppliers.'])).toThrow(
      expect.objectContaining({
        code: 'REPO_FILE_CONFLICT',
        message: expect.stringContaining("no item with identifier 'main.sales.suppliers'") as string,
      }),
    );
  });

  it('says which placeholder has no value when that is why nothing fits', () => {
    const file = FILE.replace('one row each.', 'one row of ${mart}.');
    expect(() =>
      edit(at(orders, 'description'), ['Orders of main.sales.customers,\n', 'one row of m.'], ['x'], file),
    ).toThrow(/\$\{mart\}, which has no value/);
  });

  it('keeps escapes of letters beyond ASCII when the file has them', () => {
    const file = FILE.replace('sales desk', 'caf\\u00e9');
    const { text } = edit(at(orders, 'owner'), 'café', 'Zoë', file);
    expect(text).toBe(file.replace('caf\\u00e9', 'Zo\\u00eb'));
  });

  it('does not corrupt prose that holds the name of a schema', () => {
    const { text } = edit(at(orders, 'owner'), 'sales desk', 'sales desk, main office of main.sales.orders');
    expect(text).toContain('"owner": "sales desk, main office of ${catalog}.${gold_schema}.orders"');
  });

  it.each([
    ['is no JSON', '{"version": 2,,}', /no JSON: unexpected ',' in line 1/],
    ['has one key twice', '{"version": 2, "version": 2}', /two members of one name/],
    ['is of version 1', '{"version": 1, "data_sources": {}}', /version 2 \(found version 1\)/],
    ['is no space', '[]', /found version nothing/],
  ])('refuses a file that %s', (_name, file, message) => {
    expect(() => edit(at(orders, 'owner'), undefined, 'x', file)).toThrow(
      expect.objectContaining({
        code: 'REPO_FILE_FORMAT',
        message: expect.stringMatching(message) as string,
      }),
    );
  });
});

describe('bringing a file to the content of a space', () => {
  it('finds what the live side has and the file lacks, and writes just that', () => {
    const live = parseSpace(FILE.replaceAll('${catalog}', 'main').replaceAll('${gold_schema}', 'sales'));
    const wanted: Space = {
      ...live,
      instructions: { text_instructions: [{ id: 'a'.repeat(32), content: ['Weeks begin on Monday.'] }] },
    };
    expect(diffSpaceFile(PATH, FILE, live, VARIABLES)).toEqual([]);
    expect(diffSpaceFile(PATH, FILE, wanted, VARIABLES)).toMatchObject([
      { kind: 'added', what: 'text instruction' },
    ]);
    const { text } = syncSpaceFile(PATH, FILE, wanted, VARIABLES);
    expect(text.startsWith(FILE.trimEnd().slice(0, -2).trimEnd())).toBe(true);
    expect(diffSpaceFile(PATH, text, wanted, VARIABLES)).toEqual([]);
    expect(syncSpaceFile(PATH, text, live, VARIABLES).text).toBe(FILE);
  });

  it('works between any two spaces, and back', () => {
    fc.assert(
      fc.property(arbitrarySpace, arbitrarySpace, (a, b) => {
        const file = pretty(JSON.parse(serializeSpace(a)));
        const there = syncSpaceFile(PATH, file, b, {}).text;
        expect(diffSpaces(parseSpace(there), b)).toEqual([]);
        const back = syncSpaceFile(PATH, there, parseSpace(file), {}).text;
        expect(diffSpaces(parseSpace(back), parseSpace(file))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
