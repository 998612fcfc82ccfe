"use strict";
// The payload as a function of the form's values: carries out the nodes that civgen.jobs.probing found and
// held against the real pipeline when this page was written. What they do not know, they say.
const Payload = (() => {
  const ABSENT = Symbol("nothing stands here");
  // Stands in the payload for what only the pipeline tells.
  class Unknown {
    toJSON() {
      return Unknown.words;
    }
  }
  Unknown.words = "computed by `civgen preview`";
  const UNKNOWN = new Unknown();

  function at(facts, path) {
    for (const step of path) {
      if (facts === null || typeof facts !== "object" || !Object.prototype.hasOwnProperty.call(facts, step)) return ABSENT;
      facts = facts[step];
    }
    return facts === undefined ? ABSENT : facts;
  }

  function feature(facts, [path, how]) {
    const value = at(facts, path);
    if (how === "count") return String(Array.isArray(value) ? value.length : 0);
    if (how === "is") return value === ABSENT || value === null ? "no" : "yes";
    if (how === "given") return value !== ABSENT && filled(value) ? "yes" : "no";
    return value === ABSENT ? "" : JSON.stringify(value);
  }

  const filled = (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

  function halfToEven(number) {
    const low = Math.floor(number);
    if (number - low !== 0.5) return Math.round(number);
    return low % 2 === 0 ? low : low + 1;
  }

  const RULES = {
    "*": (x, k) => x * k,
    "/": (x, k) => x / k,
    "+": (x, k) => x + k,
    "ceil*": (x, k) => Math.ceil(x * k),
    "floor*": (x, k) => Math.floor(x * k),
    "even*": (x, k) => halfToEven(x * k),
    "up*": (x, k) => Math.floor(x * k + 0.5),
    "ceil/": (x, k) => Math.ceil(x / k),
  };

  function entries(node, facts) {
    const found = at(facts, node[1]);
    return (Array.isArray(found) ? found.slice(node[2]) : []).map((one, number) => ({ ...facts, "@item": one, "@index": number }));
  }

  function mapping(pairs, facts) {
    const made = {};
    for (const [key, node] of pairs) {
      const value = evaluate(node, facts);
      if (value !== ABSENT) made[key] = value;
    }
    return made;
  }

  const knowsAll = (value) =>
    !(value instanceof Unknown) && (value === null || typeof value !== "object" || Object.values(value).every(knowsAll));

  const KINDS = {
    c: (node) => node[1],
    x: () => ABSENT,
    "?": () => UNKNOWN,
    g: (node, facts) => at(facts, node[1]),
    n(node, facts) {
      const value = at(facts, node[1]);
      return value === ABSENT || value === null ? ABSENT : RULES[node[2]](value, node[3]);
    },
    r(node, facts) {
      const medium = at(facts, node[1]);
      return medium === ABSENT ? ABSENT : Form.closestRatio(medium.width / medium.height, node[2]);
    },
    o: (node, facts) => mapping(node[1], facts),
    l: (node, facts) => node[1].map((child) => evaluate(child, facts)).filter((one) => one !== ABSENT),
    m: (node, facts) => entries(node, facts).map((one) => evaluate(node[3], one)),
    d(node, facts) {
      const made = {};
      for (const one of entries(node, facts)) {
        const value = evaluate(node[4], one);
        if (value !== ABSENT) made[at(one, node[3])] = value;
      }
      return { ...made, ...mapping(node[5], facts) };
    },
    j(node, facts) {
      const value = evaluate(node[1], facts);
      return knowsAll(value) ? JSON.stringify(value) : UNKNOWN;
    },
    t(node, facts) {
      const number = node[2][feature(facts, node[1])];
      return number === undefined ? UNKNOWN : evaluate(node[3][number], facts);
    },
  };

  const evaluate = (node, facts) => KINDS[node[0]](node, facts);

  // What the payload may depend on, as civgen.jobs.probing.facts has it. `find` knows resources by number.
  function factsOf(values, versions, find) {
    const described = (one) => {
      const found = find(one.id) || { type: "LORA", air: "" };
      const said = { id: one.id, type: found.type, air: found.air };
      return typeof one.strength === "number" ? { ...said, strength: one.strength } : said;
    };
    const single = (name) => (values[name] ? described(values[name]) : null);
    const [checkpoint, vae, upscaler] = ["model", "vae", "upscaler"].map(single);
    const addons = (values.resources || []).map(described);
    const all = [checkpoint, ...addons, vae, upscaler].filter(Boolean);
    const lora = (one) => (find(one.id) || {}).lora;
    const facts = { ...values, "@version": versions[(values.model || {}).id] ? values.model.id : 0 };
    Object.assign(facts, { "@addons": addons, "@loras": addons.filter(lora), "@all": all });
    for (const [name, one] of [["@checkpoint", checkpoint], ["@vae", vae], ["@upscaler", upscaler]]) if (one) facts[name] = one;
    return facts;
  }

  // Buzz for all steps, from the parts of their prices; null when one of them is not known.
  function total(parts) {
    if (!Array.isArray(parts) || !knowsAll(parts)) return null;
    return parts.reduce((sum, one) => sum + rounded(one), 0);
  }

  function rounded({ base, factors, fixed, up }) {
    const product = Object.values(factors).reduce((made, one) => made * one, base);
    const exact = Object.values(fixed).reduce((sum, one) => sum + one, 0) + product;
    return up ? Math.ceil(Number(exact.toFixed(9))) : Math.trunc(exact + 0.5);
  }

  return { evaluate, factsOf, total, knowsAll, Unknown };
})();
