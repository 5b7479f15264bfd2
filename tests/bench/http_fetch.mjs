// The peer of bench `http`: asks for URL1 … URLn with fetch(), so many at a time, and prints the answers in order.
//
//   node http_fetch.mjs URL COUNT AT_A_TIME
const [url, count, atATime] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const bodies = new Array(count);
let next = 0;

async function work() {
    while (next < count) {
        const n = next++;
        bodies[n] = await (await fetch(url + (n + 1))).text();
    }
}

await Promise.all(Array.from({ length: atATime }, work));
console.log(bodies.join("\n"));
