// The guide kept on the device, to be read without a connection. `builder/offline.py` writes above
// what there is to keep, GUIDE and SHEETS (path → digest), and SHEETS_SIZE in bytes.
//
// A file is kept under its address and its digest. A newer guide thus fetches only what changed,
// a copy that was cut short goes on where it stopped, and both versions stand side by side until
// the reader asks for the newer one.
"use strict";

const ROOT = new URL("./", self.location).href;
const GUIDE_CACHE = "une-fois-ou.guide";
const SHEETS_CACHE = "une-fois-ou.feuilles";
const LANES = 6;

const key = (path, digest) => `${new URL(path, ROOT).href}?${digest}`;

const digestOf = async (bytes) => {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...found.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

// The digest also refuses what a hotel's sign-in page answers in the guide's place.
const fetchInto = async (cache, path, digest) => {
  const answer = await fetch(key(path, digest), { cache: "no-store" });
  const bytes = await answer.arrayBuffer();
  if (!answer.ok || (await digestOf(bytes)) !== digest) throw new Error(`${path} : autre contenu`);
  const type = answer.headers.get("Content-Type") || "application/octet-stream";
  await cache.put(key(path, digest), new Response(bytes, { headers: { "Content-Type": type } }));
};

const keep = async (name, files, tell = () => {}) => {
  const cache = await caches.open(name);
  const waiting = files.entries();
  let done = 0;
  const lane = async () => {
    for (const [path, digest] of waiting) {
      if (!(await cache.match(key(path, digest)))) await fetchInto(cache, path, digest);
      tell((done += 1));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
};

const forgetOthers = async (name, files) => {
  const wanted = new Set(Array.from(files, ([path, digest]) => key(path, digest)));
  const cache = await caches.open(name);
  for (const { url } of await cache.keys())
    if (url.startsWith(ROOT) && !wanted.has(url)) await cache.delete(url);
};

const install = async () => {
  await keep(GUIDE_CACHE, GUIDE);
  if (await caches.has(SHEETS_CACHE)) await keep(SHEETS_CACHE, SHEETS);
};

const activate = async () => {
  await forgetOthers(GUIDE_CACHE, GUIDE);
  if (await caches.has(SHEETS_CACHE)) await forgetOthers(SHEETS_CACHE, SHEETS);
};

const kept = async (path) => {
  const digest = GUIDE.get(path) || SHEETS.get(path);
  return digest && caches.match(key(path, digest));
};

// Some hosts, Cloudflare Pages among them, lead from « x.html » to « x », and others from a folder's
// name to its page: the copy answers to these addresses too.
const answer = async (request) => {
  const { origin, pathname, search } = new URL(request.url);
  const path = (origin + pathname).slice(ROOT.length).replace(/(^|\/)$/, "$1index.html");
  const found = (await kept(path)) || (await kept(`${path}.html`));
  if (found) return found;
  if (GUIDE.has(`${path}/index.html`)) return Response.redirect(`${ROOT}${path}/${search}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (request.mode !== "navigate") throw error;
    return Response.redirect(`${ROOT}hors-connexion.html`);
  }
};

const tellSheets = async (page) => {
  const kept = (await caches.has(SHEETS_CACHE))
    ? (await (await caches.open(SHEETS_CACHE)).keys()).filter(({ url }) => url.startsWith(ROOT))
    : [];
  page.postMessage({ kept: kept.length, of: SHEETS.size, size: SHEETS_SIZE });
};

const keepSheets = async (page) => {
  try {
    await keep(SHEETS_CACHE, SHEETS, (done) => page.postMessage({ done, of: SHEETS.size }));
  } catch {
    page.postMessage({ stopped: true });
  }
  await tellSheets(page);
};

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(ROOT)) event.respondWith(answer(event.request));
});
self.addEventListener("message", (event) => {
  if (event.data === "mettre-a-jour") event.waitUntil(self.skipWaiting());
  if (event.data === "feuilles") event.waitUntil(tellSheets(event.source));
  if (event.data === "garder-les-feuilles") event.waitUntil(keepSheets(event.source));
});
