/** Talks to a workspace through the clients; here the embedded one, which speaks the same REST. */
import { CatalogEditor, connect, IdentityClient } from 'genie-optimizer/clients';
import { startLocalWorkspace } from 'genie-optimizer/local';

const local = await startLocalWorkspace({ sample: 'tpch' });

// #region connect
const workspace = await connect({ host: local.host, token: local.token }); // or: connect({ profile: 'dev' })
const me = await new IdentityClient(workspace).currentUser();
console.log(`${me.userName}, signed in by ${workspace.signedInBy.source}`);
// #endregion connect

// #region genie
const { genie, sql } = workspace;
const [space] = await genie.listSpaces();
const { spaceId, etag } = await genie.getSpace(space?.spaceId ?? '');
const answer = await genie.ask(spaceId, 'How many orders are there?', { timeoutMs: 120_000 });
const { rows } = await sql.resultOf(answer.statementId ?? ''); // the rows of Genie, not run again
console.log(`${answer.outcome} at version ${etag}: ${rows.length} row`);
// #endregion genie

// #region conversations
const { conversations } = workspace;
const at = { spaceId, conversationId: answer.conversationId, messageId: answer.messageId };
await conversations.sendFeedback(at, { rating: 'POSITIVE', comment: 'Counted right' });
const { feedback, attachments } = await conversations.message(at);
console.log(`Feedback ${feedback} on ${attachments.length} attachment`);
// #endregion conversations

// #region sql
const words = await sql.execute('SELECT upper(:word) AS word, :n + 1 AS n', {
  parameters: [
    { name: 'word', value: "it's" },
    { name: 'n', value: '41', type: 'INT' },
  ],
  rowLimit: 100,
});
console.log(
  words.rows[0],
  words.columns.map(({ typeText }) => typeText),
);
// #endregion sql

// #region catalog
const name = 'samples.tpch.orders';
const editor = new CatalogEditor(workspace);
await editor.setTags({ table: { name, kind: 'table' } }, { domain: 'sales' });
const { tables } = await workspace.catalog.snapshot({ tables: [name], functions: [] });
console.log(`${name}: ${tables[0]?.columns.length} columns, tags`, tables[0]?.tags);
// #endregion catalog

await local.close();
