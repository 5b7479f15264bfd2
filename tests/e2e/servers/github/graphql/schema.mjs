// GitHub's GraphQL schema. The published text describes two fields twice, which graphql-js refuses to take unless it is
// told to assume a right schema; without what it says for people it is half as long, and read in half the time.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildASTSchema, parse, print, visit } from "graphql";
import { cached, modules } from "../contract/cache.mjs";

function withoutRemarks() {
    const text = readFileSync(join(modules, "@octokit", "graphql-schema", "schema.graphql"), "utf8");
    const leave = (node) => ("description" in node ? { ...node, description: undefined } : undefined);
    return print(visit(parse(text, { noLocation: true }), { enter: leave }));
}

let only;
export function schema() {
    only ??= buildASTSchema(
        parse(readFileSync(cached("schema.graphql", withoutRemarks), "utf8"), { noLocation: true }),
        { assumeValidSDL: true, assumeValid: true },
    );
    return only;
}
