// Prints GraphQL documents, and whether graphql-js finds that they change something: a JSON list of { document,
// operation_name, mutates }, where `mutates` is null for what it cannot parse. The same list at every run.
import { getOperationAST, parse } from "graphql";

let state = 7;
function random(most) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
}
const pick = (list) => list[random(list.length)];

const strings = ['"}"', '"\\"mutation{"', '"""}\n\\""" mutation { x } """', '""', '"#"', "7", "-1.5e3", "$v", "[1, {a: 2}]"];
const gap = () => pick([" ", "\n", ",", ", ", "\t", " # mutation { x }\n", "\r\n# }\r\n", "\ufeff "]);
const argument = () => (random(2) ? `(${gap()}a:${gap()}${pick(strings)}${gap()})` : "");
const directive = () => (random(4) ? "" : `${gap()}@include${gap()}(if: true)`);

function selection(depth) {
    const fields = Array.from({ length: 1 + random(3) }, () => {
        const kind = random(5);
        if (kind === 0) return `...${gap()}on${gap()}Issue${gap()}${selection(depth + 1)}`;
        if (kind === 1) return `...F`;
        const name = pick(["a", "mutation", "query", "fragment", "alias: b", "subscription"]);
        return `${name}${argument()}${directive()}${depth < 3 && random(2) ? selection(depth + 1) : ""}`;
    });
    return `{${gap()}${fields.join(gap())}${gap()}}`;
}

const variables = () => (random(2) ? `(${gap()}$v:${gap()}Input${gap()}=${gap()}{ a: "}" }${gap()}$w: [Int!]!)` : "");
const fragment = () => `fragment${gap()}F${gap()}on${gap()}Issue${directive()}${gap()}${selection(0)}`;

function operation(name) {
    if (!name && random(3) === 0) return selection(0);
    const kind = pick(["query", "query", "mutation", "mutation", "subscription"]);
    return `${kind}${gap()}${name ?? ""}${variables()}${directive()}${selection(0)}`;
}

function generated() {
    const names = random(3) ? [null] : ["A", "B", "C"].slice(0, 1 + random(3));
    const definitions = names.map(operation);
    for (let i = random(3); i > 0; i -= 1) definitions.splice(random(definitions.length + 1), 0, fragment());
    const document = gap() + definitions.join(gap()) + gap();
    const operationName = names[0] && (names.length > 1 || random(2)) ? pick(names) : null;
    return { document, operation_name: operationName };
}

// Those that uhost once sent under a dry run, and their like.
const known = [
    "fragment F on Issue{id} mutation{a}",
    ", mutation{a}",
    "\ufeffmutation{a}",
    "#\rmutation{a}",
    "query A{a} mutation B{a}",
    '{ a(b: "mutation{c}") }',
    "{ mutation }",
    "query mutation { a }",
].map((document) => ({ document, operation_name: null }));

function classified({ document, operation_name }) {
    let mutates = null;
    try {
        const parsed = parse(document);
        const found = getOperationAST(parsed, operation_name);
        const operations = parsed.definitions.filter((each) => each.kind === "OperationDefinition");
        // Several operations without a name to choose by: GitHub refuses them, and a mutation among them stays planned.
        mutates = (found ? [found] : operations).some((each) => each.operation !== "query") || operations.length === 0;
    } catch {
        mutates = null;
    }
    return { document, operation_name, mutates };
}

const documents = known.concat(Array.from({ length: 400 }, generated)).map(classified);
console.log(JSON.stringify(documents));
