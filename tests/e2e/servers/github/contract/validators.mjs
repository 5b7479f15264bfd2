// Validators made of schemas, compiled once and kept as code: compiling what GitHub says of an issue takes 200 ms,
// loading the compiled code 7. A schema that does not compile is an error here and now, never skipped.
import { createRequire } from "node:module";
import { cached } from "./cache.mjs";

// ajv is loaded when there is something to compile: that takes longer than starting the server.
const require = createRequire(import.meta.url);

// Unknown keywords and formats are errors, so that nothing of the description is passed over.
const strict = { strict: true, strictTypes: false, strictRequired: false, strictTuples: false, allErrors: true };

// What a validator is for decides its dialect: what is sent is held against "unevaluatedProperties" (2019), the
// parameters of an address are text where the description says number, and answers need no more than draft 7.
const dialects = {
    sent: { module: "ajv/dist/2019.js" },
    address: { module: "ajv", coerceTypes: "array" },
    answer: { module: "ajv/dist/2019.js" },
};

export function compiler(dialect) {
    const { module, ...options } = dialects[dialect];
    const Ajv = require(module).default;
    return require("ajv-formats").default(new Ajv({ ...strict, ...options, code: { source: true } }));
}

const loaded = new Map();

// The validator called `name`; `makeSchema()` gives its schema when it was never compiled.
export function validator(name, dialect, makeSchema) {
    if (!loaded.has(name)) {
        const path = cached(`${name.replaceAll("/", ".")}.cjs`, () => {
            const ajv = compiler(dialect);
            return require("ajv/dist/standalone").default(ajv, ajv.compile(makeSchema()));
        });
        loaded.set(name, require(path));
    }
    return loaded.get(name);
}

// What is wrong with `value`, in a line for each error; nothing is an empty list.
export function problems(validate, value, what) {
    if (validate(value)) return [];
    return validate.errors.map(({ instancePath, message, params }) => {
        const named = params.unevaluatedProperty ?? params.additionalProperty;
        const allowed = params.allowedValues ? `: ${params.allowedValues.join(", ")}` : "";
        return `${what}${instancePath} ${message}${named === undefined ? "" : `: '${named}'`}${allowed}`;
    });
}
