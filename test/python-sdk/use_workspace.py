"""Uses the embedded workspace through the official SDK and says what is not as a real workspace would have it.

Usage: use_workspace.py SPACE_ID QUESTION; host, token and warehouse come from the environment.
"""

import json
import os
import sys

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import Aborted, BadRequest, NotFound, ResourceConflict, Unauthenticated
from databricks.sdk.service.catalog import TableType
from databricks.sdk.service.dashboards import GenieFeedbackRating, MessageStatus
from databricks.sdk.service.sql import StatementParameterListItem, StatementState
from databricks.sdk.version import __version__

space_id, question = sys.argv[1:3]
warehouse_id = os.environ["DATABRICKS_WAREHOUSE_ID"]
w = WorkspaceClient()
problems = []
checks = 0


def same(what, found, expected):
    global checks
    checks += 1
    if found != expected:
        problems.append(f"{what}: found {found!r}, expected {expected!r}")


def holds(what, value):
    same(what, bool(value), True)


def refused(what, kind, call):
    global checks
    checks += 1
    try:
        call()
        problems.append(f"{what}: was not refused")
        return None
    except kind as error:
        return error


# Identity.
me = w.current_user.me()
holds("user name", me.user_name)
same("user is active", me.active, True)
refused(
    "a wrong token",
    Unauthenticated,
    lambda: WorkspaceClient(host=w.config.host, token="wrong").current_user.me(),
)

# Spaces: list, read, update, create, trash.
listed = w.genie.list_spaces()
holds("the space is listed", space_id in [space.space_id for space in listed.spaces])
same("content in a listing", [space.serialized_space for space in listed.spaces if space.serialized_space], [])
summary = w.genie.get_space(space_id)
same("content without asking for it", summary.serialized_space, None)
space = w.genie.get_space(space_id, include_serialized_space=True)
same("title", space.title, summary.title)
same("warehouse", space.warehouse_id, warehouse_id)
holds("etag", space.etag)
holds("time of the last change", space.update_time)
content = json.loads(space.serialized_space)
same("version of the content", content["version"], 2)
holds("tables of the space", content["data_sources"]["tables"])

changed = json.loads(space.serialized_space)
changed.setdefault("instructions", {})["text_instructions"] = [
    {"id": "a" * 32, "content": ["Members are people who may borrow books."]}
]
updated = w.genie.update_space(space_id, serialized_space=json.dumps(changed), etag=space.etag)
holds("new etag", updated.etag and updated.etag != space.etag)
again = w.genie.get_space(space_id, include_serialized_space=True)
same("content as written", json.loads(again.serialized_space)["instructions"]["text_instructions"], changed["instructions"]["text_instructions"])
conflict = refused(
    "an old etag",
    (Aborted, ResourceConflict),
    lambda: w.genie.update_space(space_id, serialized_space=space.serialized_space, etag=space.etag),
)
same("code of the conflict", getattr(conflict, "error_code", None), "ABORTED")
same("type of the conflict", type(conflict), Aborted)
unknown_key = dict(changed, general_instructions="x")
refused(
    "an unknown key",
    BadRequest,
    lambda: w.genie.update_space(space_id, serialized_space=json.dumps(unknown_key)),
)
retitled = w.genie.update_space(space_id, title="Renamed", description="Through the SDK")
same("title after an update", (retitled.title, retitled.description), ("Renamed", "Through the SDK"))
restored = w.genie.update_space(space_id, serialized_space=space.serialized_space, title=space.title)
same("content put back", json.loads(restored.serialized_space), content)
missing = refused("a space that does not exist", NotFound, lambda: w.genie.get_space("0" * 32))
same("code of a missing space", getattr(missing, "error_code", None), "RESOURCE_DOES_NOT_EXIST")
copy = w.genie.create_space(warehouse_id, space.serialized_space, title="Copy", parent_path="/Workspace/Shared")
same("folder of the copy", copy.parent_path, "/Shared")
w.genie.trash_space(copy.space_id)
refused("a space in the trash", NotFound, lambda: w.genie.get_space(copy.space_id))

# Asking, following up, results, feedback.
message = w.genie.start_conversation_and_wait(space_id, question)
same("status of the answer", message.status, MessageStatus.COMPLETED)
same("question in the message", message.content, question)
attachment = next(item for item in message.attachments if item.query)
holds("SQL of the answer", "select" in attachment.query.query.lower())
holds("statement of the answer", attachment.query.statement_id)
same("rows of the answer", attachment.query.query_result_metadata.row_count, 1)
result = w.genie.get_message_attachment_query_result(
    space_id, message.conversation_id, message.id, attachment.attachment_id
).statement_response
same("state of the result", result.status.state, StatementState.SUCCEEDED)
same("rows of the result", len(result.result.data_array), 1)
same("columns of the result", result.manifest.schema.column_count, len(result.manifest.schema.columns))
same("rows that the manifest counts", result.manifest.total_row_count, 1)
by_statement = w.statement_execution.get_statement(attachment.query.statement_id)
same("the same rows by statement", by_statement.result.data_array, result.result.data_array)
rerun = w.genie.execute_message_attachment_query(
    space_id, message.conversation_id, message.id, attachment.attachment_id
).statement_response
while rerun.status.state in (StatementState.PENDING, StatementState.RUNNING):
    rerun = w.statement_execution.get_statement(rerun.statement_id)
same("rows when run once more", rerun.result.data_array, result.result.data_array)
w.genie.send_message_feedback(
    space_id, message.conversation_id, message.id, GenieFeedbackRating.POSITIVE, comment="right"
)
read = w.genie.get_message(space_id, message.conversation_id, message.id)
same("feedback", read.feedback.rating if read.feedback else None, GenieFeedbackRating.POSITIVE)
follow_up = w.genie.create_message_and_wait(space_id, message.conversation_id, question)
same("conversation of the follow-up", follow_up.conversation_id, message.conversation_id)
same("status of the follow-up", follow_up.status, MessageStatus.COMPLETED)
messages = w.genie.list_conversation_messages(space_id, message.conversation_id).messages
same("messages of the conversation", sorted(m.content for m in messages), [question, question])
conversations = w.genie.list_conversations(space_id).conversations
holds("the conversation is listed", message.conversation_id in [c.conversation_id for c in conversations])
w.genie.delete_conversation(space_id, message.conversation_id)
refused(
    "a deleted conversation",
    NotFound,
    lambda: w.genie.get_message(space_id, message.conversation_id, message.id),
)

# Statements.
statement = w.statement_execution.execute_statement(
    "SELECT CAST(:n AS BIGINT) AS n, :word AS word, CAST(NULL AS STRING) AS nothing, CAST(1.50 AS DECIMAL(12,2)) AS price",
    warehouse_id,
    parameters=[
        StatementParameterListItem(name="n", value="7", type="BIGINT"),
        StatementParameterListItem(name="word", value="it's"),
    ],
    wait_timeout="30s",
)
same("state of a statement", statement.status.state, StatementState.SUCCEEDED)
same("cells of a statement", statement.result.data_array, [["7", "it's", None, "1.50"]])
columns = {column.name: column for column in statement.manifest.schema.columns}
same("type of a whole number", (columns["n"].type_name.value, columns["n"].type_text), ("LONG", "BIGINT"))
same(
    "type of a decimal",
    (columns["price"].type_name.value, columns["price"].type_precision, columns["price"].type_scale),
    ("DECIMAL", 12, 2),
)
failed = w.statement_execution.execute_statement("SELECT no_such_column FROM range(1)", warehouse_id)
same("state of a bad statement", failed.status.state, StatementState.FAILED)
same("code of a bad statement", failed.status.error.error_code.value, "BAD_REQUEST")
holds("class of a bad statement", failed.status.error.message.startswith("[UNRESOLVED_COLUMN"))
many = w.statement_execution.execute_statement("SELECT id FROM range(12000) ORDER BY id", warehouse_id)
while many.status.state in (StatementState.PENDING, StatementState.RUNNING):
    many = w.statement_execution.get_statement(many.statement_id)
rows, chunk = [], many.result
while chunk is not None:
    rows.extend(chunk.data_array or [])
    following = chunk.next_chunk_index
    chunk = (
        w.statement_execution.get_statement_result_chunk_n(many.statement_id, following)
        if following is not None
        else None
    )
same("rows over all chunks", (len(rows), rows[0], rows[-1]), (12000, ["0"], ["11999"]))
cut = w.statement_execution.execute_statement("SELECT id FROM range(5)", warehouse_id, row_limit=2)
same("rows under a limit", (len(cut.result.data_array), cut.manifest.truncated), (2, True))
refused(
    "a warehouse that does not exist",
    NotFound,
    lambda: w.statement_execution.execute_statement("SELECT 1", "ffffffffffffffff"),
)

# Warehouses and Unity Catalog.
holds("the warehouse is listed", warehouse_id in [warehouse.id for warehouse in w.warehouses.list()])
same("state of the warehouse", w.warehouses.get(warehouse_id).state.value, "RUNNING")
identifier = content["data_sources"]["tables"][0]["identifier"]
table = w.tables.get(identifier)
same("full name of a table", table.full_name, identifier)
same("type of a table", table.table_type, TableType.MANAGED)
holds("columns of a table", all(column.name and column.type_text for column in table.columns))
catalog, schema, _ = identifier.split(".")
holds("the table is listed", identifier in [t.full_name for t in w.tables.list(catalog, schema)])
for function in w.functions.list(catalog, schema):
    same("full name of a function", w.functions.get(function.full_name).full_name, function.full_name)
refused("a table that does not exist", NotFound, lambda: w.tables.get(f"{catalog}.{schema}.no_such_table"))

for problem in problems:
    print(problem)
print(f"databricks-sdk {__version__} finds {checks - len(problems)} of {checks} things as on a real workspace.")
sys.exit(1 if problems else 0)
