// A page of a site of several files, by the rules of html.mjs. Its own files need no checksum.
import { messages, validator } from "./html.mjs";

const together = validator({ "require-sri": "off" });

// What the browser would fetch from elsewhere. Links that a reader follows may lead anywhere.
const outside = /<(?!a\b)[^>]*\s(?:src|href)="(?:[a-z][a-z0-9+.-]*:|\/\/)[^"]*"|@import|url\(/gi;

export async function problems(text, file) {
    const found = messages(await together.validateString(text, file));
    for (const [match] of text.matchAll(outside)) found.push(`it refers to something outside: ${match}`);
    return found;
}
