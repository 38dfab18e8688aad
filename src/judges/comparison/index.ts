export * from './compare-results.ts';
export * from './comparison.ts';
export { asksForOrder, expectedOrder } from './order.ts';
export type { ExpectedOrder } from './order.ts';
