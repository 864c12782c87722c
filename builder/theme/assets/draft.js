/* A story being written, as data: what its texts become once read, its marked words, its YAML.
   Nothing here touches the page. `FormModel` (builder/form.py) gives the limits and the choices.

   A mark is {start, end, keys}: offsets in the story as typed, and the ingredients seen there. The
   key of an ingredient of the guide is its id; that of a new one begins with « + ». */
window.UneFois = window.UneFois || {};
UneFois.draft = (() => {
  "use strict";
  const model = globalThis.FormModel;
  const SPACE = /[ \t\n\v\f\r\x85\u2028\u2029]/;
  const isNew = (key) => key.startsWith("+");

  // Leave out what no file may hold and what pasting brings unseen.
  const invisible = new RegExp(model.invisible, "gu");
  const clean = (text) =>
    text
      .replace(/\r\n?|[\v\f\x85\u2028\u2029]/g, "\n")
      .replace(invisible, "")
      .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "");

  // What a text will be once written and read again; `at` gives the place of each unit as typed.
  // In `paragraphs` each line is one; elsewhere a line end is a space.
  const read = (typed, paragraphs) => {
    let text = "";
    const at = [];
    const put = (piece, place) => {
      for (let unit = 0; unit < piece.length; unit += 1) at.push(place);
      text += piece;
    };
    let gap = -1;
    let lines = false;
    for (let place = 0; place < typed.length; place += 1) {
      const unit = typed[place];
      if (SPACE.test(unit)) {
        if (gap < 0) gap = place;
        lines ||= unit === "\n";
      } else {
        if (gap >= 0 && text) put(lines && paragraphs ? "\n\n" : " ", gap);
        gap = -1;
        lines = false;
        put(unit, place);
      }
    }
    return { text, at };
  };

  // Count as `guide check` does: code points, and the line end that closes several paragraphs.
  const length = (typed, paragraphs) => {
    const { text } = read(typed, paragraphs);
    return [...text].length + (text.includes("\n") ? 1 : 0);
  };

  // What Privacy finds in a text, its places being those of the text as typed.
  const findings = (typed, paragraphs, allowed) => {
    const { text, at } = read(typed, paragraphs);
    return globalThis.Privacy.find(text, allowed).map((found) => ({
      ...found,
      start: at[found.start],
      end: at[found.end - 1] + 1,
    }));
  };

  // ---------------------------------------------------------------- marked words

  // Keep marks on their words when the story changes; those whose words went are left out.
  const moved = (marks, before, after) => {
    const shorter = Math.min(before.length, after.length);
    let first = 0;
    while (first < shorter && before[first] === after[first]) first += 1;
    let same = 0;
    while (same < shorter - first && before.at(-1 - same) === after.at(-1 - same)) same += 1;
    const last = before.length - same;
    const shift = after.length - before.length;
    const found = marks.flatMap((mark) => {
      if (mark.end <= first) return [mark];
      if (mark.start >= last)
        return [{ ...mark, start: mark.start + shift, end: mark.end + shift }];
      // Words that still stand there once are the same words, wherever they went.
      const own = before.slice(mark.start, mark.end);
      const place = after.indexOf(own);
      if (place >= 0 && place === after.lastIndexOf(own)) {
        return [{ ...mark, start: place, end: place + own.length }];
      }
      if (mark.start >= first && mark.end <= last) return [];
      const start = mark.start < first ? mark.start : last + shift;
      const end = mark.end > last ? mark.end + shift : first;
      const words = after.slice(start, end);
      return words.trim() && !words.includes("\n") ? [{ ...mark, start, end }] : [];
    });
    return apart(found);
  };

  // Leave out a mark that would stand on another.
  const apart = (marks) => {
    let end = 0;
    return [...marks]
      .sort((one, other) => one.start - other.start)
      .filter((mark) => mark.start >= end && (end = mark.end));
  };

  // Cut a story into lines of segments {text, start, keys}, blank lines left out.
  const lines = (story, marks) => {
    const found = [];
    let start = 0;
    for (const line of story.split("\n")) {
      const end = start + line.length;
      const inside = marks.filter((mark) => mark.start >= start && mark.end <= end);
      const segments = [];
      let place = start;
      for (const mark of inside.sort((one, other) => one.start - other.start)) {
        segments.push({ text: story.slice(place, mark.start), start: place, keys: [] });
        segments.push({
          text: story.slice(mark.start, mark.end),
          start: mark.start,
          keys: mark.keys,
        });
        place = mark.end;
      }
      segments.push({ text: story.slice(place, end), start: place, keys: [] });
      if (line.trim()) found.push(segments.filter((segment) => segment.text));
      start = end + 1;
    }
    return found;
  };

  // Write marks as the guide does; a new ingredient has no id yet, its words stay plain.
  const marked = (story, marks) =>
    lines(story, marks)
      .map((segments) =>
        segments
          .map(({ text, keys }) => {
            const ids = keys.filter((key) => !isNew(key));
            return ids.length ? `[${text}](${ids.join(", ")})` : text;
          })
          .join(""),
      )
      .join("\n\n");

  // List the keys in the order in which the story shows them.
  const keys = (marks) => {
    const ordered = [...marks].sort((one, other) => one.start - other.start);
    return [...new Set(ordered.flatMap((mark) => mark.keys))];
  };

  // ---------------------------------------------------------------- the file

  // Make an id of a title, as builder/reading.py does.
  const between = new RegExp(model.apart, "g");
  const slug = (title) => {
    const plain = title.replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD");
    const words =
      plain
        .replace(between, "-")
        .replace(/[^\0-\x7f]/g, "")
        .toLowerCase()
        .match(/[a-z0-9]+/g) || [];
    return words
      .join("-")
      .slice(0, model.longestId - 3)
      .replace(/-+$/, "");
  };

  // Name the file after the title, never as what the guide has already or keeps for itself.
  const fileName = (title) => {
    const id = slug(title);
    let free = id;
    for (let number = 2; model.taken.includes(free); number += 1) free = `${id}-${number}`;
    return `${free}.yaml`;
  };

  const WIDTH = 96;
  const comment = (text) => {
    const made = [];
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const longer = made.length && `${made.at(-1)} ${word}`;
      if (longer && longer.length <= WIDTH) made[made.length - 1] = longer;
      else made.push(word);
    }
    return made.map((line) => `# ${line}`);
  };

  // Say of each new ingredient its name, its words, its reading.
  const proposals = ({ story, marks, names, readings }) =>
    keys(marks)
      .filter(isNew)
      .map((key) => {
        const words = marks
          .filter((mark) => mark.keys.includes(key))
          .map((mark) => `« ${story.slice(mark.start, mark.end)} »`);
        return `${names[key]} : ${words.join(", ")}. ${readings[key] || ""}`.trim();
      });

  // `draft` is {values, marks, names, readings}: values as the model has them but for the story.
  const yaml = (draft) => {
    const story = marked(draft.story, draft.marks);
    const known = keys(draft.marks).filter((key) => !isNew(key));
    const readings = Object.fromEntries(known.map((key) => [key, draft.readings[key] || ""]));
    const proposed = proposals(draft);
    const opening = proposed.length
      ? ["Ingrédients proposés, pas encore dans le guide :", ...proposed.map((it) => `- ${it}`)]
      : [];
    const data = paragraphed({ ...draft.values, story, readings });
    const body = globalThis.CanonicalYaml.write(data, model.layout);
    return `${opening
      .flatMap(comment)
      .map((line) => `${line}\n`)
      .join("")}${body}`;
  };

  // Give each text its paragraphs, by the field that it is in.
  const paragraphed = (value, key = "") => {
    if (typeof value === "string") {
      return read(value, Boolean(model.fields[key] && model.fields[key].paragraphs)).text;
    }
    if (Array.isArray(value)) return value.map((item) => paragraphed(item, key));
    if (value === null || typeof value !== "object") return value;
    const within = key && `${key}.`;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, paragraphed(item, within + name)]),
    );
  };

  const typography = model.typography.map(([pattern, by]) => [new RegExp(pattern, "g"), by]);
  const french = (text) =>
    typography.reduce(
      (set, [pattern, by]) => set.replace(pattern, by),
      text.replaceAll("'", "’").replaceAll("...", "…"),
    );

  const letter = (index) =>
    index < 26
      ? String.fromCharCode(65 + index)
      : letter(Math.floor(index / 26) - 1) + letter(index % 26);

  return {
    clean,
    read,
    length,
    findings,
    moved,
    apart,
    lines,
    marked,
    keys,
    isNew,
    slug,
    fileName,
    proposals,
    yaml,
    french,
    letter,
  };
})();
