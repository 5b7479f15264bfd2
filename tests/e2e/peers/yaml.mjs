// YAML as the reader of GitHub's own parser of workflows sees it: the errors, and each value with its place.
import { YamlObjectReader } from "@actions/workflow-parser/workflows/yaml-object-reader";
import { EventType } from "@actions/workflow-parser/templates/parse-event";

const collections = new Map([[EventType.SequenceStart, "["], [EventType.SequenceEnd, "]"], [EventType.MappingStart, "{"],
    [EventType.MappingEnd, "}"]]);

// [ line, column, value ] of a scalar, a bracket of a collection.
function seen({ type, token }) {
    if (type !== EventType.Literal) return collections.get(type);
    const { range } = token;
    const value = token.value === undefined ? null : token.value;
    return [range?.start.line ?? 0, range?.start.column ?? 0, Number.isFinite(value) || typeof value !== "number" ? value : String(value)];
}

export function problems(text, file) { return new YamlObjectReader(0, text).errors.map(({ message }) => message); }

// What the file says, for --commands: { errors, events }.
export function commands(text) {
    const reader = new YamlObjectReader(0, text), events = [];
    if (reader.errors.length === 0) {
        for (const event of reader._generator) {
            const each = seen(event);
            if (each !== undefined) events.push(each);
        }
    }
    return [{ errors: reader.errors.length, events }];
}
