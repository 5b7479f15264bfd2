// A ZIP archive of stored (uncompressed) files: PKWARE's APPNOTE 4.3.7, 4.3.12 and 4.3.16.
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; ++bit) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
});

function crc32(bytes) {
    let sum = 0xffffffff;
    for (const byte of bytes) sum = table[(sum ^ byte) & 0xff] ^ (sum >>> 8);
    return (sum ^ 0xffffffff) >>> 0;
}

function header(signature, size, fields) {
    const buffer = Buffer.alloc(size);
    buffer.writeUInt32LE(signature, 0);
    for (const [at, bytes, value] of fields) buffer.writeUIntLE(value, at, bytes);
    return buffer;
}

// `files`: text by path.
export function zip(files) {
    const locals = [],
        directory = [];
    let at = 0;
    for (const [path, text] of Object.entries(files)) {
        const name = Buffer.from(path),
            bytes = Buffer.from(text),
            sum = crc32(bytes);
        const common = (begin) => [
            [begin, 2, 20],
            [begin + 10, 4, sum],
            [begin + 14, 4, bytes.length],
            [begin + 18, 4, bytes.length],
            [begin + 22, 2, name.length],
        ];
        const local = Buffer.concat([header(0x04034b50, 30, common(4)), name, bytes]);
        directory.push(header(0x02014b50, 46, [[4, 2, 20], ...common(6), [42, 4, at]]), name);
        locals.push(local);
        at += local.length;
    }
    const index = Buffer.concat(directory);
    const count = locals.length;
    const end = header(0x06054b50, 22, [
        [8, 2, count],
        [10, 2, count],
        [12, 4, index.length],
        [16, 4, at],
    ]);
    return Buffer.concat([...locals, index, end]);
}
