import { http as route, HttpResponse, type HttpHandler } from 'msw';
import {
  CatalogEditor,
  connect,
  conversationLimiter,
  ConversationsClient,
  EvalRunsClient,
  IdentityClient,
  JobsClient,
  MlflowClient,
  servingChatModel,
  WorkspaceFilesClient,
} from '../../../src/clients/index.ts';
import type { Logger } from '../../../src/ports/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { HOST } from '../support/server.ts';
import type { Clients } from './probes.ts';

const CLIENT_SECRET = 'Cl13nt+secret/of.unknown-form';
const tokenOf = (number: number): string => `Issu3d~token-${number}/of.unknown-form`;

/** Everything that must never be seen, in the forms in which it may turn up. */
export const FAULT_SECRETS: readonly string[] = [
  CLIENT_SECRET,
  ...[1, 2, 3, 4, 5].map(tokenOf),
  'Issu3d~token',
  Buffer.from(CLIENT_SECRET).toString('base64'),
  encodeURIComponent(CLIENT_SECRET),
];

/** The sign-in service: a new token at every request. */
export function signInHandlers(): HttpHandler[] {
  let issued = 0;
  return [
    route.get(`${HOST}/oidc/.well-known/oauth-authorization-server`, () =>
      HttpResponse.json({ token_endpoint: `${HOST}/oidc/v1/token` }),
    ),
    route.post(`${HOST}/oidc/v1/token`, () => {
      issued += 1;
      return HttpResponse.json({ access_token: tokenOf(issued), expires_in: 3600 });
    }),
  ];
}

/** One of each client, signed in as a service principal, with fake time. */
export async function makeClients(logger: Logger): Promise<{ clients: Clients; clock: FakeClock }> {
  const clock = new FakeClock();
  const { http, genie, sql, catalog } = await connect({
    host: HOST,
    clientId: 'the-client',
    clientSecret: CLIENT_SECRET,
    warehouseId: 'w1',
    startsPerMinute: null,
    clock,
    logger,
    sources: { env: {} },
  });
  const limiter = conversationLimiter({ startsPerMinute: null, clock });
  return {
    clock,
    clients: {
      genie,
      sql,
      catalog,
      catalogEditor: new CatalogEditor({ sql }),
      conversations: new ConversationsClient({ http, clock, limiter }),
      evalRuns: new EvalRunsClient({ http, clock }),
      mlflow: new MlflowClient({ http, clock, flavor: 'open-source' }),
      jobs: new JobsClient({ http, clock }),
      files: new WorkspaceFilesClient({ http }),
      identity: new IdentityClient({ http }),
      chat: servingChatModel({ http, endpoint: 'judge' }),
    },
  };
}
