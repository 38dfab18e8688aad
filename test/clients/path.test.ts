import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidPathError, path, PathSegments } from '../../src/clients/index.ts';

describe('the path tag', () => {
  it('keeps literals and encodes values', () => {
    expect(path`/api/2.0/genie/spaces/${'a b/c?d#e%'}`).toBe('/api/2.0/genie/spaces/a%20b%2Fc%3Fd%23e%25');
  });

  it.each(['', ' ', '\t', '.', '..'])('refuses %j, which would address something else', (value) => {
    expect(() => path`/api/2.0/genie/spaces/${value}`).toThrow(InvalidPathError);
  });

  it('encodes the segments of an artifact path one by one', () => {
    expect(path`/artifacts/${new PathSegments('evaluation/rows 1.json')}`).toBe(
      '/artifacts/evaluation/rows%201.json',
    );
    expect(() => path`/artifacts/${new PathSegments('a/../b')}`).toThrow(InvalidPathError);
    expect(() => path`/artifacts/${new PathSegments('//')}`).toThrow(InvalidPathError);
  });

  it('gives each value back after URL parsing, whatever it contains', () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 1, unit: 'grapheme' })
          .filter(
            (text) => text.trim() !== '' && text !== '.' && text !== '..' && !/\p{Surrogate}/u.test(text),
          ),
        (value) => {
          const { pathname } = new URL(path`/a/${value}/b`, 'https://example.com');
          expect(pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', value, 'b']);
        },
      ),
    );
  });
});
