/*
A story is read in three ways, on the same page: *lecture* (its marks answer when asked), *atelier*
(nothing shown, steps open one after the other) and *animation* (one step on the screen, with a
timer and the notes). Loaded in the head: the way is known before anything is drawn, so that no mark
shows where none should. Without this script the whole page stands, in order.

The root carries data-mode, data-revealed (marks may show), data-done (all steps open) and data-at
("notes" or the number of the step on the screen); assets/reading.css does the rest. The event
« UneFois:step » tells that what is shown has changed.
*/
UneFois.reading = (() => {
  "use strict";
  const root = document.documentElement;
  const element = UneFois.element;
  const HELP = {
    lecture:
      "Les mots soulignés montrent un ingrédient à l’œuvre\u00a0: touchez-les pour lire pourquoi.",
    atelier:
      "Rien n’est montré d’avance\u00a0: les étapes s’ouvrent une à la fois, à votre rythme.",
    animation:
      "Une étape à l’écran, en grand, avec un minuteur et vos notes. Les touches → et ← et la " +
      "télécommande changent d’étape.",
  };
  const KEYS = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 };
  const address = new URLSearchParams(location.search);
  const asked = address.get("mode");

  // A link to a passage or to an ingredient asks to see it, whatever was chosen for the visit.
  const firstMode = () => {
    if (Object.hasOwn(HELP, asked)) return asked;
    const kept = UneFois.storage.get("sessionStorage", "mode");
    return typeof kept === "string" && Object.hasOwn(HELP, kept) && !location.hash
      ? kept
      : "lecture";
  };
  let mode = firstMode();
  root.dataset.mode = mode;

  let steps = [];
  let opened = 1; // atelier: how many steps are open
  let at = -1; // animation: the step on the screen; -1 for the notes
  let reached = -1; // animation: the furthest step that was on the screen
  let id = "";
  const titleOf = (step) => step.querySelector("h2").textContent;

  // ------------------------------------------------------------------ the mode

  const keepInAddress = () => {
    if (mode === "lecture") address.delete("mode");
    else address.set("mode", mode);
    const query = address.toString();
    try {
      history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
    } catch {
      // Some browsers keep the address of a local file as it is.
    }
  };

  const show = () => {
    const revealed = steps.findIndex((step) => step.dataset.step === "ingredients");
    const seen = { lecture: true, atelier: opened > revealed, animation: reached >= revealed }[
      mode
    ];
    root.dataset.mode = mode;
    root.toggleAttribute("data-revealed", seen);
    root.toggleAttribute("data-done", opened === steps.length);
    root.dataset.at = at < 0 ? "notes" : String(at + 1);
    for (const [place, step] of steps.entries()) {
      step.classList.toggle("open", place < opened);
      step.classList.toggle("last", place === opened - 1);
      step.classList.toggle("current", place === at);
    }
    // Until they are revealed, marks say nothing to a screen reader either.
    for (const mark of document.querySelectorAll(".passage")) {
      if (seen) mark.removeAttribute("role");
      else mark.setAttribute("role", "none");
    }
    document.querySelector(".print-note").textContent =
      mode === "atelier" && opened < steps.length
        ? `Imprimé à l’étape ${opened} de ${steps.length}. La suite n’est pas encore dévoilée.`
        : "";
    document.dispatchEvent(new CustomEvent("UneFois:step"));
  };

  const choose = (chosen) => {
    if (mode === "animation") stage.leave();
    mode = chosen;
    document.querySelector(`#modes [value="${mode}"]`).checked = true;
    document.getElementById("mode-help").textContent = HELP[mode];
    keepInAddress();
    at = reached = -1;
    document.querySelector(".facilitation").open = mode === "animation";
    show();
    if (mode === "animation") stage.enter();
  };

  const chooseForVisit = (chosen) => {
    UneFois.storage.set("sessionStorage", "mode", chosen);
    choose(chosen);
  };

  // ------------------------------------------------------------------ atelier: steps that open

  const openStep = (number) => {
    opened = number;
    UneFois.storage.set("sessionStorage", `etape.${id}`, opened);
    show();
    arrive(steps[number - 1].querySelector("h2"));
  };

  const arrive = (heading) => {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
  };

  const dressStep = (step, place) => {
    step.prepend(
      element("p", { className: "step-number" }, `Étape ${place + 1} de ${steps.length}`),
    );
    const following = steps[place + 1];
    const last = !following;
    const text = last ? "Recommencer au début" : `Étape suivante\u00a0: ${titleOf(following)}`;
    const button = element("button", { type: "button", className: last ? "quiet" : "main" }, text);
    button.addEventListener("click", () => openStep(last ? 1 : place + 2));
    step.append(element("p", { className: "step-next" }, button));
  };

  const dressAnswer = (answer) => {
    const place = answer.parentElement;
    const button = element("button", { type: "button", className: "quiet show-answer" });
    button.append(
      "Montrer la réponse",
      element(
        "span",
        { className: "visually-hidden" },
        `\u00a0: ${place.previousElementSibling.textContent}`,
      ),
    );
    button.addEventListener("click", () => {
      place.classList.add("open");
      place.tabIndex = -1;
      place.focus();
    });
    place.prepend(button);
  };

  // ------------------------------------------------------------------ animation: one step at a time

  const stage = (() => {
    const timers = new Map(); // step → seconds left, below zero once they have passed
    let running = 0; // the interval, or 0
    let since = 0;
    let bar, title, clock, go, back, next, told;

    const left = () => {
      const seconds = timers.get(steps[at]);
      return running ? seconds - (performance.now() - since) / 1000 : seconds;
    };
    const spell = (seconds) => {
      const whole = Math.abs(Math.ceil(seconds));
      const text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
      return Math.ceil(seconds) < 0 ? `+${text}` : text;
    };
    const draw = () => {
      const seconds = left();
      clock.textContent = spell(seconds);
      clock.classList.toggle("over", seconds <= 0);
      const over = seconds <= 0 ? `Temps écoulé\u00a0: ${titleOf(steps[at])}` : "";
      if (told.textContent !== over) told.textContent = over;
      go.textContent = running ? "Pause" : "Démarrer";
    };
    const pause = () => {
      if (!running) return;
      timers.set(steps[at], left());
      clearInterval(running);
      running = 0;
    };
    const start = () => {
      since = performance.now();
      running = setInterval(draw, 250);
    };

    // A timer that runs goes on with the next step's minutes.
    const move = (by) => {
      const to = Math.min(steps.length - 1, Math.max(-1, at + by));
      if (to === at) return;
      const wasRunning = Boolean(running);
      pause();
      at = to;
      reached = Math.max(reached, at);
      document.querySelector(".facilitation").open = at < 0;
      show();
      if (wasRunning && at >= 0) start();
      render();
      arrive(at < 0 ? document.querySelector("h1") : steps[at].querySelector("h2"));
      if (at < 0) scrollTo(0, 0);
    };

    const render = () => {
      bar.classList.toggle("timed", at >= 0);
      title.textContent =
        at < 0 ? "Avant de commencer" : `${at + 1}/${steps.length} ${titleOf(steps[at])}`;
      back.disabled = at < 0;
      next.disabled = at === steps.length - 1;
      if (at >= 0) draw();
      else told.textContent = "";
    };

    const button = (text, className, act) => {
      const made = element("button", { type: "button", className }, text);
      made.addEventListener("click", act);
      return made;
    };

    const notes = () => {
      const details = document.querySelector(".facilitation");
      details.open = true;
      details.querySelector("summary").focus();
      details.scrollIntoView({ block: "start" });
    };

    const build = () => {
      title = element("p", { className: "bar-title" });
      clock = element("span", {
        className: "clock",
        role: "timer",
        aria: { live: "off", label: "Temps qui reste" },
      });
      told = element("span", { className: "bar-told", role: "status" });
      back = button("← Précédente", "quiet turn", () => move(-1));
      next = button("Suivante →", "main turn", () => move(1));
      go = button("Démarrer", "quiet timing", () => {
        if (running) pause();
        else start();
        draw();
      });
      const again = button("À zéro", "quiet timing", () => {
        pause();
        timers.set(steps[at], 60 * Number(steps[at].dataset.minutes));
        draw();
      });
      bar = element("div", { className: "bar", role: "region", aria: { label: "Animation" } });
      const timing = element("div", { className: "bar-part timing" }, go, again, told);
      const others = element("div", { className: "bar-part" }, button("Notes", "quiet", notes));
      if (document.fullscreenEnabled) {
        others.append(
          button("Plein écran", "quiet full", () =>
            (document.fullscreenElement
              ? document.exitFullscreen()
              : root.requestFullscreen()
            ).catch(() => {}),
          ),
        );
      }
      others.append(button("Quitter", "quiet", () => chooseForVisit("lecture")));
      bar.append(
        element("div", { className: "bar-part bar-head" }, title, clock),
        timing,
        others,
        element("div", { className: "bar-part bar-move" }, back, next),
      );
      document.querySelector(".page").append(bar);
      for (const step of steps) timers.set(step, 60 * Number(step.dataset.minutes));
    };

    const agenda = () => {
      const sum = steps.reduce((minutes, step) => minutes + Number(step.dataset.minutes), 0);
      const list = element(
        "ol",
        {},
        ...steps.map((step) =>
          element(
            "li",
            {},
            titleOf(step),
            " ",
            element("span", { className: "meta" }, `${step.dataset.minutes}\u00a0min`),
          ),
        ),
      );
      const heading = element("h2", {}, "Le déroulement");
      const about = element(
        "p",
        { className: "meta" },
        `${sum} minutes en tout. Les durées sont proposées.`,
      );
      return element("section", { className: "agenda" }, heading, list, about);
    };

    const keys = (event) => {
      const by = KEYS[event.key];
      if (
        mode !== "animation" ||
        !by ||
        event.altKey ||
        event.ctrlKey ||
        event.metaKey ||
        event.shiftKey
      )
        return;
      if (event.target.closest("input, select, textarea")) return;
      event.preventDefault();
      // A remote has two keys, « page »: a step longer than the screen is read to its end first.
      const room = by > 0 ? root.scrollHeight - innerHeight - scrollY : scrollY;
      if (event.key.startsWith("Page") && room > 8 && !(by < 0 && at < 0)) {
        scrollBy(0, by * (innerHeight - bar.offsetHeight) * 0.85);
      } else {
        move(by);
      }
    };

    return {
      prepare: () => {
        build();
        document.querySelector("#modes").after(agenda());
        document.addEventListener("keydown", keys);
        addEventListener("beforeprint", () => {
          if (mode === "animation") document.querySelector(".facilitation").open = true;
        });
        addEventListener("afterprint", () => {
          if (mode === "animation") document.querySelector(".facilitation").open = at < 0;
        });
      },
      enter: render,
      leave: pause,
    };
  })();

  // ------------------------------------------------------------------ lecture: what a mark says

  const panel = (() => {
    let box, body, close, mark, pinned, wait, returning;

    const lettersOf = (passage) => {
      const found = [];
      for (
        let it = passage.nextElementSibling;
        it && it.matches(".passage-letter");
        it = it.nextElementSibling
      ) {
        if (it.previousSibling !== (found.at(-1) || passage)) break;
        found.push(it);
      }
      return found;
    };
    const passageOf = (target) => {
      let it = target.closest(".passage, .passage-letter");
      while (it && it.matches(".passage-letter")) it = it.previousElementSibling;
      return it;
    };

    const about = (letter) => {
      const source = document.getElementById(letter.hash.slice(1));
      const copies = [...source.children]
        .filter((it) => !it.matches(".quoted, .theirs"))
        .map((it) => it.cloneNode(true));
      return element("section", {}, ...copies);
    };

    const place = () => {
      box.style.removeProperty("top");
      box.style.removeProperty("left");
      if (!matchMedia("(min-width: 44rem)").matches) return;
      const last = [...mark.getClientRects()].at(-1);
      const under = last.bottom + 10;
      const above = mark.getClientRects()[0].top - box.offsetHeight - 10;
      const top = under + box.offsetHeight > innerHeight && above > 0 ? above : under;
      const left = Math.min(last.left, root.clientWidth - box.offsetWidth - 16);
      box.style.top = `${top + scrollY}px`;
      box.style.left = `${Math.max(16, left)}px`;
    };

    const open = (passage, keep) => {
      clearTimeout(wait);
      if (mark !== passage) {
        hide();
        mark = passage;
        mark.classList.add("shown");
        body.replaceChildren(...lettersOf(passage).map(about));
        box.hidden = false;
        place();
      }
      pinned = keep || pinned;
    };

    const hide = (back) => {
      clearTimeout(wait);
      if (!mark) return;
      const letter = lettersOf(mark)[0];
      mark.classList.remove("shown");
      box.hidden = true;
      mark = null;
      pinned = false;
      if (!back || !letter) return;
      returning = true; // closed on purpose: coming back does not open again
      letter.focus();
      returning = false;
    };
    const soon = (act, delay) => {
      clearTimeout(wait);
      wait = setTimeout(act, delay);
    };
    const answers = () => root.hasAttribute("data-revealed") && mode !== "animation";

    // On a phone the panel lies at the bottom: the words that it explains stay in sight above it.
    const uncover = () => {
      const hidden = mark.getBoundingClientRect().bottom - box.getBoundingClientRect().top + 24;
      if (getComputedStyle(box).position === "fixed" && hidden > 0) scrollBy(0, hidden);
    };

    const prepare = () => {
      body = element("div", { className: "panel-body" });
      close = element(
        "button",
        { type: "button", className: "panel-close", aria: { label: "Fermer" } },
        "×",
      );
      box = element(
        "div",
        {
          className: "panel",
          hidden: true,
          role: "dialog",
          aria: { label: "Ingrédient à l’œuvre" },
        },
        close,
        body,
      );
      document.querySelector(".page").append(box);
      const story = document.querySelector(".story");
      for (const letter of story.querySelectorAll(".passage-letter"))
        letter.setAttribute("aria-haspopup", "dialog");

      story.addEventListener("click", (event) => {
        const passage = passageOf(event.target);
        if (!passage || !answers() || !getSelection().isCollapsed) return;
        event.preventDefault();
        open(passage, true);
        uncover();
        close.focus({ preventScroll: true });
      });
      story.addEventListener("focusin", (event) => {
        const passage = passageOf(event.target);
        if (passage && answers() && !returning && event.target.matches(":focus-visible"))
          open(passage, false);
      });
      story.addEventListener("pointerover", (event) => {
        const passage = passageOf(event.target);
        if (event.pointerType !== "mouse" || !answers() || pinned) return;
        if (passage) soon(() => open(passage, false), 250);
        else soon(hide, 350);
      });
      box.addEventListener("pointerenter", () => clearTimeout(wait));
      box.addEventListener("pointerleave", (event) => {
        if (event.pointerType === "mouse" && !pinned) soon(hide, 350);
      });
      close.addEventListener("click", () => hide(true));
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && mark) hide(box.contains(document.activeElement));
      });
      document.addEventListener("click", (event) => {
        if (mark && !box.contains(event.target) && !passageOf(event.target)) hide();
      });
      document.addEventListener("focusin", (event) => {
        if (mark && !box.contains(event.target) && passageOf(event.target) !== mark) hide();
      });
      document.addEventListener("UneFois:step", () => hide());
      addEventListener("resize", () => mark && place());
    };
    return { prepare };
  })();

  // ------------------------------------------------------------------ the page, once it is there

  document.addEventListener("DOMContentLoaded", () => {
    steps = [...document.querySelectorAll(".step")];
    id = document.querySelector(".story").dataset.narrative;
    const before = UneFois.storage.get("sessionStorage", `etape.${id}`);
    if (Number.isInteger(before) && before > 0 && before <= steps.length) opened = before;
    document.querySelector(".page").append(element("p", { className: "print-note" }));
    steps.forEach(dressStep);
    document.querySelectorAll(".answer").forEach(dressAnswer);
    panel.prepare();
    stage.prepare();
    const form = document.getElementById("modes");
    form.hidden = false;
    form.addEventListener("change", (event) => chooseForVisit(event.target.value));
    form.addEventListener("submit", (event) => event.preventDefault());
    if (asked === mode) chooseForVisit(mode);
    else choose(mode);
    if (asked !== null && !Object.hasOwn(HELP, asked)) {
      document
        .getElementById("mode-help")
        .prepend(
          `L’adresse demande une façon de lire qui n’existe pas\u00a0: «\u00a0${asked.slice(0, 40)}\u00a0». Voici la lecture. `,
        );
    }
  });

  return { opened: () => opened, mode: () => mode };
})();
