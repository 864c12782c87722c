// What the reader asks to keep, on this device only. Storage may be refused or full: `set` tells.
window.UneFois = window.UneFois || {};
UneFois.storage = (() => {
  "use strict";
  const full = (name) => `une-fois-ou.${name}`;

  // `area`: "sessionStorage" (until the tab closes) or "localStorage". Anything unreadable is null.
  const get = (area, name) => {
    try {
      return JSON.parse(window[area].getItem(full(name)));
    } catch {
      return null;
    }
  };
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
  return { get, set, remove };
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
