// GitHub's GraphQL schema. The published text describes two fields twice, which graphql-js refuses to take unless it is
// asked to assume a right schema. It is kept parsed, and without what it says for people.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildASTSchema, parse, visit } from "graphql";
import { cached, modules } from "../contract/cache.mjs";

function parsed() {
    const text = readFileSync(join(modules, "@octokit", "graphql-schema", "schema.graphql"), "utf8");
    const leave = (node) => ("description" in node ? { ...node, description: undefined } : undefined);
    return JSON.stringify(visit(parse(text, { noLocation: true }), { enter: leave }));
}

let only;
export function schema() {
    only ??= buildASTSchema(JSON.parse(readFileSync(cached("schema.graphql.json", parsed), "utf8")), {
        assumeValidSDL: true,
        assumeValid: true,
    });
    return only;
}
