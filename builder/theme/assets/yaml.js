// Writes an entry as `guide format` does: builder/formatting.py states the canon, tests compare.
// CanonicalYaml.write(data, layout): `layout` is what formatting.layout gives for the kind.
"use strict";

globalThis.CanonicalYaml = (() => {
    const WIDTH = 98;
    const SPACES = /[ \t\n\v\f\r\x85\u2028\u2029]+/g;
    const BLANK_LINE = /\n[ \t\v\f\r\x85\u2028\u2029]*\n/;
    const BARE = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][a-z0-9_-]*$/;

    const word = (value) => (BARE.test(value) ? String(value) : JSON.stringify(String(value)));
    const short = {
        word,
        plain: (value) => String(value).trim(),
        words: (value) => `[${value.map(word).join(", ")}]`,
    };

    const paragraphs = (text) =>
        text
            .split(BLANK_LINE)
            .map((part) => part.replace(SPACES, " ").replace(/^ | $/g, ""))
            .filter(Boolean);

    function holds(value) {
        if (value === null || value === undefined) return false;
        if (typeof value === "object") return Object.values(value).some(holds);
        return paragraphs(String(value)).length > 0;
    }

    function filled(paragraph, width) {
        const glued = paragraph
            .replace(/« /g, "«\0")
            .replace(/ (?=[»:;!?])/g, "\0")
            .replace(/\]\([^()]*\)/g, (target) => target.replaceAll(" ", "\0"));
        const lines = [];
        let room = -1;
        for (const run of glued.split(" ")) {
            const length = [...run].length; // code points, as Python counts
            if (length + 1 <= room) {
                lines.push(`${lines.pop()} ${run}`);
                room -= length + 1;
            } else {
                lines.push(run);
                room = width - length;
            }
        }
        return lines.map((line) => line.replaceAll("\0", " "));
    }

    function text(opening, value, margin) {
        const cut = paragraphs(String(value));
        const pad = " ".repeat(margin);
        const blocks = cut.map((part) => filled(part, WIDTH - margin).map((line) => pad + line));
        const body = blocks.map((lines) => lines.join("\n")).join("\n\n");
        return [`${opening} ${cut.length === 1 ? ">-" : "|"}`, body];
    }

    function parts(value, layout) {
        if (Array.isArray(layout)) return value.map((item) => ["-", item, layout[0]]);
        const keys = Object.keys(layout["*"] ? value : layout);
        return keys.map((key) => [`${word(key)}:`, value[key], layout["*"] ?? layout[key]]);
    }

    function lines(value, layout, margin) {
        const pad = " ".repeat(margin);
        return parts(value, layout)
            .filter(([, item]) => holds(item))
            .flatMap(([opening, item, of]) => {
                if (of === "text") return text(pad + opening, item, margin + 2);
                if (typeof of === "string") return [`${pad}${opening} ${short[of](item)}`];
                const below = lines(item, of, margin + 2);
                if (opening !== "-") return [pad + opening, ...below];
                return [`${pad}- ${below[0].trimStart()}`, ...below.slice(1)];
            });
    }

    return { write: (data, layout) => `${lines(data, layout, 0).join("\n")}\n` };
})();
