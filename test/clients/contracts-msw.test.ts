import { beforeEach } from 'vitest';
import { CatalogClient, conversationLimiter, GenieClient, SqlClient } from '../../src/clients/index.ts';
import { describeCatalogPort } from '../contracts/catalog-port.ts';
import { describeGeniePort } from '../contracts/genie-port.ts';
import { describeSqlPort } from '../contracts/sql-port.ts';
import { informationSchema } from './support/fake-information-schema.ts';
import { fakeWorkspace } from './support/fake-workspace.ts';
import { makeHttp, useServer } from './support/server.ts';

const server = useServer();
const schema = informationSchema();
const workspace = fakeWorkspace(schema.answer);

beforeEach(() => server.use(...workspace.handlers));

const { http, clock } = makeHttp();
const sql = new SqlClient({ http, clock, warehouseId: 'wh-1' });

describeGeniePort('GenieClient over HTTP', () => ({
  genie: new GenieClient({ http, clock, limiter: conversationLimiter({ startsPerMinute: null, clock }) }),
  spaceId: workspace.spaceId,
  question: 'How many orders are there?',
}));

describeSqlPort('SqlClient over HTTP', () => ({ sql }));

describeCatalogPort('CatalogClient over HTTP', () => ({
  catalog: new CatalogClient({ sql }),
  table: schema.table,
  function: schema.function,
}));
