// Compiles every request body of the description twice: as it stands, and as the stand-in holds requests against it.
// Prints { bodies, broken: [ operation… ], corrections: [ operation… ], failed: [ { operation, error } ] }; exits with
// 1 when a body does not compile in the end, or when the corrections are not exactly those of the broken ones.
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { bodySchema } from "./contract.mjs";
import { description, readWhole } from "./description.mjs";
import { corrections } from "./corrections.mjs";
import { inlined } from "./schemas.mjs";
import { compiler } from "./validators.mjs";

// Why `schema` does not compile, or null.
function failure(compile, makeSchema) {
    try {
        compile(makeSchema());
        return null;
    } catch (error) {
        return error.message;
    }
}

// As it stands: the one thing done is that references are followed; unknown keywords and formats are let pass.
const plain = addFormats(new Ajv({ strict: false, logger: false }));
const ours = compiler("sent");
const whole = readWhole();
const result = { bodies: 0, broken: [], corrections: corrections.map((each) => each.operation), failed: [] };

for (const entry of description().operations) {
    const [method, path, id] = entry;
    const operation = description().operation(entry);
    const raw = whole.paths[path][method.toLowerCase()].requestBody;
    for (const type of Object.keys(operation.body?.content ?? {})) {
        result.bodies += 1;
        if (
            failure(
                (schema) => plain.compile(schema),
                () => inlined(raw.content[type].schema ?? {}, (name) => whole.components.schemas[name]),
            )
        ) {
            result.broken.push(id);
        }
        const error = failure(
            (schema) => ours.compile(schema),
            () => bodySchema(operation, type),
        );
        if (error) result.failed.push({ operation: id, error });
    }
}

console.log(JSON.stringify(result));
const agree = [...result.broken].sort().join() === [...result.corrections].sort().join();
process.exitCode = result.failed.length === 0 && agree ? 0 : 1;
