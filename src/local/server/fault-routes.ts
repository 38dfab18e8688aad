import { readFaultRule } from './fault-schema.ts';
import type { FaultPlan } from './faults.ts';
import type { Route } from './router.ts';

/** Where faults are switched while the workspace runs; no real workspace has it, and no fault reaches it. */
export const FAULTS_PATH = '/api/2.0/embedded/faults';

/** Adds a rule, or takes all of them away. */
export const faultRoutes = (faults: FaultPlan): Route[] => [
  {
    method: 'POST',
    path: FAULTS_PATH,
    handle: ({ body }) => {
      faults.add(readFaultRule(body));
      return {};
    },
  },
  {
    method: 'DELETE',
    path: FAULTS_PATH,
    handle: () => {
      faults.clear();
      return {};
    },
  },
];
