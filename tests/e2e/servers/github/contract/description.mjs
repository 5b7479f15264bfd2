// GitHub's description of its REST API, one operation at a time: the whole is 13 MB, and a test touches a few of its
// 1,200 operations. It is packed once into one text of JSON values and an index of where each begins.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cached, modules } from "./cache.mjs";
import { undescribedParameters } from "./corrections.mjs";
import { mapSchema } from "./schemas.mjs";

const source = join(modules, "@octokit", "openapi", "generated", "api.github.com.json");
// They do not say which values are right.
const remarks = [
    "description",
    "title",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "default",
    "discriminator",
    "x-multi-segment",
    "x-github",
    "x-github-breaking-changes",
];

export function readWhole() {
    return JSON.parse(readFileSync(source, "utf8"));
}

// Formats of OpenAPI, or of GitHub, that say what a program is to hold a value in and not which values are right.
const representations = ["int64", "binary", "repo.nwo"];

function bare(schema) {
    return mapSchema(schema, (each) => {
        for (const remark of remarks) delete each[remark];
        if (representations.includes(each.format)) delete each.format;
        return each;
    });
}

function bareContent(content = {}) {
    return Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, bare(schema ?? {})]));
}

// A range of times in the syntax of GitHub's search (">=2026-01-01") is called a `date-time`, which no range is.
function asRange({ description = "", schema }) {
    if (schema.format !== "date-time" || !description.includes("search syntax")) return schema;
    const { format: _, ...rest } = schema;
    return rest;
}

// An operation with its references to anything but schemas resolved: { id, method, path, parameters: [ { name, in,
// required, schema, manySegments } ], body: null | { required, content: { TYPE: schema } }, responses: { STATUS: {
// TYPE: schema } } }.
function describe(whole, method, path) {
    const resolve = (node) => (node.$ref ? whole.components[node.$ref.split("/")[2]][node.$ref.split("/")[3]] : node);
    const { operationId: id, parameters = [], requestBody, responses } = whole.paths[path][method];
    return {
        id,
        method,
        path,
        parameters: parameters
            .map(resolve)
            .map((parameter) => ({
                name: parameter.name,
                in: parameter.in,
                required: parameter.required ?? false,
                schema: bare(asRange(parameter)),
                manySegments: parameter["x-multi-segment"] ?? false,
            }))
            .concat(undescribedParameters[id] ?? []),
        body: requestBody
            ? { required: requestBody.required ?? false, content: bareContent(requestBody.content) }
            : null,
        responses: Object.fromEntries(
            Object.entries(responses).map(([status, response]) => [status, bareContent(resolve(response).content)]),
        ),
    };
}

function pack() {
    const whole = readWhole();
    const pieces = [];
    let at = 0;
    const add = (value) => {
        const piece = Buffer.from(JSON.stringify(value));
        pieces.push(piece);
        at += piece.length;
        return [at - piece.length, piece.length];
    };
    const operations = [];
    for (const [path, methods] of Object.entries(whole.paths)) {
        for (const method of Object.keys(methods)) {
            const operation = describe(whole, method, path);
            const many = operation.parameters.filter((each) => each.manySegments).map((each) => each.name);
            operations.push([method.toUpperCase(), path, operation.id, many, ...add(operation)]);
        }
    }
    const schemas = {};
    for (const [name, schema] of Object.entries(whole.components.schemas)) schemas[name] = add(bare(schema));
    return Buffer.concat([Buffer.from(`${JSON.stringify({ operations, schemas })}\n`), ...pieces]);
}

class Description {
    #file;
    #begin;

    // [ METHOD, path, id, names of parameters of many segments, offset, length ] of every operation.
    operations;
    #schemas;

    constructor() {
        const path = cached("description.json", pack);
        const text = readFileSync(path);
        this.#begin = text.indexOf("\n") + 1;
        this.#file = text;
        const { operations, schemas } = JSON.parse(text.subarray(0, this.#begin).toString());
        this.operations = operations;
        this.#schemas = schemas;
    }

    #read(offset, length) {
        return JSON.parse(this.#file.toString("utf8", this.#begin + offset, this.#begin + offset + length));
    }

    operation([, , , , offset, length]) {
        return this.#read(offset, length);
    }

    schema(name) {
        if (!this.#schemas[name]) throw new Error(`GitHub's description has no schema ${name}`);
        return this.#read(...this.#schemas[name]);
    }
}

let only;
export function description() {
    only ??= new Description();
    return only;
}
