// Rows by their place in a list in which groups open: each level asks for its rows by blocks, when they come in sight, so
// a group may hold any number of them. Without groups there is one level, of records. Knows nothing of who shows them.

const KEYS_AT_ONCE = 1000; // the most rows that one answer holds
const MAX_BLOCKS = 80; // the oldest are forgotten, and asked for again

class Level {
  blocks = new Map(); // number → promise of rows
  open = new Map(); // a group's place in this level → the level inside it

  constructor(path, total = 0) {
    this.path = path;
    this.total = total;
  }

  get size() {
    return this.opened.reduce((size, [, inside]) => size + inside.size, this.total);
  }

  get opened() {
    return [...this.open].sort(([one], [other]) => one - other);
  }
}

// The runs of rows of one level each that make up [from, to) of all that a level shows.
function* runs(level, from, to) {
  let place = 0;
  let own = 0;
  for (const [index, inside] of [...level.opened, [level.total - 1, null]]) {
    const length = Math.max(index + 1 - own, 0);
    const [first, last] = [Math.max(from - place, 0), Math.min(to - place, length)];
    if (first < last) yield { level, from: own + first, to: own + last };
    place += length;
    own = index + 1;
    if (!inside) continue;
    const { size } = inside;
    if (place < to && place + size > from) yield* runs(inside, from - place, to - place);
    place += size;
  }
}

// A value as a path has it: a reference is its id.
export const plain = (value) => (value instanceof Object ? value.id : value);

const differing = (row, record) =>
  Object.keys(record).filter((name) => JSON.stringify(row[name]) !== JSON.stringify(record[name]));

export class GroupTree {
  totals = null; // of everything that matches
  #ask;
  #groups;
  #key;
  #blockRows;
  #root = new Level([]);
  #recent = new Map(); // `${path}:${number}` → [level, number], the oldest first

  // `ask({path, offset, limit, knownTotal, isBare})` answers {rows, total, totals}; `groups` are names of columns, `key` that of a row's id.
  constructor({ ask, groups, key, blockRows }) {
    this.#ask = ask;
    this.#groups = groups;
    this.#key = key;
    this.#blockRows = blockRows;
  }

  get size() {
    return this.#root.size;
  }

  // Takes the first rows: those that are here already, or asks for them.
  async start(first) {
    if (first) this.seed(first);
    else await this.#block(this.#root, 0);
  }

  seed(first) {
    this.#learn(this.#root, 0, first);
    this.#keep(this.#root, 0, Promise.resolve(first.rows));
  }

  // The items at [from, to): {id, level, path, row, isGroup, by, isOpen}: `level` from 1, `by` the column that
  // a group is one value of.
  async rows(from, to) {
    const found = [];
    for (const run of [...runs(this.#root, from, to)]) found.push(this.#run(run));
    return (await Promise.all(found)).flat();
  }

  // The ids of the records at [from, to), also of those that have not been loaded.
  async keys(from, to) {
    const found = [];
    for (const run of [...runs(this.#root, from, to)]) {
      if (this.#holdsRecords(run.level)) found.push(...(await this.#records(run)));
    }
    return found.map((row) => row[this.#key]);
  }

  // The items of the groups at [from, to) that are not open.
  async closedGroups(from, to) {
    const found = [];
    for (const run of [...runs(this.#root, from, to)]) {
      if (!this.#holdsRecords(run.level)) found.push(...(await this.#run(run)).filter(({ isOpen }) => !isOpen));
    }
    return found;
  }

  // Opens the group of an item, or closes it; the item may be one of an earlier tree.
  async toggle(item) {
    const level = this.#levelAt(item.path.slice(0, -1));
    const index = level ? await this.#placeIn(level, item.path) : -1;
    if (index < 0) return; // gone meanwhile
    if (level.open.delete(index)) return;
    const inside = new Level(item.path, item.row.count);
    await this.#block(inside, 0);
    level.open.set(index, inside);
  }

  // Where the group stands that an item is in; -1 for one of the outermost.
  parentOf(item) {
    return this.#find(this.#levelAt(item.isGroup ? item.path.slice(0, -1) : item.path));
  }

  // The same tree with rows of now: what was open is open, if it is still there.
  async renewed() {
    const fresh = new GroupTree({
      ask: this.#ask,
      groups: this.#groups,
      key: this.#key,
      blockRows: this.#blockRows,
    });
    await fresh.#renew(fresh.#root, this.#root);
    return fresh;
  }

  // Puts other values into records that have been loaded. Gives id → {row, names} of what is not as it was, with the
  // columns' names.
  async put(records) {
    const byKey = new Map(records.map((record) => [record[this.#key], record]));
    const changed = new Map();
    for (const [level, number] of this.#recent.values()) {
      if (!this.#holdsRecords(level)) continue;
      const rows = await level.blocks.get(number);
      rows.forEach((row, at) => {
        const record = byKey.get(row[this.#key]);
        const names = record ? differing(row, record) : [];
        if (!names.length) return;
        rows[at] = { ...row, ...record };
        changed.set(row[this.#key], { row: rows[at], names });
      });
    }
    return changed;
  }

  async #renew(level, old) {
    const numbers = new Set([...old.open.keys()].map((index) => Math.floor(index / this.#blockRows)));
    if (!this.#holdsRecords(level) || level.path.length === 0) numbers.add(0);
    await Promise.all([...numbers].map((number) => this.#block(level, number)));
    for (const [index] of old.open) await this.#renewGroup(level, old, index);
  }

  async #renewGroup(level, old, index) {
    const inside = old.open.get(index);
    const place = await this.#placeIn(level, inside.path);
    if (place < 0) return;
    const rows = await this.#block(level, Math.floor(place / this.#blockRows));
    const fresh = new Level(inside.path, rows[place % this.#blockRows].count);
    await this.#renew(fresh, inside);
    level.open.set(place, fresh);
  }

  #levelAt(path) {
    let level = this.#root;
    for (let depth = 1; depth <= path.length && level; depth += 1) {
      const wanted = JSON.stringify(path.slice(0, depth));
      level = [...level.open.values()].find((inside) => JSON.stringify(inside.path) === wanted) ?? null;
    }
    return level;
  }

  // Where a group stands in its level, among the blocks that are here.
  async #placeIn(level, path) {
    const wanted = JSON.stringify(path);
    for (const [number, block] of level.blocks) {
      const at = (await block).findIndex((row) => JSON.stringify([...level.path, this.#valueOf(level, row)]) === wanted);
      if (at >= 0) return number * this.#blockRows + at;
    }
    return -1;
  }

  #holdsRecords(level) {
    return level.path.length === this.#groups.length;
  }

  #valueOf(level, row) {
    return plain(row.group[this.#groups[level.path.length]]);
  }

  async #run({ level, from, to }) {
    const items = [];
    const first = Math.floor(from / this.#blockRows);
    const last = Math.floor((to - 1) / this.#blockRows);
    const numbers = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    const blocks = await Promise.all(numbers.map((number) => this.#block(level, number)));
    for (let index = from; index < to; index += 1) {
      const number = Math.floor(index / this.#blockRows);
      const row = blocks[number - first][index - number * this.#blockRows];
      if (row) items.push(this.#item(level, index, row));
    }
    return items;
  }

  // A short run is mostly here already; of a long one only the ids are asked for.
  async #records(run) {
    if (run.to - run.from <= this.#blockRows) return (await this.#run(run)).map(({ row }) => row);
    const found = [];
    for (let offset = run.from; offset < run.to; offset += KEYS_AT_ONCE) {
      const limit = Math.min(KEYS_AT_ONCE, run.to - offset);
      const { path, total: knownTotal } = run.level;
      const { rows } = await this.#ask({ path, offset, limit, knownTotal, isBare: true });
      found.push(...rows);
    }
    return found;
  }

  #item(level, index, row) {
    const isGroup = !this.#holdsRecords(level);
    const path = isGroup ? [...level.path, this.#valueOf(level, row)] : level.path;
    return {
      id: isGroup ? `group ${JSON.stringify(path)}` : String(row[this.#key]),
      level: level.path.length + 1,
      path,
      row,
      isGroup,
      by: this.#groups[level.path.length],
      isOpen: level.open.has(index),
    };
  }

  #block(level, number) {
    const known = level.blocks.get(number);
    const rows = known ?? this.#load(level, number);
    this.#keep(level, number, rows);
    return rows;
  }

  async #load(level, number) {
    try {
      const offset = number * this.#blockRows;
      const page = { path: level.path, offset, limit: this.#blockRows };
      const isKnown = number > 0 && this.#holdsRecords(level);
      let answer = await this.#ask(isKnown ? { ...page, knownTotal: level.total } : page);
      const due = Math.min(this.#blockRows, level.total - offset);
      if (isKnown && answer.rows.length < due) answer = await this.#ask(page); // they are not so many any more
      this.#learn(level, number, answer);
      return answer.rows;
    } catch (problem) {
      level.blocks.delete(number); // to be asked for again
      throw problem;
    }
  }

  // Only the first block is asked for values, and of records for their number.
  #learn(level, number, { total, totals }) {
    level.total = total;
    if (level === this.#root) this.totals = number === 0 ? totals : { ...this.totals, count: totals.count };
  }

  #keep(level, number, rows) {
    level.blocks.set(number, rows);
    const name = `${JSON.stringify(level.path)}:${number}`;
    this.#recent.delete(name);
    this.#recent.set(name, [level, number]);
    if (this.#recent.size <= MAX_BLOCKS) return;
    const [oldest, [from, forgotten]] = this.#recent.entries().next().value;
    from.blocks.delete(forgotten);
    this.#recent.delete(oldest);
  }

  #find(wanted, level = this.#root, from = 0) {
    let place = from;
    let own = 0;
    for (const [index, inside] of level.opened) {
      place += index + 1 - own;
      own = index + 1;
      if (inside === wanted) return place - 1;
      const found = this.#find(wanted, inside, place);
      if (found >= 0) return found;
      place += inside.size;
    }
    return -1;
  }
}
