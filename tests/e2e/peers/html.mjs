// HTML by html-validate's recommended rules and those on accessibility, as a page that stands by itself.
import { HtmlValidate, StaticConfigLoader } from "html-validate";

export const validator = (rules) => new HtmlValidate(new StaticConfigLoader({
    extends: ["html-validate:recommended", "html-validate:a11y", "html-validate:document"],
    // Style of writing, which the standard leaves free.
    rules: { "doctype-style": "off", "long-title": "off", "no-trailing-whitespace": "off", ...rules },
}));

export const messages = (report) => report.results.flatMap((result) =>
    result.messages.map((each) => `${each.line}:${each.column} ${each.message} (${each.ruleId})`));

const alone = validator({});

// What a page that needs nothing else must not refer to.
const outside = /<(script|link|img|iframe|object|embed|base|form|video|audio)\b|<[^>]*\ssrc=|@import|url\(/gi;

export async function problems(text, file) {
    const found = messages(await alone.validateString(text, file));
    for (const [match] of text.matchAll(outside)) found.push(`it refers to something outside: ${match}`);
    return found;
}
