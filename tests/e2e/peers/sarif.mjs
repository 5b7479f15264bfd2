// SARIF 2.1.0 by its official schema, which is of JSON Schema draft 4.
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const schemaFile = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, "utf8")));

export function problems(text) {
    if (validate(JSON.parse(text))) return [];
    return validate.errors.map((error) => `${error.instancePath} ${error.message}`);
}
