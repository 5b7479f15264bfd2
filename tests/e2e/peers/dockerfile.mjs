// Dockerfiles by dockerfilelint (good practice) and dockerfile-utils (syntax).
import { validate } from "dockerfile-utils";
import { createRequire } from "node:module";
import { dirname } from "node:path";

const lint = createRequire(import.meta.url)("dockerfilelint");

// The former is older than BuildKit's mounts, and takes no option with a hyphen in its name.
const withoutOptions = (text) => text.replace(/--(mount|start-period)=\S+\s*(\\\n\s*)?/g, "");

export function problems(text, file) {
    const found = validate(text).map((each) => `${each.range.start.line + 1}: ${each.message}`);
    const practice = lint.run(dirname(file), withoutOptions(text));
    return [...found, ...practice.map((each) => `${each.line}: ${each.title}: ${each.description}`)];
}
