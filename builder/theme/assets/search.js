/*
Find entries by situation: the browser's twin of builder/search.py and builder/analysis.py, function
for function. It reads UneFois.index (see builder/browser_index.py), which carries every constant,
and touches no page. tests/test_parity.py proves same order and same scores as the command line.

UneFois.search(text, filters, limit) → { hits: [{kind, id, title, url, score, why, marks, situation,
number}], unknown: [words that nothing answers], guessed: [words that words like them answer] },
best first. `filters`: facet → value, for instance {kind: "ingredient", about: "tenant"}; filters
without a word give all that fits them, in the order of the numbers. `marks`: [start, end] places of
`why` to highlight. `situation`: id of the situation whose phrase is quoted, or "". `number`: place
of the entry in UneFois.index.cards.

In a big guide, what is shown of an entry is in scripts apart: title, url and `why` of a hit may be
missing until UneFois.search.lacking(hits) is empty. It lists the numbers of the scripts to load.
*/
window.UneFois = window.UneFois || {};
UneFois.search = (function () {
  "use strict";
  var index, settings, word, accent, before, after, stopWords, terms, words, groupOf, expressionTerms;
  var owners, phrases, leads, figures, stems;

  // ------------------------------------------------------------------ the index, read once

  function open(content) {
    index = content;
    settings = content.settings;
    word = new RegExp(settings.word, "g");
    accent = /[\u0300-\u036f]/g;
    before = /(ier)es?$|(er)s$/;
    after = /(..)e+$|(....)ent$/;
    stopWords = new Set(settings.stopWords);
    stems = new Map();
    words = fullWords(content.words);
    terms = new Map(fullWords(content.terms).map(function (term, place) { return [term, place]; }));
    groupOf = new Map();
    expressionTerms = new Set();
    content.groups.forEach(function (group, number) {
      group.forEach(function (expression) {
        var key = expression.join(" ");
        if (!groupOf.has(key)) groupOf.set(key, number);
        expression.forEach(function (term) { expressionTerms.add(term); });
      });
    });
    owners = [];
    phrases = [];
    content.phrases.forEach(function (owned) {
      owned.slice(1).forEach(function (text) {
        owners.push(owned[0]);
        phrases.push(text);
      });
    });
    leads = content.leads.map(function (flat) {
      var ways = [];
      for (var place = 0; place < flat.length; place += 2) {
        ways.push([flat[place], flat[place + 1]]);
      }
      return ways;
    });
    figures = {};
    Object.keys(content.figures).forEach(function (name) {
      var field = content.figures[name];
      figures[name] = {
        average: field.average,
        lengths: numbers(field.lengths),
        rarity: new Map(field.rarity),
        postings: field.postings ? field.postings.split(" ") : [],
        documents: [],
      };
    });
    readPhrases(Object.keys(settings.speech));
  }

  // Which phrases, and which cards by their phrases, have each term: lighter to find than to carry.
  function readPhrases(speech) {
    phrases.forEach(function (text, phrase) {
      wordsOf(text).forEach(function (word) {
        var place = terms.get(word.term);
        countIn(figures.phrase.documents, place, phrase);
        speech.forEach(function (name) { countIn(figures[name].documents, place, owners[phrase]); });
      });
    });
  }

  // Documents come in order: the last one of a list is the one being read, or an earlier one.
  function countIn(documents, place, document) {
    var found = documents[place] || (documents[place] = []);
    if (found[found.length - 2] === document) found[found.length - 1] += 1;
    else found.push(document, 1);
  }

  function fullWords(coded) {
    var found = [];
    var before = "";
    (coded.match(/[A-Z][^A-Z]*/g) || []).forEach(function (part) {
      before = before.slice(0, part.charCodeAt(0) - 65) + part.slice(1);
      found.push(before);
    });
    return found;
  }

  function numbers(coded) {
    var values = [];
    for (var place = 0, value = 0, unit = 1; place < coded.length; place++) {
      var code = coded.charCodeAt(place);
      if (code < 93) {
        values.push(value + (code - 35) * unit);
        value = 0;
        unit = 1;
      } else {
        value += (code - 93) * unit;
        unit *= 32;
      }
    }
    return values;
  }

  // ------------------------------------------------------------------ analysis

  function fold(text) {
    return Array.from(text.toLowerCase(), function (letter) {
      return settings.ligatures[letter] || letter;
    }).join("").normalize("NFD").replace(accent, "");
  }

  function termOf(folded) {
    var known = stems.get(folded);
    if (known === undefined) {
      known = UneFois.stem(folded.replace(before, "$1$2"));
      known = known.replace(/y$/, "i").replace(after, "$1$2");
      stems.set(folded, known);
    }
    return known;
  }

  function wordsOf(text) {
    var found = [];
    var match;
    text = text.normalize("NFC");
    word.lastIndex = 0;
    while ((match = word.exec(text))) {
      var folded = fold(match[0]);
      if (folded.length > 1 && !stopWords.has(folded)) {
        found.push({
          start: match.index,
          end: match.index + match[0].length,
          folded: folded,
          term: termOf(folded),
        });
      }
    }
    return found;
  }

  // ------------------------------------------------------------------ the query

  function readQuery(text) {
    var weights = new Map();
    var unknown = [];
    var guessed = [];
    var said = [];
    function add(term, weight) {
      weights.set(term, Math.max(weight, weights.get(term) || 0));
    }
    spelled(text).forEach(function (word) {
      var found = guesses(word);
      if (!found.length) unknown.push(word.folded);
      else if (found[0][1] < 1) guessed.push(word.folded);
      found.forEach(function (guess) { add(guess[0], guess[1]); });
      said.push(found.length ? found[0] : [word.term, 1]);
    });
    for (var start = 0; start < said.length; start++) {
      var last = Math.min(start + settings.longest, said.length);
      for (var end = start + 1; end <= last; end++) {
        addSynonyms(said.slice(start, end), add);
      }
    }
    return { weights: weights, unknown: unknown, guessed: guessed };
  }

  function addSynonyms(run, add) {
    var key = run.map(function (part) { return part[0]; }).join(" ");
    var weight = Math.min.apply(null, run.map(function (part) { return part[1]; }));
    if (!groupOf.has(key)) return;
    index.groups[groupOf.get(key)].forEach(function (other) {
      if (other.join(" ") === key) return;
      other.forEach(function (term) { add(term, weight * settings.synonym / other.length); });
    });
  }

  function spelled(text) {
    var read = Array.from(text).slice(0, settings.queryLength).join("");
    return wordsOf(read).flatMap(function (word) {
      var known = Object.prototype.hasOwnProperty.call(index.spellings, word.folded);
      return known ? wordsOf(index.spellings[word.folded]) : [word];
    });
  }

  function guesses(word) {
    if (frequency(word.term) > 0 || expressionTerms.has(word.term)) return [[word.term, 1]];
    var near = oneLetterAway(word.folded).filter(holds).map(termOf);
    var weight = settings.typo;
    if (!near.length) near = oneLetterAway(word.term).filter(function (term) { return terms.has(term); });
    if (!near.length) {
      near = sameBeginning(word.folded).map(termOf);
      weight = settings.prefix;
    }
    return Array.from(new Set(near))
      .map(function (term) { return [term, weight, frequency(term)]; })
      .sort(function (a, b) { return b[2] - a[2] || (a[0] < b[0] ? -1 : 1); })
      .slice(0, settings.guesses);
  }

  function frequency(term) {
    var place = terms.get(term);
    if (place === undefined) return 0;
    return Object.keys(settings.fields).reduce(function (sum, name) {
      return sum + (figures[name].postings[place] ? 1 : 0);
    }, documents(figures.phrase, place).length / 2);
  }

  function oneLetterAway(word) {
    var found = [];
    if (word.length < settings.typoLengths[0] || word.length >= settings.typoLengths[1]) {
      return found;
    }
    for (var place = 0; place <= word.length; place++) {
      var before = word.slice(0, place);
      var after = word.slice(place);
      found.push(before + after.slice(1));
      found.push(before + after.slice(1, 2) + after.slice(0, 1) + after.slice(2));
      for (var letter of settings.alphabet) {
        found.push(before + letter + after.slice(1), before + letter + after);
      }
    }
    return found;
  }

  function sameBeginning(word) {
    var shortest = Math.max(settings.prefixLength, Math.ceil(2 * word.length / 3));
    for (var length = word.length; length >= shortest; length--) {
      var beginning = word.slice(0, length);
      var found = words.slice(placeOf(beginning), placeOf(beginning + "\uffff"));
      if (found.length) return found;
    }
    return [];
  }

  function holds(word) {
    return words[placeOf(word)] === word;
  }

  function placeOf(word) {
    var low = 0;
    var high = words.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (words[middle] < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // ------------------------------------------------------------------ scores

  // [document, times, document, times, …] of a term, decoded once.
  function documents(field, place) {
    if (!field.documents[place]) {
      var coded = numbers(field.postings[place] || "");
      var found = [];
      for (var at = 0, document = 0; at < coded.length; at++) {
        document += coded[at] >> 1;
        found.push(document, coded[at] & 1 ? coded[++at] : 1);
      }
      field.documents[place] = Uint32Array.from(found);
    }
    return field.documents[place];
  }

  // Scores of `size` documents by number, and the numbers of those that have one.
  function scoresOf(fields, query, size) {
    var scores = { values: new Float64Array(size), numbers: [] };
    var asked = Array.from(query.weights.keys()).sort();
    Object.keys(fields).forEach(function (name) {
      asked.forEach(function (term) {
        if (terms.has(term)) {
          addScores(scores, figures[name], terms.get(term), fields[name] * query.weights.get(term));
        }
      });
    });
    return scores;
  }

  function addScores(scores, field, place, weight) {
    var K1 = settings.bm25.K1;
    var B = settings.bm25.B;
    var found = documents(field, place);
    var rarity = field.rarity.get(found.length / 2);
    for (var at = 0; at < found.length; at += 2) {
      var document = found[at];
      var times = found[at + 1];
      var length = field.lengths[document];
      // The same operations in the same order as Whoosh: the last bit is the same too.
      var score = rarity * ((times * (K1 + 1)) / (times + K1 * (1 - B + B * length / field.average)));
      if (scores.values[document] === 0) scores.numbers.push(document);
      scores.values[document] += weight * score;
    }
  }

  // Votes: for a card, what brings it, best first: [points, number of the phrase or card].

  function phraseVotes(query) {
    var scores = scoresOf({ phrase: 1 }, query, phrases.length);
    return votesOf(scores, function (phrase) { return owners[phrase]; });
  }

  function situationVotes(query) {
    var scores = scoresOf(settings.speech, query, index.cards.length);
    return votesOf(scores, function (card) { return card; });
  }

  function votesOf(scores, ownerOf) {
    var votes = new Map();
    best(scores, settings.nearest).forEach(function (voice) {
      leads[ownerOf(voice[0])].forEach(function (way) {
        if (!votes.has(way[0])) votes.set(way[0], []);
        votes.get(way[0]).push([way[1] * voice[1], voice[0]]);
      });
    });
    votes.forEach(function (brought) {
      brought.sort(function (a, b) { return b[0] - a[0] || a[1] - b[1]; });
    });
    return votes;
  }

  // The `count` highest: [number, score], by score, then number.
  function best(scores, count) {
    var values = scores.values;
    var found = scores.numbers;
    if (found.length > count) {
      var sorted = new Float64Array(found.length);
      found.forEach(function (number, place) { sorted[place] = values[number]; });
      var least = sorted.sort()[found.length - count];
      found = found.filter(function (number) { return values[number] >= least; });
    }
    return found
      .map(function (number) { return [number, values[number]]; })
      .sort(function (a, b) { return b[1] - a[1] || a[0] - b[0]; })
      .slice(0, count);
  }

  function total(votes) {
    var sum = 0;
    var share = 1;
    (votes || []).forEach(function (vote) {
      sum += share * vote[0];
      share *= settings.next;
    });
    return sum;
  }

  function matches(card, filters) {
    return filters.every(function (filter) {
      return filter[0] === "kind"
        ? card[0] === filter[1]
        : (card[5][filter[0]] || []).includes(filter[1]);
    });
  }

  function hit(query, number, score, votes, own) {
    var card = index.cards[number];
    var why = card[4] || "";
    var owner = number;
    if (votes.length && votes[0][0] >= own) {
      why = phrases[votes[0][1]];
      owner = owners[votes[0][1]];
    }
    return {
      kind: card[0],
      id: card[1],
      title: card[2],
      url: card[3],
      score: score,
      why: why,
      marks: wordsOf(why)
        .filter(function (word) { return query.weights.has(word.term); })
        .map(function (word) { return [word.start, word.end]; }),
      situation: owner === number ? "" : index.cards[owner][1],
      number: number,
    };
  }

  // ------------------------------------------------------------------

  function search(text, filters, limit) {
    if (index !== UneFois.index) open(UneFois.index);
    var query = readQuery(text);
    var own = scoresOf(settings.fields, query, index.cards.length);
    var spoken = phraseVotes(query);
    var lived = situationVotes(query);
    var scores = own.values.slice();
    new Set(Array.from(spoken.keys()).concat(Array.from(lived.keys()))).forEach(function (number) {
      scores[number] = total(spoken.get(number)) + total(lived.get(number)) + own.values[number];
      if (own.values[number] === 0) own.numbers.push(number);
    });
    var wanted = Object.entries(filters || {});
    var told = wanted.length && !text.trim() ? Array.from(index.cards.keys()) : own.numbers;
    var found = told.filter(function (number) {
      return matches(index.cards[number], wanted);
    });
    var ranked = best({ values: scores, numbers: found }, limit || Infinity);
    return {
      hits: ranked.map(function (pair) {
        return hit(query, pair[0], pair[1], spoken.get(pair[0]) || [], own.values[pair[0]]);
      }),
      unknown: query.unknown,
      guessed: query.guessed,
    };
  }

  search.lacking = function (hits) {
    var numbers = hits
      .filter(function (hit) { return !index.cards[hit.number][3]; })
      .map(function (hit) { return Math.floor(hit.number / index.shown); });
    return Array.from(new Set(numbers));
  };

  // Called by the scripts apart, with [title, url, summary] of each entry.
  UneFois.show = function (number, cards) {
    cards.forEach(function (shown, place) {
      var card = UneFois.index.cards[number * UneFois.index.shown + place];
      card[2] = shown[0];
      card[3] = shown[1];
      card[4] = shown[2];
    });
  };

  search.terms = function (text) {
    if (index !== UneFois.index) open(UneFois.index);
    return wordsOf(text).map(function (word) { return word.term; });
  };
  return search;
})();
