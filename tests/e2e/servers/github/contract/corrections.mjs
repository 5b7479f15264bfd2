// The nine request bodies of the description that no JSON Schema compiler takes as they stand. All have one defect:
// `nullable: true` beside `oneOf` or `anyOf` and without `type`, where OpenAPI 3.0 gives it no meaning. Each is corrected
// at the one place where it is wrong, to take null or one of the alternatives. Anything else that does not compile is
// an error: see compile_all.mjs.
import { mapSchema, orNull } from "./schemas.mjs";

const project = ["properties", "fields", "items", "properties", "value"];
const customProperty = ["properties", "default_value"];
const metadata = ["properties", "metadata", "additionalProperties"];
const manifest = ["properties", "manifests", "additionalProperties"];

const places = {
    "projects/update-item-for-org": { at: [project], why: "a field of a project item is cleared with null" },
    "projects/update-item-for-user": { at: [project], why: "a field of a project item is cleared with null" },
    "orgs/custom-properties-for-repos-create-or-update-organization-definitions": {
        at: [["properties", "properties", "items", ...customProperty]],
        why: "a property may have no default",
    },
    "orgs/custom-properties-for-repos-create-or-update-organization-definition": {
        at: [customProperty],
        why: "a property may have no default",
    },
    "orgs/custom-properties-for-repos-create-or-update-organization-values": {
        at: [["properties", "properties", "items", "properties", "value"]],
        why: "null unsets the value of a property",
    },
    "repos/custom-properties-for-repos-create-or-update-repository-values": {
        at: [["properties", "properties", "items", "properties", "value"]],
        why: "null unsets the value of a property",
    },
    "dependency-graph/create-repository-snapshot": {
        at: [
            metadata,
            [...manifest, ...metadata],
            [...manifest, "properties", "resolved", "additionalProperties", ...metadata],
        ],
        why: "a value of the metadata is a string, a number, a boolean or null",
    },
    "issues/create": { at: [["properties", "milestone"]], why: "null is no milestone" },
    "issues/update": {
        at: [
            ["properties", "title"],
            ["properties", "milestone"],
            ["properties", "type"],
        ],
        why: "null takes the milestone or the type away, and leaves the title",
    },
};

export const corrections = Object.entries(places).map(([operation, { why }]) => ({ operation, why }));

// The body's schema of an operation, without references, with what is listed above corrected. A place that needs no
// correction any more is an error: the list belongs to this version of the description.
export function corrected(operation, schema) {
    const waiting = new Set(places[operation]?.at.map((path) => path.join("/")));
    const result = mapSchema(schema, (each, path) => {
        if (!waiting.delete(path.join("/"))) return each;
        if (!each.nullable || each.type) throw new Error(`${operation} needs no correction at ${path.join("/")}`);
        return orNull(each);
    });
    if (waiting.size > 0) throw new Error(`${operation} has nothing to correct at ${[...waiting].join(", ")}`);
    return result;
}

// Query parameters that GitHub takes and its description does not have yet.
const cursors = ["after", "before"].map((name) => ({ name, in: "query", required: false, schema: { type: "string" } }));
export const undescribedParameters = { "issues/list-for-repo": cursors };
