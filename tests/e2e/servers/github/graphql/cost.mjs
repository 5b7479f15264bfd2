// What a query costs and whether GitHub would take it, beside the schema: every connection says how much of it is
// wanted, and all of them together are not too much.
// https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
import { getNamedType, GraphQLError, TypeInfo, visit, visitWithTypeInfo } from "graphql";

const mostNodes = 500_000;
const mostOfOne = 100;

function numberIn(node, name, variables) {
    const value = node.arguments?.find((each) => each.name.value === name)?.value;
    if (!value) return undefined;
    return value.kind === "Variable" ? variables[value.name.value] : Number(value.value);
}

// How much of the connection `node` is wanted; undefined when it does not say.
const wanted = (node, variables) => numberIn(node, "first", variables) ?? numberIn(node, "last", variables);

// Why GitHub refuses a connection that asks for `count`, or null.
function boundsError(node, count) {
    const which = `the \`${node.name.value}\` connection`;
    if (count === undefined || count === null) {
        const message = `You must provide a \`first\` or \`last\` value to properly paginate ${which}.`;
        return new GraphQLError(message, { nodes: [node], extensions: { type: "MISSING_PAGINATION_BOUNDARIES" } });
    }
    if (count >= 1 && count <= mostOfOne) return null;
    const message = `Requesting ${count} records on ${which} exceeds the \`first\` limit of 100 records.`;
    return new GraphQLError(message, { nodes: [node], extensions: { type: "EXCESSIVE_PAGINATION" } });
}

function tooManyNodes(nodes) {
    const message = `This query requests up to ${nodes} possible nodes which exceeds the maximum limit of 500,000.`;
    return new GraphQLError(message, { extensions: { type: "MAX_NODE_LIMIT_EXCEEDED" } });
}

// { points, nodes, errors } of a document that the schema allows. A fragment is counted once, where it is defined:
// enough for queries that do not spread connections by fragments inside others.
export function costOf(schema, document, variables = {}) {
    const types = new TypeInfo(schema);
    const errors = [];
    const factors = [1]; // how many times what is inside each of the open fields is asked for
    let requests = 0;
    let nodes = 0;
    const enter = (node) => {
        if (!getNamedType(types.getType())?.name.endsWith("Connection")) return void factors.push(factors.at(-1));
        const count = wanted(node, variables);
        const error = boundsError(node, count);
        if (error) errors.push(error);
        requests += factors.at(-1);
        nodes += factors.at(-1) * (count ?? 0);
        factors.push(factors.at(-1) * (count ?? 0));
    };
    visit(document, visitWithTypeInfo(types, { Field: { enter, leave: () => void factors.pop() } }));
    if (nodes > mostNodes) errors.push(tooManyNodes(nodes));
    return { points: Math.max(1, Math.round(requests / 100)), nodes, errors };
}
