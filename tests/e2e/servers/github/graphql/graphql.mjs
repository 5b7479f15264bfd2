// Answers GraphQL: a query must be right by GitHub's schema, and is then carried out on the kept state.
import { execute, getOperationAST, getVariableValues, GraphQLError, parse, validate } from "graphql";
import { actor, findRepository, repositoryNode } from "./nodes.mjs";
import { schema } from "./schema.mjs";

const mostSelections = 500;

function tooLarge(document) {
    const count = (node) => Math.max(node.selectionSet?.selections.length ?? 0, ...(node.selectionSet?.selections ?? []).map(count), 0);
    return document.definitions.some((definition) => count(definition) > mostSelections);
}

// What is wrong with a request by the schema: errors as GraphQL has them.
function mistakes(text, variables, operationName) {
    try {
        const document = parse(text);
        if (tooLarge(document)) return { errors: [new GraphQLError("The query is too large")] };
        const errors = validate(schema(), document);
        return { document, errors: errors.length > 0 ? errors : variableErrors(document, variables, operationName) };
    } catch (error) {
        if (error instanceof GraphQLError) return { errors: [error] };
        throw error;
    }
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

function root({ store, login, rate }) {
    return {
        viewer: () => actor(login),
        repository: ({ owner, name }) => repositoryNode(findRepository(store, `${owner}/${name}`)),
        rateLimit: () => {
            const { limit, remaining, used, reset } = rate.overview().resources.graphql;
            return { limit, remaining, used, cost: 1, nodeCount: 0, resetAt: new Date(reset * 1000).toISOString() };
        },
    };
}

// GitHub tells the type of an error beside its message.
function asGithubDoes(error) {
    const { extensions, ...rest } = error.toJSON();
    return { ...(extensions?.type ? { type: extensions.type } : {}), ...rest };
}

const refusal = (errors) => ({
    problems: errors.map((error) => error.message), answer: { status: 200, body: { errors: errors.map(asGithubDoes) } },
});

function shown({ data, errors }) {
    const body = { ...(data === undefined ? {} : { data }), ...(errors ? { errors: errors.map(asGithubDoes) } : {}) };
    return { status: 200, body };
}

// What a request is by the schema, and its effect: { problems, answer, effect() }. With problems, `answer` is what GitHub says
// to them. `call`: { text, login, store, rate }.
export function prepareGraphql(call) {
    const { query, variables, operationName, ...unknown } = JSON.parse(call.text);
    const strange = Object.keys(unknown).map((key) => new GraphQLError(`unknown key '${key}' beside the query`));
    const { document, errors } = mistakes(query, variables, operationName);
    const wrong = [...strange, ...errors];
    if (wrong.length > 0) return refusal(wrong);
    const effect = async () => shown(await execute({
        schema: schema(), document, variableValues: variables, operationName, rootValue: root(call),
    }));
    return { problems: [], effect };
}
