// onnxruntime-node's half of the scoring benchmark: finds its fastest setting on the file, then answers each line "rows" with its rows a second.
const readline = require('node:readline');

const [, , library, model, rowShape, threads] = process.argv;
const ort = require(library);
const shape = JSON.parse(rowShape);
const rowLength = shape.reduce((a, b) => a * b, 1);

async function open(sessions, threadsEach) {
    const options = { intraOpNumThreads: threadsEach, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all' };
    return Promise.all(Array.from({ length: sessions }, () => ort.InferenceSession.create(model, options)));
}

// Each session runs batch after batch of its own, all of them at the same time.
async function rate(sessions, batch, rows) {
    const name = sessions[0].inputNames[0];
    const runs = Math.max(1, Math.ceil(rows / batch / sessions.length));
    const begin = process.hrtime.bigint();
    await Promise.all(sessions.map(async session => {
        const pixels = new Float32Array(batch * rowLength).map((_, index) => index % 256);
        const feeds = { [name]: new ort.Tensor('float32', pixels, [batch, ...shape]) };
        for (let run = 0; run < runs; run++)
            await session.run(feeds, ['Score']);
    }));
    return runs * sessions.length * batch / (Number(process.hrtime.bigint() - begin) / 1e9);
}

async function main() {
    let best = { rate: 0 };
    for (const [count, each] of [[1, Number(threads)], [Number(threads), 1]]) {
        const sessions = await open(count, each);
        let better = false;
        for (const batch of [1, 4, 8, 16, 32, 64]) {
            await rate(sessions, batch, batch * count);
            const found = Math.max(await rate(sessions, batch, 192), await rate(sessions, batch, 192));
            if (found > best.rate) {
                best = { rate: found, sessions, batch, each };
                better = true;
            }
        }
        if (!better)
            await Promise.all(sessions.map(session => session.release()));
    }
    console.log(JSON.stringify({ batch: best.batch, sessions: best.sessions.length, threads: best.each }));
    for await (const line of readline.createInterface({ input: process.stdin }))
        console.log(JSON.stringify({ rate: await rate(best.sessions, best.batch, Number(line)) }));
}

main();
