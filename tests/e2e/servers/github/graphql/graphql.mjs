// Answers GraphQL: a query must be right by GitHub's schema, and is then carried out on the kept state.
import { execute, getOperationAST, getVariableValues, GraphQLError, parse, validate } from "graphql";
import { costOf } from "./cost.mjs";
import { mutations } from "./mutations.mjs";
import { actor, findRepository, repositoryNode } from "./nodes.mjs";
import { schema } from "./schema.mjs";

// A request held against the schema: { document, points, errors }, the errors as GraphQL has them.
function examined(text, variables, operationName) {
    try {
        const document = parse(text);
        const errors = validate(schema(), document);
        if (errors.length > 0) return { errors };
        const cost = costOf(schema(), document, variables);
        return { document, ...cost, errors: [...variableErrors(document, variables, operationName), ...cost.errors] };
    } catch (error) {
        if (error instanceof GraphQLError) return { errors: [error] };
        throw error;
    }
}

const known = new Map();

// The same, once for each request: a query for a hundred issues takes longer to examine than to carry out.
function examinedOnce(...request) {
    const key = JSON.stringify(request);
    if (!known.has(key)) known.set(key, examined(...request));
    return known.get(key);
}

// Variables that no operation of the document takes, and values that do not fit those it does.
function variableErrors(document, values = {}, operationName) {
    const operation = getOperationAST(document, operationName);
    if (!operation) return [new GraphQLError("the request does not say which of its operations is meant")];
    const taken = operation.variableDefinitions.map((definition) => definition.variable.name.value);
    const unknown = Object.keys(values).filter((name) => !taken.includes(name));
    const { errors = [] } = getVariableValues(schema(), operation.variableDefinitions, values);
    return [...unknown.map((name) => new GraphQLError(`the query takes no variable '${name}'`)), ...errors];
}

function root({ store, login, rate }, { points, nodes }) {
    return {
        ...mutations({ store, login }),
        viewer: () => actor(login),
        repository: ({ owner, name }) => repositoryNode(findRepository(store, `${owner}/${name}`)),
        rateLimit: () => {
            const { limit, remaining, used, reset } = rate.overview().resources.graphql;
            return {
                limit,
                remaining: Math.max(0, remaining - points),
                used: used + points,
                cost: points,
                nodeCount: nodes,
                resetAt: new Date(reset * 1000).toISOString(),
            };
        },
    };
}

// GitHub gives the type of an error beside its message.
function asGithubDoes(error) {
    const { extensions, ...rest } = error.toJSON();
    return { ...(extensions?.type ? { type: extensions.type } : {}), ...rest };
}

const refusal = (errors) => ({
    problems: errors.map((error) => error.message),
    answer: { status: 200, body: { errors: errors.map(asGithubDoes) } },
});

function shown({ data, errors }, points) {
    const body = { ...(data === undefined ? {} : { data }), ...(errors ? { errors: errors.map(asGithubDoes) } : {}) };
    return { status: 200, body, points };
}

// What a request is by the schema, and its effect: { problems, answer, effect() }. With problems, `answer` is what
// GitHub says to them. `call`: { text, login, store, rate }.
export function prepareGraphql(call) {
    const { query, variables, operationName, ...unknown } = JSON.parse(call.text);
    const strange = Object.keys(unknown).map((key) => new GraphQLError(`unknown key '${key}' beside the query`));
    const { document, points, nodes, errors } = examinedOnce(query, variables, operationName);
    const wrong = [...strange, ...errors];
    if (wrong.length > 0) return refusal(wrong);
    const rootValue = root(call, { points, nodes });
    const effect = async () =>
        shown(
            await execute({ schema: schema(), document, variableValues: variables, operationName, rootValue }),
            points,
        );
    const isChange = getOperationAST(document, operationName).operation === "mutation";
    return { problems: [], isChange, effect };
}
