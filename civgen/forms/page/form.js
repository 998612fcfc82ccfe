"use strict";
// A form carried out: conditions, properties as they stand, and what a field makes of a value. It follows
// civgen.forms step by step; a value that does not fit gives way as under --repair, and the reason is told.
const Form = (() => {
  const MISSING = undefined;
  const isMapping = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
  const has = (one, name) => Object.prototype.hasOwnProperty.call(one, name);
  const given = (value) => value !== undefined && value !== null;

  // ---- conditions -------------------------------------------------------------------------------

  function plain(value) {
    if (!isMapping(value)) return given(value) ? value : null;
    const name = ["value", "id", "url"].find((one) => has(value, one));
    return name ? value[name] : null;
  }

  function passes(wanted, value) {
    if (isMapping(wanted)) {
      if (has(wanted, "given")) return (given(value) && !(Array.isArray(value) && !value.length)) === wanted.given;
      const size = Array.isArray(value) ? value.length : given(value) ? Number(value) : 0;
      return (!given(wanted.min) || size >= wanted.min) && (!given(wanted.max) || size <= wanted.max);
    }
    const allowed = Array.isArray(wanted) ? wanted : [wanted];
    return Array.isArray(value) ? allowed.some((one) => value.includes(one)) : allowed.includes(value);
  }

  const all = (tests, facts) => Object.entries(tests).every(([name, wanted]) => passes(wanted, plain(facts[name])));

  function holds(rule, facts) {
    if (rule.match && !all(rule.match, facts)) return false;
    return !(rule.unless && Object.keys(rule.unless).length && all(rule.unless, facts));
  }

  // ---- what fields have in common ---------------------------------------------------------------

  const wrong = (value, why, repaired = true) => ({ value, why, repaired });
  const fine = (value) => ({ value });

  function resolve(field, facts) {
    const shown = { ...field.properties };
    for (const change of field.changes || []) if (holds(change, facts)) Object.assign(shown, change.properties);
    if (shown.hidden && !has(shown, "follows")) return shown;
    return (kindOf(field).settle || ((same) => same))(shown, facts);
  }

  const empty = (field, shown) => (kindOf(field).empty || ((one) => (given(one.default) ? one.default : null)))(shown);
  const isMissing = (field, value) => (kindOf(field).isMissing || ((one) => !given(one)))(value);
  const read = (field, value, shown, facts) => kindOf(field).read(value, shown, facts);

  function reading(field, value, shown, facts) {
    if (shown.hidden || has(shown, "derived")) return fine(has(shown, "derived") ? shown.derived : null);
    if (has(shown, "fixed")) return fine(read(field, shown.fixed, { ...shown, required: false }, {}).value);
    if (!isMissing(field, value)) return read(field, value, shown, facts);
    const instead = given(value) ? (Array.isArray(value) ? [] : "") : empty(field, shown);
    if (shown.required && isMissing(field, instead)) return wrong(instead, "is required", false);
    return fine(instead);
  }

  // One pass over the fields. Answers values, fields as shown, what is wrong, and what gave way.
  function fill(fields, wanted, about) {
    const facts = { ...about };
    const filled = { values: {}, shown: [], problems: [], repairs: [] };
    for (const field of fields) {
      const shown = resolve(field, facts);
      filled.shown.push([field, shown]);
      const said = wanted[field.key];
      const made = reading(field, said, shown, facts);
      if (made.why) {
        const note = { field: field.key, label: shown.label, why: made.why, from: said, to: made.value };
        (made.repaired ? filled.repairs : filled.problems).push(note);
      }
      if (!shown.hidden || has(shown, "derived")) facts[field.key] = filled.values[field.key] = made.value;
    }
    filled.problems.push(...unmeasured(filled));
    return filled;
  }

  // Images whose size something hangs on, and that have none.
  function* unmeasured({ shown, values, problems }) {
    for (const [, { follows }] of shown) {
      const images = (follows && values[follows]) || [];
      if (!images.length || sized(images[0]) || problems.some((one) => one.field === follows)) continue;
      const { label } = shown.find(([field]) => field.key === follows)[1];
      yield { field: follows, label, why: "needs width and height of the first image" };
    }
  }

  // ---- choices ----------------------------------------------------------------------------------

  const inFull = (one) => (isMapping(one) ? { label: String(one.value), ...one } : { value: one, label: String(one) });

  function settleChoice(shown, facts) {
    const offered = (shown.options || []).filter((one) => !isMapping(one) || !one.match || holds(one, facts)).map(inFull);
    const values = offered.map((one) => one.value);
    const start = offered.find((one) => one.default) || offered[0];
    return { ...shown, options: offered, default: values.includes(shown.default) ? shown.default : start ? start.value : null };
  }

  const named = (value) => (isMapping(value) ? (has(value, "value") ? value.value : null) : value);

  function readChoice(value, shown, pick, nearest) {
    const known = shown.options.some((one) => one.value === named(value));
    if (known) return fine(pick(named(value), shown));
    const instead = shown.outside === "default" ? shown.default : nearest(value, shown);
    return wrong(pick(instead, shown), "is not on offer");
  }

  function asText(value, shown) {
    const found = shown.options.find((one) => String(one.value) === String(named(value)));
    return found ? found.value : shown.default;
  }

  function ratioOf(text) {
    const sides = String(text).split(":").map((one) => (one.trim() === "" ? NaN : Number(one)));
    return sides.length === 2 && sides[0] > 0 && sides[1] > 0 ? sides[0] / sides[1] : null;
  }

  function closestRatio(ratio, candidates) {
    let best = candidates[0];
    const away = (one) => Math.abs((ratioOf(one) || 1) - ratio);
    for (const one of candidates) if (away(one) < away(best)) best = one;
    return best;
  }

  function pickSize(value, shown) {
    const option = shown.options.find((one) => one.value === value);
    if (!option) return null;
    return Object.fromEntries(["value", "width", "height"].filter((one) => has(option, one)).map((one) => [one, option[one]]));
  }

  function nearestSize(wanted, shown) {
    const ratio = ratioOf(named(wanted)) || (isMapping(wanted) && ratioOf(`${wanted.width}:${wanted.height}`));
    return ratio && shown.options.length ? closestRatio(ratio, shown.options.map((one) => one.value)) : shown.default;
  }

  function settleSize(shown, facts) {
    let options = shown.options || [];
    if (shown.ratios && shown.ratios.length) {
      const sizes = new Map(options.map((one) => [inFull(one).value, one]));
      options = shown.ratios.filter((one) => sizes.has(one)).map((one) => sizes.get(one));
    }
    const settled = settleChoice({ ...shown, options }, facts);
    const images = facts[settled.follows];
    if (images && images.length) settled.derived = pickSize(nearestSize(images[0], settled), settled);
    return settled;
  }

  // ---- numbers ----------------------------------------------------------------------------------

  function within(number, shown) {
    if (given(shown.min)) number = Math.max(shown.min, number);
    return given(shown.max) ? Math.min(shown.max, number) : number;
  }

  function fit(number, shown) {
    number = within(number, shown);
    if (!shown.step) return number;
    const base = shown.min || 0;
    return Number(within(base + Math.floor((number - base) / shown.step + 0.5) * shown.step, shown).toFixed(9));
  }

  function settleNumber(shown, facts) {
    const cap = (facts.limits || {})[shown.capped_by];
    if (!given(cap)) return shown;
    const high = Math.min(given(shown.max) ? shown.max : cap, cap);
    const low = given(shown.min) ? shown.min : 0;
    const most = shown.step ? Math.max(low, low + Math.floor((high - low) / shown.step) * shown.step) : high;
    return { ...shown, max: most };
  }

  function asNumber(value) {
    if (typeof value === "string" && value.trim() !== "") value = Number(value);
    return isNumber(value) ? value : null;
  }

  function complaint(number, shown) {
    const unit = shown.unit ? ` ${shown.unit}` : "";
    if (given(shown.min) && number < shown.min) return `is below ${shown.min}${unit}`;
    if (given(shown.max) && number > shown.max) return `is above ${shown.max}${unit}`;
    return `is not on a step of ${shown.step} from ${shown.min || 0}`;
  }

  function readNumber(value, shown) {
    const number = asNumber(value);
    const start = given(shown.default) ? shown.default : null;
    if (number === null) return wrong(start, "must be a number");
    const outside = shown.outside === "default" && number !== within(number, shown);
    const fitted = outside ? start : fit(number, shown.between ? { ...shown, step: null } : shown);
    return fitted === number ? fine(fitted) : wrong(fitted, complaint(number, shown));
  }

  function readSeed(value, shown) {
    const number = asNumber(value);
    if (number !== null && Number.isInteger(number) && number >= shown.min && number <= shown.max) return fine(number);
    return wrong(null, `must be a whole number from ${shown.min} to ${shown.max}, or left out`);
  }

  // ---- media and resources ----------------------------------------------------------------------

  const LARGEST = 2147483647;
  const isMeasure = (one) => isNumber(one) && one > 0 && one <= LARGEST;
  const isAddress = (one) => typeof one === "string" && /^(https?:\/\/|urn:air:)/i.test(one);
  const sized = (one) => given(one.width) && given(one.height);
  const unsized = (one) => !given(one.width) && !given(one.height);
  const isImage = (one) =>
    isMapping(one) && isAddress(one.url) && (unsized(one) || (sized(one) && isMeasure(one.width) && isMeasure(one.height)));

  function readImages(value, shown) {
    const images = Array.isArray(value) ? value : [value];
    if (!images.every(isImage)) return wrong([], "needs the address of each image (https://…), with width and height or neither", false);
    if (images.length < shown.min) return wrong(images, `needs at least ${shown.min} images`, false);
    if (images.length > shown.max) return wrong(images.slice(0, shown.max), `takes at most ${shown.max} images`);
    if (shown.measured && !sized(images[0])) return wrong(images, "needs width and height of the first image", false);
    return fine(images);
  }

  const entry = (value) => {
    const one = isMapping(value) ? value : { id: value };
    return Number.isInteger(one.id) && one.id > 0 ? one : null;
  };

  function settleModel(shown, facts) {
    const settled = settleChoice(shown, facts);
    const offered = settled.options.map((one) => one.value);
    const limited = (shown.options || []).filter((one) => isMapping(one) && one.match).map((one) => one.value);
    return { ...settled, elsewhere: limited.filter((one) => !offered.includes(one)) };
  }

  function readModel(value, shown) {
    const one = entry(value);
    if (!one) return wrong(null, "must be the number of a model version", false);
    const offered = shown.options.some((option) => option.value === one.id);
    if (shown.elsewhere.includes(one.id) || (shown.locked && !offered)) return wrong(null, "is not a version offered here", false);
    return fine(one);
  }

  function settleResources(shown, facts) {
    const limits = [shown.limit, (facts.limits || {})[shown.capped_by]].filter(given);
    return limits.length ? { ...shown, limit: Math.min(...limits) } : shown;
  }

  function readResources(value, shown) {
    const kept = (Array.isArray(value) ? value : [null]).map(entry);
    const there = kept.filter(Boolean);
    if (there.length < kept.length) return wrong(there, "needs the number or AIR of each resource", false);
    if (given(shown.limit) && there.length > shown.limit) return wrong(there, `are more than the ${shown.limit} allowed`, false);
    const { min, max } = shown.strength || {};
    const outside = there.some((one) => isNumber(one.strength) && shown.strength && (one.strength < min || one.strength > max));
    return outside ? wrong(there, `have a strength outside ${min} to ${max}`, false) : fine(there);
  }

  function readNets(value, shown) {
    const between = (number, high) => isNumber(number) && number >= 0 && number <= high;
    const nets = [];
    for (const one of Array.isArray(value) ? value : [null]) {
      const known = isMapping(one) && shown.options.some((option) => option.value === one.preprocessor);
      const image = known && (typeof one.image === "string" ? { url: one.image } : one.image);
      if (!isMapping(image) || !isAddress(image.url)) return wrong([], "needs the address of an image", false);
      const net = { mode: "auto", weight: 1, startStep: 0, endStep: 1, ...one, image };
      if (!between(net.weight, 2) || !between(net.startStep, 1) || !between(net.endStep, 1)) return wrong([], "has a weight or step out of range");
      nets.push(net);
    }
    return nets.length > shown.limit ? wrong([], `are more than the ${shown.limit} allowed`) : fine(nets);
  }

  const emptyList = { empty: () => [], isMissing: (value) => !given(value) || (Array.isArray(value) && !value.length) };
  const modelKind = {
    settle: settleModel,
    empty: (shown) => (given(shown.default) ? { id: shown.default } : null),
    read: readModel,
  };

  const BLANKS = "[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]";
  const BLANK = new RegExp(`^${BLANKS}*$`);
  const BLANK_ENDS = new RegExp(`^${BLANKS}+|${BLANKS}+$`, "g");

  const KINDS = {
    choice: { settle: settleChoice, read: (value, shown) => readChoice(value, shown, (one) => one, asText) },
    aspectRatio: {
      settle: settleSize,
      empty: (shown) => pickSize(shown.default, shown),
      read: (value, shown) => readChoice(value, shown, pickSize, nearestSize),
    },
    toggle: {
      empty: (shown) => (has(shown, "default") ? shown.default : false),
      read: (value, shown) => (typeof value === "boolean" ? fine(value) : wrong(shown.default || false, "must be on or off")),
    },
    number: { settle: settleNumber, read: readNumber },
    quantity: { settle: settleNumber, read: readNumber },
    seed: { read: readSeed },
    text: {
      empty: (shown) => (given(shown.default) ? shown.default : ""),
      isMissing: (value) => !given(value) || (typeof value === "string" && BLANK.test(value)),
      read(value, shown) {
        if (typeof value !== "string") return wrong("", "must be text");
        const text = value.replace(BLANK_ENDS, "");
        const [length, least] = [Array.from(value).length, Array.from(text).length];
        if (given(shown.min_length) && least < shown.min_length) return wrong(text, `has ${least} characters, at least ${shown.min_length} are needed`, false);
        const long = given(shown.max_length) && length > shown.max_length;
        return long ? wrong(text, `has ${length} characters, at most ${shown.max_length} are allowed`, false) : fine(text);
      },
    },
    images: { ...emptyList, settle: (shown) => ({ required: shown.min > 0, ...shown }), read: readImages },
    video: {
      read(value) {
        const video = typeof value === "string" ? { url: value } : value;
        return isMapping(video) && isAddress(video.url) ? fine(video) : wrong(null, "needs its address (https://…)", false);
      },
    },
    model: modelKind,
    resource: modelKind,
    resources: { ...emptyList, settle: settleResources, read: readResources },
    controlNets: {
      ...emptyList,
      settle: (shown, facts) => ({ ...settleResources(shown, facts), options: (shown.options || []).map(inFull) }),
      read: readNets,
    },
    details: { empty: (shown) => shown.default || {}, read: (value) => (isMapping(value) ? fine(value) : wrong({}, "must be names and values")) },
  };
  // A kind of a newer civgen: its value goes through as it is.
  const OTHER = { read: fine };
  const kindOf = (field) => KINDS[field.kind] || OTHER;

  return { fill, plain, given, isMapping, closestRatio, ratioOf, MISSING };
})();
