// Holds requests and answers against GitHub's description of its REST API.
//
// `check(method, path, query, headers, text)` finds the operation of a request and what is wrong with it;
// `operation.answerProblems(status, body)` says what is wrong with an answer. Both give lines for people; an empty
// list is right.
import { description } from "./description.mjs";
import { corrected } from "./corrections.mjs";
import { match } from "./routes.mjs";
import { closed, inlined, mapSchema, orNull, withDefinitions } from "./schemas.mjs";
import { problems, validator } from "./validators.mjs";

const find = (name) => description().schema(name);
const versions = ["2022-11-28"];

// Two things the description says of null that a compiler takes at its word: `nullable` without `type` means nothing to
// it (see corrections.mjs), and an `enum` without null refuses the null that `nullable` allows, as in the state_reason of
// every open issue. In answers a rule corrects both.
function nullWhereSaid(schema) {
    if (!schema.nullable) return schema;
    if (!schema.type) return orNull(schema);
    return schema.enum && !schema.enum.includes(null) ? { ...schema, enum: [...schema.enum, null] } : schema;
}

// In an address "3" is a number and a text: it fits more than one of several alternatives.
const oneOrMore = ({ oneOf, ...rest }) => (oneOf ? { ...rest, anyOf: oneOf } : rest);

// A success has no key that the description does not name: a script could come to rest on it. Failures say more than is
// described, at GitHub as well.
function answerable(schema, status) {
    const described = withDefinitions(schema, find, nullWhereSaid);
    // A plain failure fits several alternatives.
    if (status >= 400) return oneOrMore(described);
    // What is defined may be one of several alternatives: it is closed where it is referred to.
    const { definitions, ...whole } = described;
    const open = Object.entries(definitions).map(([name, each]) => [name, closed(each, false)]);
    return { ...closed(whole), definitions: Object.fromEntries(open) };
}

export function bodySchema(operation, type) {
    return closed(corrected(operation.id, inlined(operation.body.content[type], find)));
}

export function parametersSchema(operation, where) {
    const own = operation.parameters.filter((each) => each.in === where);
    return {
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(
            own.map((each) => [each.name, mapSchema(inlined(each.schema, find), oneOrMore)]),
        ),
        required: own.filter((each) => each.required).map((each) => each.name),
    };
}

export class Operation {
    #described;

    constructor(entry) {
        this.#described = description().operation(entry);
        this.id = this.#described.id;
        this.path = this.#described.path;
    }

    // Values of text are turned into what the description says, in place.
    addressProblems(where, values) {
        const validate = validator(`${this.id}.${where}`, "address", () => parametersSchema(this.#described, where));
        return problems(validate, values, where);
    }

    bodyProblems(contentType, text) {
        const { body } = this.#described;
        if (!body) return text === "" ? { found: [] } : { found: [`${this.id} takes no body`] };
        if (text === "") return { found: body.required ? [`${this.id} needs a body`] : [] };
        const type = contentType?.split(";")[0].trim();
        // What takes bytes takes them under any type.
        if (!body.content[type] && !body.content["application/octet-stream"]) {
            return { found: [`content-type ${type} is none of: ${Object.keys(body.content).join(", ")}`] };
        }
        if (type !== "application/json") return { found: [], value: text };
        const value = parsed(text);
        if (value === undefined) return { found: ["the body is not JSON"] };
        const validate = validator(`${this.id}.body`, "sent", () => bodySchema(this.#described, type));
        return { found: problems(validate, value, "body"), value };
    }

    // The schema of an answer in JSON, as the description has it.
    schemaOf(status) {
        return this.#described.responses[status]?.["application/json"] ?? {};
    }

    // Of an answer in JSON. A status that the description does not name is a problem only when it is a success:
    // failures, and the new address of what was renamed, are the same for all operations, and not repeated for each.
    answerProblems(status, body) {
        const described = this.#described.responses[status];
        if (!described) return status < 300 ? [`${this.id} has no answer ${status}`] : [];
        const schema = described["application/json"];
        if (!schema) return body === undefined || status >= 300 ? [] : [`${this.id} ${status} has no body`];
        const validate = validator(`${this.id}.${status}`, "answer", () => answerable(schema, status));
        return problems(validate, body, "answer");
    }
}

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

function queryOf(search) {
    const values = {};
    for (const name of new Set(search.keys())) {
        const all = search.getAll(name);
        values[name] = all.length === 1 ? all[0] : all;
    }
    return values;
}

function headerProblems(headers) {
    const found = [];
    const version = headers["x-github-api-version"];
    if (version !== undefined && !versions.includes(version))
        found.push(`x-github-api-version ${version} is none of: ${versions}`);
    if (!/application\/(json|octet-stream|vnd\.github)|\*\/\*/.test(headers.accept ?? "")) {
        found.push(`accept ${headers.accept} does not name application/vnd.github+json`);
    }
    if (headers.authorization && !/^Bearer \S+$/.test(headers.authorization))
        found.push("authorization is not a bearer token");
    return found;
}

const known = new Map();

function operationOf(entry) {
    const key = `${entry[0]} ${entry[1]}`;
    if (!known.has(key)) known.set(key, new Operation(entry));
    return known.get(key);
}

// { operation, params, query, body, problems } of a request; `operation` is null when no path of the description fits.
export function check(method, path, search, headers, text) {
    const found = match(method, path);
    if (!found) return { operation: null, problems: [`the description has no operation ${method} ${path}`] };
    const operation = operationOf(found.entry);
    const { params } = found;
    const query = queryOf(search);
    const body = operation.bodyProblems(headers["content-type"], text);
    return {
        operation,
        params,
        query,
        body: body.value,
        problems: [
            ...headerProblems(headers),
            ...operation.addressProblems("path", params),
            ...operation.addressProblems("query", query),
            ...body.found,
        ],
    };
}
