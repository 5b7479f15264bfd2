// Adaptive Cards of messages to Microsoft Teams, as Microsoft's own library for them reads them.
import { createRequire } from "node:module";
const { AdaptiveCard, SerializationContext } = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

const type = "application/vnd.microsoft.card.adaptive";

function problemsOf({ contentType, content }) {
    if (contentType !== type) return [`an attachment is of the type ${contentType}`];
    const card = new AdaptiveCard(), context = new SerializationContext();
    card.parse(content, context);
    const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i));
    return [...events, ...card.validateProperties().validationEvents].map(({ message }) => message);
}

export function problems(text) {
    const message = JSON.parse(text);
    if (message.type !== "message" || !message.attachments?.length) return ["it is no message with attachments"];
    return message.attachments.flatMap(problemsOf);
}
