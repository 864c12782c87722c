// What the reader asks to keep, on this device only. Storage may be refused or full: `set` tells.
window.UneFois = window.UneFois || {};
UneFois.storage = (() => {
  "use strict";
  const full = (name) => `une-fois-ou.${name}`;

  const text = (area, name) => {
    try {
      return window[area].getItem(full(name));
    } catch {
      return null;
    }
  };
  const parsed = (it) => {
    try {
      return JSON.parse(it);
    } catch {
      return null;
    }
  };

  // `area`: "sessionStorage" (until the tab closes) or "localStorage". Anything unreadable is null.
  const get = (area, name) => parsed(text(area, name));
  const set = (area, name, value) => {
    try {
      window[area].setItem(full(name), JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  };
  const remove = (area, name) => {
    try {
      window[area].removeItem(full(name));
    } catch {
      // Nothing could be kept there.
    }
  };

  /* What a page keeps on the device while `box` is checked. Another tab may keep the same thing, or
     erase it: nothing is written over what this page has not seen. It then unchecks the box and
     calls `stopped`: "written" or "erased" elsewhere, or "refused" by the device. Checking the box
     again is asking for it anyway. */
  const shared = (name, box, stopped) => {
    let known = text("localStorage", name);
    const stop = (why) => {
      box.checked = false;
      stopped(why);
      return false;
    };
    const stands = () => {
      const now = text("localStorage", name);
      if (now === known) return true;
      known = now;
      return stop(now === null ? "erased" : "written");
    };
    const look = () => box.checked && stands();
    addEventListener("storage", look);
    addEventListener("pageshow", look); // a page that sleeps hears of nothing
    return {
      get: () => parsed(known),
      // `value()` gives what to keep. True once it is kept.
      keep: (value) => {
        if (!look()) return false;
        if (!set("localStorage", name, value())) return stop("refused");
        known = text("localStorage", name);
        return true;
      },
      remove: () => {
        remove("localStorage", name);
        known = null;
      },
    };
  };
  return { get, set, remove, shared };
})();

// An element with its properties and children; a text is only ever text, whatever it holds.
UneFois.element = (name, properties, ...children) => {
  const { data, aria, role, ...own } = properties || {};
  const made = Object.assign(document.createElement(name), own);
  Object.assign(made.dataset, data);
  for (const key of Object.keys(aria || {})) made.setAttribute(`aria-${key}`, aria[key]);
  if (role) made.setAttribute("role", role);
  made.append(...children);
  return made;
};
