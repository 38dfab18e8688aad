import { compareResults } from '../../src/judges/index.ts';

export const tier = (...args: Parameters<typeof compareResults>) => {
  const { match, matchType } = compareResults(...args);
  return [match, matchType];
};
