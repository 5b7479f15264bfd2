// JSON by a schema of draft 7: a file holds {"schema": …, "value": …}.
import Ajv from "ajv";
import addFormats from "ajv-formats";

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
addFormats(ajv);

export function problems(text) {
    const { schema, value } = JSON.parse(text);
    const validate = ajv.compile(schema);
    if (validate(value)) return [];
    return validate.errors.map((error) => `${error.instancePath} ${error.message}`);
}
