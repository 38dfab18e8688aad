"""Reads with MLflow's own client what the TypeScript suite wrote, and says what differs.

Usage: read_back.py TRACKING_URI WRITTEN_JSON VALUES_JSON
"""

import base64
import json
import sys
import tempfile
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities import RunStatus

uri, written_path, values_path = sys.argv[1:4]
written = json.loads(Path(written_path).read_text())
values = json.loads(Path(values_path).read_text())

mlflow.set_tracking_uri(uri)
client = MlflowClient()
problems = []
checks = 0


def same(what, found, expected):
    global checks
    checks += 1
    if found != expected:
        problems.append(f"{what}: found {found!r}, expected {expected!r}")


# Runs, parameters, tags, metrics with their model.
run = client.get_run(written["runId"])
same("experiment of the run", run.info.experiment_id, written["experimentId"])
same("status of the run", run.info.status, RunStatus.to_string(RunStatus.FINISHED))
same("name of the run", run.info.run_name, "iteration 3")
same("parameter", run.data.params.get("iteration"), values["params"]["iteration"])
same("number of parameters", len(run.data.params), 122)
for key, value in values["tags"].items():
    same(f"tag {key}", run.data.tags.get(key), value)
last = {metric["key"]: metric["value"] for metric in values["metrics"]}
for key, value in last.items():
    same(f"metric {key}", run.data.metrics.get(key), value)
history = client.get_metric_history(written["runId"], "overall_accuracy")
same("history of a metric", [(m.value, m.step) for m in history], [(40.0, 0), (82.5, 1)])
children = client.search_runs(
    [written["experimentId"]], f"tags.`mlflow.parentRunId` = '{written['runId']}'"
)
same("status of the nested run", [child.info.status for child in children], ["FAILED"])

# Inputs.
inputs = run.inputs.dataset_inputs
same(
    "data that the run evaluates",
    sorted((i.dataset.name, i.dataset.digest) for i in inputs),
    [("held_out", "b" * 8), ("questions", "a" * 36)],
)
same("model that the run evaluates", [m.model_id for m in run.inputs.model_inputs], [written["modelId"]])

# Artifacts of the run and of the model.
artifact = values["artifact"]
with tempfile.TemporaryDirectory() as folder:
    local = mlflow.artifacts.download_artifacts(
        run_id=written["runId"], artifact_path=artifact["name"], dst_path=folder
    )
    same("content of an artifact", Path(local).read_text(encoding="utf-8"), artifact["text"])
listed = sorted(entry.path for entry in client.list_artifacts(written["runId"], "evaluation"))
same("artifacts below a folder", listed, ["evaluation/bytes.bin", artifact["name"]])

# Logged models.
model = mlflow.get_logged_model(written["modelId"])
same("run that made the model", model.source_run_id, written["runId"])
same("status of the model", str(model.status), "READY")
same("type of the model", model.model_type, "genie-space")
same("parameters of the model", dict(model.params), values["model"]["params"])
same("tags of the model", model.tags.get("role"), values["model"]["tags"]["role"])
# A run's own history does not name the model, whoever wrote it; the model's metrics name the run.
of_model = {(m.key, m.value, m.run_id, m.model_id) for m in model.metrics}
for key, value in last.items():
    same(
        f"metric {key} of the model",
        (key, value, written["runId"], written["modelId"]) in of_model,
        True,
    )
models = mlflow.search_logged_models(
    experiment_ids=[written["experimentId"]], filter_string="tags.verdict = 'kept'", output_format="list"
)
same("model found by its tag", [m.model_id for m in models], [written["modelId"]])

# A logged model whose steps were taken one by one: pending, files, finalized, tagged.
lifecycle = mlflow.get_logged_model(written["lifecycleModelId"])
same("status of the finalized model", str(lifecycle.status), "READY")
same("run that made the finalized model", lifecycle.source_run_id, written["runId"])
same("number of its parameters", len(lifecycle.params), 101)
same("tags of the finalized model", (lifecycle.tags.get("outcome"), lifecycle.tags.get("promoted")), ("accepted", None))
same(
    "model that the run made",
    [(m.model_id, m.step) for m in run.outputs.model_outputs],
    [(written["lifecycleModelId"], 3)],
)
same(
    "data on which a metric of the model was measured",
    [(m.dataset_name, m.dataset_digest) for m in lifecycle.metrics if m.key == "held"],
    [("held_out", "b" * 8)],
)
best = mlflow.search_logged_models(
    experiment_ids=[written["experimentId"]],
    filter_string="metrics.score > 0",
    order_by=[{"field_name": "metrics.score", "ascending": False}],
    output_format="list",
)
same("models by a metric", [m.model_id for m in best], [written["lifecycleModelId"], written["modelId"]])

# Traces with spans and assessments.
traces = mlflow.search_traces(
    locations=[written["experimentId"]], run_id=written["runId"], return_type="list"
)
same("traces of the run", [trace.info.trace_id for trace in traces], [written["traceId"]])
trace = mlflow.get_trace(written["traceId"])
spans = {span.name: span for span in trace.data.spans}
same("spans", sorted(spans), ["ask", "genie"])
same("parent of the inner span", spans["genie"].parent_id, spans["ask"].span_id)
same("type of the inner span", spans["genie"].span_type, "TOOL")
same("inputs of the outer span", spans["ask"].inputs, {"question": "How many orders?"})
same("outputs of the outer span", spans["ask"].outputs, {"sql": "SELECT count(*) FROM orders"})
same("duration of the trace in ms", trace.info.execution_duration, 1500)
same("model of the trace", trace.info.trace_metadata.get("mlflow.modelId"), written["modelId"])
assessments = {assessment.name: assessment for assessment in trace.info.assessments}
verdict = assessments["schema_accuracy"]
same("verdict", verdict.feedback.value, "no")
same("reason of the verdict", verdict.rationale, "The join is missing.")
same("source of the verdict", (verdict.source.source_type, verdict.source.source_id), ("CODE", "structural"))
same("place of the verdict", verdict.span_id, spans["ask"].span_id)
same("run of the verdict", verdict.metadata.get("mlflow.assessment.sourceRunId"), written["runId"])
same(
    "blame of the verdict",
    json.loads(verdict.metadata.get("genie_opt.asi", "null")),
    {"failure_type": "missing_join"},
)
same("verdict of a judge that failed", assessments["logical_accuracy"].feedback.value, None)
same("failure of a judge", assessments["logical_accuracy"].feedback.error.error_code, "SCORER_ERROR")
same("expected answer", assessments["expected_sql"].expectation.value, {"sql": "SELECT 1", "rows": [1, 2]})

# Prompts.
prompt = mlflow.genai.load_prompt(f"prompts:/{written['promptName']}/2")
same("prompt", prompt.template, values["template"])
same("message of the prompt", prompt.commit_message, "Second")
by_alias = mlflow.genai.load_prompt(f"prompts:/{written['promptName']}@production")
same("prompt by alias", by_alias.version, 2)

# Records of the dataset.
dataset = mlflow.genai.datasets.get_dataset(dataset_id=written["datasetId"])
records = dataset.to_df()
same("records", len(records), 1)
record = values["record"]
same("inputs of the record", records.iloc[0]["inputs"], record["inputs"])
same("expectations of the record", records.iloc[0]["expectations"], record["expectations"])
same("tags of the record", records.iloc[0]["tags"].get("split"), "test")
same("experiment of the dataset", dataset.experiment_ids, [written["experimentId"]])

# A whole run, as the tracker writes it.
tracked = written["tracked"]


def json_artifact(run_id, path):
    with tempfile.TemporaryDirectory() as target:
        name = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=path, dst_path=target)
        return json.loads(Path(name).read_text(encoding="utf-8"))


best = mlflow.get_logged_model(tracked["bestModelId"])
same("run that recorded the version", best.source_run_id, tracked["bestRunId"])
same("status of the version", str(best.status), "READY")
same("type of the version", best.model_type, "genie-space")
same("parent of the version", best.params.get("parent_model_id"), tracked["baselineModelId"])
same("types of its patches", best.params.get("patch_types"), "add_synonym")
same("what became of it", (best.tags.get("outcome"), best.tags.get("promoted")), ("accepted", "true"))
same("external", best.tags.get("mlflow.model.isExternal"), "true")
same("accuracy of the version", {m.value for m in best.metrics if m.key == "overall_accuracy"}, {100.0})
creation = client.get_run(tracked["bestRunId"])
same("status of the creation run", creation.info.status, "FINISHED")
same("what the creation run made", [m.model_id for m in creation.outputs.model_outputs], [tracked["bestModelId"]])
config = json_artifact(tracked["bestRunId"], "model_state/genie_config.json")
same("recorded space", json.loads(config["serialized_space"])["data_sources"], config["_decoded"]["data_sources"])
for file in ("uc_columns", "uc_tags", "uc_routines"):
    same(f"recorded {file}", isinstance(json_artifact(tracked["bestRunId"], f"model_state/{file}.json"), list), True)
same("recorded patches", json_artifact(tracked["bestRunId"], "patches/patch_set.json")[0]["type"], "add_synonym")
difference = json_artifact(tracked["bestRunId"], "model_state/uc_metadata_diff.json")
same("recorded difference", difference["parent_model_id"], tracked["baselineModelId"])
evaluation = client.get_run(tracked["evaluationRunId"])
same("marked as an evaluation", evaluation.data.tags.get("mlflow.run.isEval"), "true")
same("version that was evaluated", [m.model_id for m in evaluation.inputs.model_inputs], [tracked["baselineModelId"]])
same("data of the evaluation", [i.dataset.name for i in evaluation.inputs.dataset_inputs], [tracked["datasetName"]])
traces = mlflow.search_traces(
    locations=[tracked["experimentId"]], run_id=tracked["evaluationRunId"], return_type="list"
)
same("questions with a trace", sorted(t.info.tags["question_id"] for t in traces), ["q1", "q2", "q3"])
for t in traces:
    names = sorted(a.name for a in t.info.assessments)
    same(
        "verdicts of a question",
        names,
        [
            "arbiter",
            "completeness",
            "expected_asset",
            "expected_response",
            "repeatability",
            "result_correctness",
            "schema_accuracy",
        ],
    )

# What asking again showed: on the trace of each first answer, on the run, on the version.
again = {
    t.info.tags["question_id"]: next(a for a in t.info.assessments if a.name == "repeatability") for t in traces
}
same(
    "classes of repeated answers",
    {question: a.feedback.value for question, a in again.items()},
    {"q1": "IDENTICAL", "q2": "CRITICAL_VARIANCE", "q3": "SIGNIFICANT_VARIANCE"},
)
for question, a in again.items():
    same(f"source of repeatability of {question}", str(a.source.source_type), "CODE")
    same(f"name of that source of {question}", a.source.source_id, "cell_9c_repeatability")
    same(
        f"run of repeatability of {question}",
        (a.metadata or {}).get("mlflow.assessment.sourceRunId"),
        tracked["evaluationRunId"],
    )
    same(f"rationale of {question} is there", bool(a.rationale), True)
reasons = {
    question: json.loads((a.metadata or {}).get("genie_opt.asi", "{}")) for question, a in again.items()
}
same("reasons of identical answers", reasons["q1"], {})
same("failure type of unstable answers", reasons["q2"]["failure_type"], "repeatability_issue")
same("severities", [reasons["q2"]["severity"], reasons["q3"]["severity"]], ["critical", "major"])
same("critical count", evaluation.data.metrics.get("repeatability/critical_count"), 1.0)
evaluated = mlflow.get_logged_model(tracked["baselineModelId"])
version_metrics = {m.key: m.value for m in evaluated.metrics}
same("repeatability of the version", round(version_metrics.get("repeatability_pct", -1), 3), 66.667)
same("file of repeated answers", json_artifact(tracked["evaluationRunId"], "evaluation/repeatability.json")["total_questions"], 3)
stored = json_artifact(tracked["evaluationRunId"], "evaluation/traces.json")
same("traces by question", {s["question_id"]: s["trace_id"] for s in stored}, {t.info.tags["question_id"]: t.info.trace_id for t in traces})
same("fingerprint of the questions", evaluation.data.params.get("benchmark_fingerprint"), "f1")
same("splits of the questions", evaluation.data.params.get("split_counts"), '{"train":2,"val":1}')
same("catalog of the answer keys", evaluation.data.params.get("catalog"), "town")

# Spans in protobuf, as tables of Unity Catalog take them: read with OpenTelemetry's own classes, and by the server.
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

request = ExportTraceServiceRequest.FromString(base64.b64decode(written["otlp"]["bytes"]))
spans = [span for r in request.resource_spans for scope in r.scope_spans for span in scope.spans]
same("names of the spans", [span.name for span in spans], ["ask", "sql"])
same("trace of the spans", {span.trace_id.hex() for span in spans}, {written["otlp"]["traceHex"]})
same("parent of the second span", spans[1].parent_span_id, spans[0].span_id)
same("parent of the first span", spans[0].parent_span_id, b"")
same("start of the first span", spans[0].start_time_unix_nano, 1790000000123000000)
same("outcome of the second span", [spans[1].status.code, spans[1].status.message], [2, "broke"])
same(
    "inputs of the first span",
    {kv.key: kv.value.string_value for kv in spans[0].attributes}["mlflow.spanInputs"],
    '{"question":"Wie viele? €"}',
)
exported = client.search_traces(locations=[written["otlp"]["experimentId"]], include_spans=False)
same(
    "trace that the server made of the spans",
    [(t.info.trace_id, t.info.execution_duration) for t in exported],
    [(f"tr-{written['otlp']['traceHex']}", 1500)],
)
promoted = mlflow.search_logged_models(
    experiment_ids=[tracked["experimentId"]], filter_string="tags.promoted = 'true'", output_format="list"
)
same("promoted versions", [m.model_id for m in promoted], [tracked["bestModelId"]])
session = json_artifact(tracked["sessionRunId"], "session/optimization-progress.json")
same("session", session["tracking"]["best_model_id"], tracked["bestModelId"])
report = client.list_artifacts(tracked["reportRunId"], "report")
same("report", sorted(f.path for f in report), ["report/optimization_report.json", "report/optimization_report.md"])

for problem in problems:
    print(problem)
print(f"MLflow {mlflow.__version__} reads {checks - len(problems)} of {checks} values as they were written.")
sys.exit(1 if problems else 0)
