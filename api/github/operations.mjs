// Writes operations.tsv, the table behind `github.call`, from GitHub's own description of its REST API:
//
//   node operations.mjs node_modules/@octokit/openapi/generated/api.github.com.json >operations.tsv
//
// A line has, between tabs: the operation's id, its method, its path, flags, what its query takes, what its body takes,
// and its summary. Parameters are separated by spaces: NAME:TYPE or NAME=VALUE|VALUE, with "!" after the name where it is
// required and "?" at the end where null is allowed. In a path, {NAME} is a string, and {NAME*} may have slashes. Flags:
//
//   list, list=FIELD   the answer is a list, a page at a time, in that field of each page
//   reads              changes nothing, whatever its method
//   raw                the body is sent as it is
//   open               the body takes other names as well
//   uploads            it is at the server for uploads
import { readFileSync } from "node:fs";

const whole = JSON.parse(readFileSync(process.argv[2], "utf8"));

// POSTs that make nothing.
const reading = ["markdown/render", "markdown/render-raw", "repos/generate-release-notes"];

function resolved(node) {
    while (node?.$ref)
        node = node.$ref
            .split("/")
            .slice(1)
            .reduce((place, key) => place[key], whole);
    return node;
}

// The alternatives of a schema, or the schema alone.
const alternatives = (schema) => (schema.oneOf ?? schema.anyOf ?? [schema]).map(resolved);

function typeOf(raw) {
    const schema = resolved(raw ?? {});
    const kinds = [...new Set(alternatives(schema).map((each) => each.type ?? "any"))];
    const nullable = schema.nullable ? "?" : "";
    const isPlain = schema.enum?.every((value) => typeof value === "string" && !/[\s|?]/.test(value));
    if (isPlain && kinds.join() === "string") return `=${schema.enum.join("|")}${nullable}`;
    return `:${kinds.length === 1 ? kinds[0] : "any"}${nullable}`;
}

const parameter = (name, required, schema) => `${name}${required ? "!" : ""}${typeOf(schema)}`;

function pathOf(path, parameters) {
    return path.replace(/\{([\w-]+)\}/g, (_, name) => {
        const found = parameters.find((each) => each.in === "path" && each.name === name);
        const type = typeOf(found?.schema);
        if (found?.["x-multi-segment"]) return `{${name}*}`;
        return type === ":string" ? `{${name}}` : `{${name}${type}}`;
    });
}

// The body's properties; where it may have several forms, those of all forms that are objects.
function bodyOf(operation, names) {
    const content = resolved(operation.requestBody)?.content;
    if (!content) return { flags: [], properties: "" };
    if (!content["application/json"]) return { flags: ["raw"], properties: "" };
    const schema = resolved(content["application/json"].schema ?? {});
    const forms = schema.properties ? [schema] : alternatives(schema);
    const objects = forms.filter((each) => each.properties);
    const properties = Object.assign({}, ...objects.map((each) => each.properties));
    const isNeeded = resolved(operation.requestBody).required !== false;
    const isRequired = (name) => isNeeded && forms.every((each) => each.required?.includes(name));
    const list = Object.entries(properties)
        .filter(([name]) => !names.has(name))
        .map(([name, each]) => parameter(name, isRequired(name), each));
    const isOpen = objects.length === 0 || objects.some((each) => each.additionalProperties);
    return { flags: isOpen ? ["open"] : [], properties: list.join(" ") };
}

// The field that has the items of a page, "" when the page itself is the list; undefined when it is no list.
function listOf(method, operation, parameters) {
    const answer = resolved(operation.responses["200"]);
    const takesSize = parameters.some((each) => each.name === "per_page");
    if (method !== "get" || !(takesSize || answer?.headers?.Link)) return undefined;
    const schema = resolved(answer?.content?.["application/json"]?.schema ?? {});
    if (alternatives(schema).some((each) => each.type === "array")) return "";
    if (!takesSize) return undefined;
    const arrays = Object.entries(schema.properties ?? {}).filter(([, each]) => resolved(each).type === "array");
    if (schema.properties?.total_count && arrays.some(([name]) => name === "items")) return "items";
    return arrays.length === 1 ? arrays[0][0] : undefined;
}

function lineOf(path, method, operation) {
    const parameters = (operation.parameters ?? []).map(resolved);
    const query = parameters.filter((each) => each.in === "query");
    const body = bodyOf(operation, new Set(parameters.map((each) => each.name)));
    const list = listOf(method, operation, parameters);
    const flags = [...body.flags];
    if (list !== undefined) flags.push(list ? `list=${list}` : "list");
    if (reading.includes(operation.operationId)) flags.push("reads");
    if (operation.servers) flags.push("uploads");
    return [
        operation.operationId,
        method.toUpperCase(),
        pathOf(path, parameters),
        flags.join(" "),
        query.map((each) => parameter(each.name, each.required, each.schema)).join(" "),
        body.properties,
        operation.summary.replace(/\s+/g, " "),
    ].join("\t");
}

const lines = Object.entries(whole.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => lineOf(path, method, operation)),
);
process.stdout.write(lines.sort().join("\n") + "\n");
