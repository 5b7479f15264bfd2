// A value of each kind that GitHub's description knows: what it requires and nothing more, so that a test server need
// only say what its tests are about. null where null will do.
import { description } from "../contract/description.mjs";
import { referenceOf } from "../contract/schemas.mjs";

const texts = {
    "date-time": "2026-01-01T00:00:00Z",
    date: "2026-01-01",
    email: "someone@example.org",
    uri: "https://github.com/",
    "uri-template": "https://github.com/",
};

const simple = {
    string: ({ format, minLength = 0 }) => texts[format] ?? "x".repeat(minLength),
    integer: ({ minimum = 1 }) => minimum,
    number: ({ minimum = 1 }) => minimum,
    boolean: () => false,
    array: ({ items, minItems = 0 }) => Array.from({ length: minItems }, () => sample(items)),
};

function objectOf({ properties = {}, required = [] }) {
    return Object.fromEntries(required.map((name) => [name, properties[name] ? sample(properties[name]) : null]));
}

// Of a schema as it is in the description.
export function sample(schema) {
    const name = referenceOf(schema);
    if (name) return description().schema(name).nullable ? null : skeleton(name);
    if (schema.nullable) return null;
    if (schema.enum) return schema.enum[0];
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map(sample));
    const first = (schema.oneOf ?? schema.anyOf)?.[0];
    if (first && !schema.properties) return sample(first);
    return (simple[schema.type] ?? objectOf)(schema);
}

const made = new Map();

// Of the schema of that name. Shared by all who ask: lay it out with `...`, never change it.
export function skeleton(name) {
    if (!made.has(name)) {
        made.set(name, null); // what holds itself holds null there
        made.set(name, sample({ ...description().schema(name), nullable: false }));
    }
    return made.get(name);
}
