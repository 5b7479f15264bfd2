// One decision of another policy engine, from a cold start: whether a path is a crash test.
import { isAuthorized } from "@cedar-policy/cedar-wasm/nodejs";

const entity = (type, id) => ({ type, id });
const answer = isAuthorized({
    principal: entity("File", "12345.rs"), action: entity("Action", "audit"), resource: entity("Folder", "tests"),
    context: { path: "tests/crashes/12345.rs" }, entities: [],
    policies: { staticPolicies: 'permit(principal, action, resource) when { context.path like "tests/crashes/*" };' },
});
console.log(answer.response.decision === "allow" ? "yes" : "no");
