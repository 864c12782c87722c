/* Looks for what could tell who a story is about, as builder/privacy.py does, on the same rules.
   privacy-rules.js, made with the guide, holds rules and lists. Nothing here reads or changes the
   page, and nothing leaves it.

   Privacy.find(text, allowed) → [{start, end, rule, severity, words, label, why, instead}], in
   order. `text` may hold marks, [words](ingredient). `allowed` are names that a review let through.
   Offsets count as the browser does (UTF-16), so they serve setSelectionRange and slice. */
globalThis.Privacy = (() => {
  "use strict";

  const fold = (text) =>
    text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/gu, "")
      .replace(/œ/gu, "oe")
      .replace(/Œ/gu, "oe")
      .toLowerCase();

  let loaded;

  /* Compile the rules once, at the first search. */
  const rules = () => (loaded ??= load(globalThis.PrivacyRules));

  function load({ rules, forms, patterns, names, alike: [lookalikes, plain, zeros] }) {
    const lists = {};
    for (const [name, words] of Object.entries(names)) lists[name] = new Set(words);
    lists.small = new Set(names.spellings.map(fold));
    const sticky = (name) => new RegExp(patterns[name], "uy");
    return {
      rules: new Map(rules.map((rule, rank) => [rule.id, { ...rule, rank }])),
      forms: forms.map((form) => ({ ...form, pattern: new RegExp(form.pattern, "gu") })),
      lists,
      letter: new RegExp(patterns.letter, "u"),
      word: new RegExp(patterns.word, "gu"),
      smallWord: new RegExp(patterns.smallWord, "gu"),
      next: sticky("next"),
      longNext: sticky("longNext"),
      verb: sticky("verb"),
      wordBefore: new RegExp(patterns.wordBefore, "u"),
      abbreviation: new RegExp(patterns.abbreviation, "u"),
      saint: new RegExp(patterns.saint, "u"),
      noSubject: new RegExp(patterns.noSubject, "u"),
      invisible: new RegExp(patterns.invisible, "u"),
      dressed: new RegExp(patterns.dressed, "u"),
      putOn: new RegExp(patterns.putOn, "u"),
      disguise: new RegExp(patterns.disguise, "u"),
      alike: new Map([
        ...[...lookalikes].map((sign, rank) => [sign, plain[rank]]),
        ...[...zeros].flatMap((zero) =>
          Array.from({ length: 10 }, (_, digit) => [
            String.fromCodePoint(zero.codePointAt(0) + digit),
            String(digit),
          ]),
        ),
      ]),
    };
  }

  const matchAt = (pattern, text, place) => {
    pattern.lastIndex = place;
    return pattern.exec(text);
  };

  /* Leave out the ends of marks; make spaces, apostrophes, hyphens, letters and digits plain. */
  function prepare(given) {
    const cuts = [];
    let kept = "";
    let end = 0;
    for (const mark of given.matchAll(/\[([^[\]]+)\]\([^[\]()]*\)/gu)) {
      kept += given.slice(end, mark.index);
      cuts.push([kept.length, mark.index + 1 - kept.length]);
      kept += mark[1];
      end = mark.index + mark[0].length;
      cuts.push([kept.length, end - kept.length]);
    }
    const { text, places } = undisguised(
      (kept + given.slice(end))
        .replace(/[\u00a0\u202f\u2009\t\r\v\f\x85\u2028\u2029]/gu, " ")
        .replace(/[’ʼ]/gu, "'")
        .replace(/[\u2010-\u2013]/gu, "-")
        .replace(/\n(?<!\n\n)(?! *\n)/gu, " "),
    );
    const original = (offset) => {
      const unmarked = places ? places[offset] : offset;
      let leftOut = 0;
      for (const [place, total] of cuts) {
        if (place > unmarked) break;
        leftOut = total;
      }
      return unmarked + leftOut;
    };
    const originalEnd = (offset) => {
      const last = original(offset - 1);
      return last + (given.codePointAt(last) > 0xffff ? 2 : 1);
    };
    return { text, original, originalEnd };
  }

  /* Take off what hides, and say where each unit that is left stood. */
  function undisguised(text) {
    const { alike, disguise, dressed, invisible, putOn } = rules();
    if (!text.includes("  ") && !disguise.test(text)) return { text };
    const kept = [];
    const places = [];
    let place = 0;
    for (const sign of text) {
      if (putOn.test(sign)) {
        const whole = kept.length ? (kept.at(-1) + sign).normalize("NFC") : sign;
        if (kept.length && whole.length === 1) kept[kept.length - 1] = whole;
      } else if (!invisible.test(sign)) {
        for (const character of dressed.test(sign) ? sign.normalize("NFKC") : sign) {
          const plain = alike.get(character) ?? character;
          for (const unit of plain.split("")) {
            if (unit === " " && kept.at(-1) === " ") continue; // the rules read one space
            kept.push(unit);
            places.push(place);
          }
        }
      }
      place += sign.length;
    }
    return { text: kept.join(""), places: [...places, place] };
  }

  function* forms(text, offset, rough) {
    const digits = (text.match(/[0-9]/gu) ?? []).length;
    for (const form of rules().forms) {
      if (digits < form.digits || !hinted(form, text, rough)) continue;
      for (const match of text.matchAll(form.pattern)) {
        if (form.control && !CONTROLS[form.control](match)) continue;
        yield [offset + match.index, offset + match.index + match[0].length, form.rule];
      }
    }
  }

  /* Tell whether a text has what a form cannot do without. */
  function hinted({ hints, words }, text, rough) {
    if (!hints.length && !words.length) return true;
    const worded = words.some((word) => rough.has(word));
    return (
      (worded && words.some((word) => text.includes(word))) ||
      hints.some((hint) => text.includes(hint))
    );
  }

  const CONTROLS = {
    luhn([words]) {
      const digits = words.match(/[0-9]/gu).reverse();
      const total = digits.reduce((sum, digit, rank) => {
        const value = Number(digit) * (1 + (rank % 2));
        return sum + (value > 9 ? value - 9 : value);
      }, 0);
      return total % 10 === 0;
    },
    person: (match) => rules().lists.titled.has(fold(match[1])),
  };

  function* names(text, rough) {
    const { lists, word, smallWord } = rules();
    let end = 0;
    for (const match of text.matchAll(word)) {
      if (match.index < end) continue;
      const span = name(text, match);
      if (!span) continue;
      end = span[1];
      yield span;
    }
    if (![...rough].some((word) => lists.spellings.has(word))) return;
    for (const match of text.matchAll(smallWord)) {
      const small = fold(match[0]);
      if (!lists.small.has(small)) continue;
      const rule = lists.places.has(small) ? "lieu" : "nom-de-personne";
      yield [match.index, match.index + match[0].length, rule];
    }
  }

  /* Give the name that begins with a capital, if it is one. */
  function name(text, match) {
    const { lists, next, longNext } = rules();
    const start = match.index;
    let end = start + match[0].length;
    if (match[0].length === 1 || text[end] === "'" || isSigle(match[0])) return null;
    const words = [fold(match[0])];
    if (begins(text, start) && !known(text, end, words[0])) return null;
    const long = lists.organisation_words.has(words[0]) || lists.place_words.has(words[0]);
    const join = long ? longNext : next;
    let following = matchAt(join, text, end);
    while (following && words.length < 6) {
      words.push(fold(following[1]));
      end += following[0].length;
      following = matchAt(join, text, end);
    }
    if (permitted(text, start, end, words)) return null;
    return [start, end, kind(text, start, words, fold(text.slice(start, end)))];
  }

  function isSigle(word) {
    const { lists } = rules();
    const folded = fold(word);
    const person = lists.persons.has(folded) && !lists.also_words.has(folded);
    return word === word.toUpperCase() && !lists.organisations.has(folded) && !person;
  }

  /* Tell whether a word begins a sentence, a line of speech or a quotation. */
  function begins(text, start) {
    let place = start;
    let opened = false;
    while (place && ' «"“(—-*'.includes(text[place - 1])) {
      place -= 1;
      opened ||= !" (".includes(text[place]);
    }
    if (opened || !place) return true;
    if (text[place - 1] === "»") {
      const said = text.slice(0, place).replace(/[ »]+$/u, "");
      return said !== "" && ".!?…".includes(said.at(-1));
    }
    if (!".!?…:;\n)".includes(text[place - 1])) return false;
    return !rules().abbreviation.test(text.slice(Math.max(0, start - 7), start));
  }

  /* Tell whether a word that begins a sentence is a name all the same. */
  function known(text, end, word) {
    const { lists, longNext, noSubject, verb } = rules();
    const listed = lists.places.has(word) || lists.organisations.has(word) || isPerson(word);
    if (listed && !lists.also_words.has(word)) return true;
    const following = matchAt(longNext, text, end);
    const leads = lists.organisation_words.has(word) || lists.place_words.has(word);
    if (following && leads) return true;
    if (following && listed && text[end + 1] === following[1][0]) return true;
    const subject = !lists.subjects.size || lists.subjects.has(word) || noSubject.test(word);
    if (!listed && subject) return false;
    return matchAt(verb, text, end) !== null;
  }

  function isPerson(word) {
    const { persons } = rules().lists;
    return persons.has(word) || word.split("-").every((part) => persons.has(part));
  }

  /* Tell whether a name is one of those that name nobody, alone or in an expression. */
  function permitted(text, start, end, words) {
    const { lists } = rules();
    if (words.every((word) => word.length === 1 || lists.permitted.has(word))) return true;
    const from = Math.max(0, start - 24);
    const around = fold(text.slice(from, end + 48));
    const place = fold(text.slice(from, start)).length;
    const length = fold(text.slice(start, end)).length;
    return [...lists.expressions].some((expression) => {
      const found = around.indexOf(expression, place + length - expression.length);
      return found >= 0 && found <= place;
    });
  }

  /* Say what a name most likely names. */
  function kind(text, start, words, whole) {
    const { lists, saint, wordBefore } = rules();
    const before = wordBefore.exec(text.slice(Math.max(0, start - 40), start));
    const lead = before ? fold(before[1]) : "";
    if (lists.organisations.has(whole) || lists.organisation_words.has(words[0]))
      return "organisme";
    if (lists.places.has(whole)) return "lieu";
    if (lists.place_words.has(lead) || lists.place_words.has(words[0])) return "lieu";
    if (words.some(isPerson)) return "nom-de-personne";
    if (lists.organisation_words.has(lead)) return "organisme";
    if (words.some((word) => lists.organisations.has(word))) return "organisme";
    if (words[0] === "quebec") return "lieu";
    return words.some((word) => lists.places.has(word) || saint.test(word)) ? "lieu" : "nom-propre";
  }

  function look(text) {
    const prepared = prepare(text);
    const spans = [];
    const rough = new Set(prepared.text.split(/[\s.,!?…:;'"()«»—]+/u));
    let start = 0;
    for (const part of prepared.text.split("\n")) {
      spans.push(...forms(part, start, rough));
      start += part.length + 1;
    }
    spans.push(...names(prepared.text, rough));
    const rank = (rule) => rules().rules.get(rule).rank;
    spans.sort((a, b) => rank(a[2]) - rank(b[2]) || a[0] - b[0] || b[1] - a[1]);
    const kept = [];
    for (const span of spans)
      if (kept.every((other) => span[1] <= other[0] || other[1] <= span[0])) kept.push(span);
    return kept
      .sort((a, b) => a[0] - b[0])
      .map(([from, to, rule]) => {
        const { id, severity, label, why, instead } = rules().rules.get(rule);
        return {
          start: prepared.original(from),
          end: prepared.originalEnd(to),
          rule: id,
          severity,
          words: prepared.text.slice(from, to),
          label,
          why,
          instead,
        };
      });
  }

  /* Yield where words stand whole in a text. */
  function* occurrences(given, words) {
    const { text, original, originalEnd } = prepare(given);
    const wanted = prepare(words).text.trim();
    let start = wanted ? text.indexOf(wanted) : -1;
    while (start >= 0) {
      const end = start + wanted.length;
      const around = text.slice(Math.max(0, start - 1), start) + text.slice(end, end + 1);
      if (!rules().letter.test(around)) yield [original(start), originalEnd(end)];
      start = text.indexOf(wanted, start + 1);
    }
  }

  function find(text, allowed = []) {
    const spans = allowed.flatMap((words) => [...occurrences(text, words)]);
    return look(text).filter(
      (found) =>
        found.severity === "error" ||
        !spans.some(([start, end]) => start <= found.start && found.end <= end),
    );
  }

  return { find };
})();
