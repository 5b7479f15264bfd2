// Walks over the schemas of an OpenAPI 3.0 description, and what is made of them.
const single = ["items", "additionalProperties", "not"];
const alternatives = ["oneOf", "anyOf", "allOf"];

// A copy of `schema` where `change(copy, path)` has seen every schema inside, the innermost first. Only what is a
// schema is visited: a property that happens to be called "example" stays. `path` is where the schema is, as keys.
export function mapSchema(schema, change, path = []) {
    if (typeof schema !== "object" || schema === null) return schema;
    const copy = { ...schema };
    if (copy.properties) {
        copy.properties = Object.fromEntries(
            Object.entries(copy.properties).map(([name, each]) => [
                name,
                mapSchema(each, change, [...path, "properties", name]),
            ]),
        );
    }
    for (const key of single) if (copy[key]) copy[key] = mapSchema(copy[key], change, [...path, key]);
    for (const key of alternatives) {
        if (copy[key]) copy[key] = copy[key].map((each, i) => mapSchema(each, change, [...path, key, i]));
    }
    return change(copy, path);
}

export function referenceOf(schema) {
    return schema.$ref?.slice("#/components/schemas/".length);
}

// A value that may be null beside `oneOf`, `anyOf` or `allOf`: in OpenAPI 3.0 `nullable` counts only beside `type`, but
// what is meant is plain.
export function orNull(schema) {
    const { nullable, ...rest } = schema;
    return Object.keys(rest).length === 0 ? rest : { anyOf: [{ type: "null" }, rest] };
}

// `schema` with every schema that it refers to beside it, as JSON Schema has them.
export function withDefinitions(schema, find, change = (each) => each) {
    const definitions = {};
    const local = (part) =>
        mapSchema(part, (each) => {
            const name = referenceOf(each);
            if (!name) return change(each);
            if (!(name in definitions)) {
                definitions[name] = true; // what refers to itself ends here
                definitions[name] = local(find(name));
            }
            return { $ref: `#/definitions/${name}` };
        });
    return { ...local(schema), definitions };
}

// `schema` with every reference replaced by what it refers to. A schema inside itself stays open there.
export function inlined(schema, find, within = []) {
    return mapSchema(schema, (each) => {
        const name = referenceOf(each);
        if (!name) return each;
        return within.includes(name) ? {} : inlined(find(name), find, [...within, name]);
    });
}

// `schema` (without references) refusing every key that it does not name, at any depth, even where the description
// leaves additionalProperties open. An object none of whose keys is named is a map, and takes any.
export function closed(schema, isWhole = true) {
    const copy = { ...schema };
    if (copy.properties) {
        copy.properties = Object.fromEntries(
            Object.entries(copy.properties).map(([name, each]) => [name, closed(each)]),
        );
        if (copy.additionalProperties === true) delete copy.additionalProperties;
    }
    if (typeof copy.additionalProperties === "object") copy.additionalProperties = closed(copy.additionalProperties);
    if (copy.items) copy.items = closed(copy.items);
    // Alternatives look at the same object: only the whole of them knows which keys are named.
    for (const key of alternatives) if (copy[key]) copy[key] = copy[key].map((each) => closed(each, false));
    if (isWhole && namesKeys(copy)) copy.unevaluatedProperties = false;
    return copy;
}

function namesKeys(schema) {
    return (
        schema.properties !== undefined ||
        schema.$ref !== undefined ||
        alternatives.some((key) => schema[key]?.some(namesKeys))
    );
}
