// What a query costs and whether GitHub would take it, beside the schema: every connection says how much of it is wanted, and
// all of them together are not too much.
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

// { points, nodes, errors } of a document that the schema allows. A fragment is counted once, where it stands: enough for
// queries that do not nest connections in fragments.
export function costOf(schema, document, variables = {}) {
    const types = new TypeInfo(schema);
    const errors = [];
    const factors = [1];
    let requests = 0, nodes = 0;
    visit(document, visitWithTypeInfo(types, {
        Field: {
            enter(node) {
                const isConnection = getNamedType(types.getType())?.name.endsWith("Connection");
                const count = isConnection ? wanted(node, variables) : 1;
                if (isConnection) {
                    const name = node.name.value;
                    if (count === undefined || count === null) {
                        errors.push(new GraphQLError(
                            `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
                            { nodes: [node], extensions: { type: "MISSING_PAGINATION_BOUNDARIES" } }));
                    } else if (count < 1 || count > mostOfOne) {
                        errors.push(new GraphQLError(
                            `Requesting ${count} records on the \`${name}\` connection exceeds the \`first\` limit of ${mostOfOne} records.`,
                            { nodes: [node], extensions: { type: "EXCESSIVE_PAGINATION" } }));
                    }
                    requests += factors.at(-1);
                    nodes += factors.at(-1) * (count ?? 0);
                }
                factors.push(factors.at(-1) * (count ?? 0));
            },
            leave() { factors.pop(); },
        },
    }));
    if (nodes > mostNodes) {
        errors.push(new GraphQLError(`This query requests up to ${nodes} possible nodes which exceeds the maximum limit of 500,000.`,
            { extensions: { type: "MAX_NODE_LIMIT_EXCEEDED" } }));
    }
    return { points: Math.max(1, Math.round(requests / 100)), nodes, errors };
}
