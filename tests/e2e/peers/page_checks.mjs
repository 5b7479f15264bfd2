// What every page has to be in Chromium, whoever serves it: no complaint in the console, nothing wider than the window,
// nothing that axe-core finds (WCAG 2.1 AA).
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];

export const launch = () => puppeteer.launch({
    executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

// Opens a page that adds to `problems` what it complains of; `isOwn(address)` says what it may ask for.
export async function open(browser, { name, address, width, scheme = "light", problems, isOwn }) {
    const page = await browser.newPage();
    page.on("console", (message) => {
        if (["error", "warn"].includes(message.type())) problems.push(`${name}: the console says ${message.text()}`);
    });
    page.on("pageerror", (error) => problems.push(`${name}: ${error.message}`));
    page.on("requestfailed", (request) => problems.push(`${name}: ${request.url()} cannot be loaded`));
    page.on("request", (request) => {
        if (!isOwn(request.url())) problems.push(`${name}: it asks for ${request.url()}`);
    });
    await page.setViewport({ width, height: 1000 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.goto(address);
    return page;
}

export async function examine(page, name, problems) {
    const { width } = page.viewport();
    await page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) problems.push(`${name}: it is ${overflow} px wider than a window of ${width}`);
    // The page's own policy lets no other script in.
    await page.evaluate(axe);
    const found = await page.evaluate((runOnly) => window.axe.run(document, { preload: false, runOnly }), rules);
    for (const each of found.violations) {
        problems.push(`${name}, ${width} px: ${each.help} (${each.nodes.map((node) => node.target).join(", ")})`);
    }
}
