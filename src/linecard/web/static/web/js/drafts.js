// What was typed into forms and not saved, kept in this browser: one draft per user and form.

const PREFIX = "linecard.draft.";
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const MOST = 20;

const user = document.documentElement.dataset.user;
const keyOf = (name) => `${PREFIX}${user}.${name}`;

function safely(work) {
  try {
    return work();
  } catch {
    return null; // storage is full or switched off: there are no drafts then
  }
}

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
const parse = (key) => safely(() => JSON.parse(localStorage.getItem(key)));

// A draft is {values: {field: [value, …]}, at: milliseconds, sent: whether it was on its way to the server}.
export function read(name) {
  const draft = safely(() => parse(keyOf(name)));
  return draft && Date.now() - draft.at < KEPT_MS ? draft : null;
}

export function write(name, draft) {
  safely(() => localStorage.setItem(keyOf(name), JSON.stringify({ ...draft, at: Date.now() })));
}

export function drop(name) {
  safely(() => localStorage.removeItem(keyOf(name)));
}

function dropWhere(test) {
  safely(() => keys().filter((key) => test(parse(key), key)).forEach((key) => localStorage.removeItem(key)));
}

export const dropSent = () => dropWhere((draft, key) => draft?.sent && key.startsWith(keyOf("")));
export const dropMine = () => dropWhere((_, key) => key.startsWith(keyOf("")));

export function prune() {
  dropWhere((draft) => !draft || Date.now() - draft.at >= KEPT_MS);
  safely(() => {
    const newestFirst = keys().sort((one, other) => parse(other).at - parse(one).at);
    newestFirst.slice(MOST).forEach((key) => localStorage.removeItem(key));
  });
}
