// The changes that GraphQL is asked for: each finds what its input names, changes it as REST does, and gives the
// payload.
import { GraphQLError } from "graphql";
import { change, touch } from "../store/issues.mjs";
import { nodeId } from "../rest/bodies.mjs";
import { commentNode, issueNode, repositoryId } from "./nodes.mjs";

function missing(id) {
    return new GraphQLError(`Could not resolve to a node with the global id of '${id}'`, {
        extensions: { type: "NOT_FOUND" },
    });
}

function issueBy(store, id) {
    for (const repository of store.all()) {
        for (const issue of repository.issues.values()) {
            if (id === nodeId(issue.kind === "pull_request" ? "PR" : "I", issue.id)) return issue;
        }
    }
    throw missing(id);
}

function repositoryBy(store, id) {
    const found = store.all().find((repository) => repositoryId(repository) === id);
    if (!found) throw missing(id);
    return found;
}

export function mutations({ store, login }) {
    const changing =
        (changesOf) =>
        ({ input }) => {
            const issue = issueBy(store, input.issueId ?? input.id);
            change(issue, changesOf(input), login);
            return { clientMutationId: input.clientMutationId, issue: issueNode(issue) };
        };
    return {
        createIssue: ({ input }) => {
            const { repositoryId: id, title, body = null, clientMutationId } = input;
            const issue = repositoryBy(store, id).createIssue({ title, body, user: login });
            return { clientMutationId, issue: issueNode(issue) };
        },
        updateIssue: changing(({ title, body }) => ({ title, body })),
        closeIssue: changing(({ stateReason = "COMPLETED" }) => ({
            state: "closed",
            state_reason: stateReason.toLowerCase(),
        })),
        reopenIssue: changing(() => ({ state: "open" })),
        addComment: ({ input }) => {
            const issue = issueBy(store, input.subjectId);
            touch(issue);
            const comment = issue.repository.addComment(issue.number, { body: input.body, user: login });
            return {
                clientMutationId: input.clientMutationId,
                subject: issueNode(issue),
                commentEdge: { node: commentNode(issue.repository, comment) },
            };
        },
    };
}
