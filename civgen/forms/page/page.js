"use strict";
// The page: what is chosen, the form as it stands for that, and beside it the payload and its price.
(() => {
  const { h } = Controls;
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("form-data").textContent);
  const { workflow: firstWorkflow, ecosystem: _, ...started } = data.start;

  // given: values by field, kept while a field is hidden. notes: why a value gave way.
  const state = { workflow: firstWorkflow, given: started, notes: {}, touched: new Set(), pasted: new Map() };
  const records = new Map(data.resources.map((one) => [one.id, { ...one, lora: isLora(one.type) }]));
  const controls = new Map();
  let current = null;
  let drawn = false;

  function isLora(type) {
    return Object.values(data.types).some((one) => one.type === type && one.lora);
  }

  // ---- what resources are called ----------------------------------------------------------------

  function known(id) {
    const version = data.versions[id];
    if (version) return { id, ...version, label: null, lora: false };
    return records.get(id) || state.pasted.get(id) || null;
  }

  // What a person wrote in place of a resource: a number, or an AIR that tells it all.
  function named(text) {
    const words = text.trim();
    if (/^\d+$/.test(words)) return { id: Number(words), text: words };
    const air = /^urn:air:([\w\-/]+):([\w\-/]+):([\w\-/]+):[\w\-/.]+@(\d+)\S*$/i.exec(words);
    if (!air) return { id: null, text: words };
    const id = Number(air[4]);
    const unfit = air[3].toLowerCase() === "orchestrator" ? data.private : null;
    const kind = data.types[air[2].toLowerCase()] || { type: "LORA", lora: false };
    if (!known(id)) state.pasted.set(id, { id, type: kind.type, air: words, lora: kind.lora, segment: air[1].toLowerCase(), unfit });
    return { id, text: words };
  }

  // Why a resource cannot be used, if it cannot.
  function objection(key, entry) {
    const found = known(entry.id);
    if (!found) return `${entry.id} is not known here: paste its AIR, or write the page with --resources FILE`;
    if (key === "model") return found.home && found.home !== data.ecosystem.key ? `belongs to ${found.home}` : null;
    if (found.unfit) return `${entry.id} does not fit: ${found.unfit}`;
    return found.segment && found.segment !== data.ecosystem.air ? `${entry.id} belongs to ${found.segment}, not to ${data.ecosystem.air}` : null;
  }

  const RESOURCES = { model: (one) => [one], resource: (one) => [one], resources: (one) => one };

  function objections(filled) {
    const found = [];
    for (const [field] of filled.shown) {
      const value = filled.values[field.key];
      const named = RESOURCES[field.kind] && value ? RESOURCES[field.kind](value) : [];
      for (const entry of named) {
        const why = objection(field.key, entry);
        if (why) found.push({ field: field.key, label: `${field.properties.label}:`, why });
      }
    }
    return found;
  }

  // ---- the form as it stands --------------------------------------------------------------------

  const workflowOf = (key) => data.workflows.find((one) => one.key === key);

  function engineOf(workflow) {
    const id = (state.given.model || {}).id;
    return workflow.engines[id] || workflow.engines[0];
  }

  // A value without what only the page needs.
  function clean(value) {
    if (Array.isArray(value)) return value.map(clean);
    if (!Form.isMapping(value) || !("text" in value)) return value;
    const { text, ...rest } = value;
    return rest;
  }

  function cleaned() {
    const said = Object.entries(state.given).filter(([, value]) => Form.given(value));
    return Object.fromEntries(said.map(([key, value]) => [key, clean(value)]));
  }

  function filledFor(workflow) {
    const engine = engineOf(workflow);
    const filled = Form.fill(data.engines[engine], cleaned(), { ...data.facts, workflow: workflow.means });
    return { engine, ...filled };
  }

  function note(key, label, given, value, why) {
    const name = (one) => {
      const plain = Form.plain(one);
      if (typeof plain === "boolean") return plain ? "on" : "off";
      return !Form.given(plain) || Array.isArray(plain) ? "nothing" : String(plain);
    };
    state.notes[key] = `${name(given)} gave way to ${name(value)}: it ${why}`;
    say(`${label}: ${state.notes[key]}.`);
  }

  // Fill the form; what does not fit gives way to what does, and that is said.
  function evaluated() {
    const workflow = workflowOf(state.workflow);
    let filled = filledFor(workflow);
    const model = filled.problems.find((one) => one.field === "model");
    if (model && state.given.model && state.given.model.id) {
      const before = state.given.model;
      delete state.given.model;
      filled = filledFor(workflow);
      note("model", model.label, versionName(before.id), versionName((filled.values.model || {}).id), "does not serve this");
    }
    for (const { field, label, from, to, why } of filled.repairs) {
      note(field, label, from, to, why);
      if (Form.given(to)) state.given[field] = to;
      else delete state.given[field];
    }
    filled.problems.push(...objections(filled));
    const facts = Payload.factsOf(filled.values, data.versions, known);
    const node = data.payload[`${workflow.means} ${filled.engine}`];
    const made = node ? Payload.evaluate(node, facts) : {};
    return { workflow, ...filled, body: made.body, price: made.price };
  }

  function versionName(id) {
    for (const fields of Object.values(data.engines)) {
      const model = fields.find((one) => one.key === "model");
      const option = ((model || { properties: {} }).properties.options || []).find((one) => one.value === id);
      if (option) return option.label;
    }
    return id;
  }

  function set(key, value) {
    state.given[key] = value;
    state.touched.add(key);
    delete state.notes[key];
    update();
  }

  function choose(workflow) {
    state.workflow = workflow;
    state.notes = {};
    update();
  }

  // ---- drawing ----------------------------------------------------------------------------------

  const SECTIONS = ["model", "prompt", "media", "resources", "size", "settings", "switches", "output"];

  function update() {
    current = evaluated();
    drawWorkflow(current.workflow);
    drawFields(current);
    drawPanel(current);
    drawn = true;
  }

  const workflowChips = Controls.chips(
    { id: "workflow", set: choose },
    data.workflows.map((one) => ({ value: one.key, label: one.label })),
  );
  $("workflow-chips").append(workflowChips.el);

  function drawWorkflow(workflow) {
    workflowChips.show(workflow.key);
    $("workflow-says").textContent = workflow.description;
  }

  function drawFields(filled) {
    const last = Object.fromEntries(SECTIONS.map((name) => [name, null]));
    const there = new Set();
    const firstText = filled.shown.find(([field, shown]) => field.kind === "text" && !shown.hidden);
    for (const [field, shown] of filled.shown) {
      if (shown.hidden || "derived" in shown) continue;
      there.add(field.key);
      const control = controlOf(field, shown, firstText && firstText[0] === field);
      control.show(valueOf(field, filled));
      drawNotes(control, field, filled);
      place(control, field.section, last);
    }
    for (const [key, control] of controls) {
      if (there.has(key)) continue;
      control.el.remove();
      controls.delete(key);
    }
    for (const name of SECTIONS) $(`fields-${name}`).hidden = !last[name];
    for (const card of document.querySelectorAll("[data-holds]")) card.hidden = !card.dataset.holds.split(" ").some((name) => last[name]);
  }

  // What stands in a control: a list as it was written, with entries that are not finished; else what counts.
  function valueOf(field, filled) {
    const said = state.given[field.key];
    const asWritten = Array.isArray(said) || (Form.isMapping(said) && "text" in said) || field.kind === "text";
    return asWritten && Form.given(said) ? said : filled.values[field.key];
  }

  function place(control, name, last) {
    const home = $(`fields-${name}`);
    const after = last[name] ? last[name].nextSibling : home.firstChild;
    if (control.el !== after) home.insertBefore(control.el, after);
    last[name] = control.el;
  }

  // The control of a field: the one there is, unless the field is shown otherwise now.
  function controlOf(field, shown, first) {
    const signature = JSON.stringify([field.kind, { ...shown, default: null }]);
    const before = controls.get(field.key);
    if (before && before.signature === signature) return before;
    const focused = before && before.el.contains(document.activeElement) ? document.activeElement.id : null;
    const id = `f-${field.key}`;
    const made = Controls.make({ id, field, shown, first, known, named, set: (value) => set(field.key, value) });
    made.signature = signature;
    if (before) before.el.replaceWith(made.el);
    else if (drawn) made.el.classList.add("arrives");
    controls.set(field.key, made);
    if (focused) queueMicrotask(() => $(focused) && $(focused).focus());
    return made;
  }

  function drawNotes(control, field, filled) {
    const shown = filled.shown.find(([one]) => one === field)[1];
    const lines = [];
    const problems = filled.problems.filter((one) => one.field === field.key && (state.touched.has(field.key) || one.why !== "is required"));
    if (Controls.locked(shown)) lines.push(["why", locking(shown)]);
    else if (shown.why || shown.help) lines.push(["help", sentence(shown.help || shown.why)]);
    if (state.notes[field.key]) lines.push(["note", `${state.notes[field.key]}.`]);
    lines.push(...problems.map((one) => ["problem", sentence(`${one.label} ${one.why}`)]));
    const text = JSON.stringify(lines);
    if (control.said === text) return;
    control.said = text;
    control.notes.replaceChildren(...lines.map(([kind, words]) => h("p", { class: kind }, words)));
    const main = $(`f-${field.key}`);
    if (main) main.setAttribute("aria-invalid", String(problems.length > 0));
  }

  function locking(shown) {
    const value = "fixed" in shown ? `Fixed at ${shown.fixed}${shown.unit ? ` ${shown.unit}` : ""}` : "Cannot be changed";
    return shown.why ? `${value}: ${shown.why}.` : `${value}.`;
  }

  const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;

  function say(words) {
    const line = $("said");
    line.textContent = line.textContent === words ? `${words}\u00a0` : words;
    line.style.animation = "none";
    void line.offsetWidth; // so that it starts anew
    line.style.animation = "";
  }

  // ---- the panel --------------------------------------------------------------------------------

  function drawPanel({ problems, body, price, values, engine, workflow }) {
    drawPrice(price, values);
    drawProblems(problems);
    $("engine").textContent = engine;
    $("payload").replaceChildren(pretty(body));
    $("unknown").hidden = Payload.knowsAll(body);
    $("seed-note").hidden = !("seed" in values) || Form.given(values.seed);
    $("command").textContent = command(workflow);
  }

  function drawPrice(price, values) {
    const total = Payload.total(price);
    const words = total === null ? "Unknown" : `${Controls.readable(total)} Buzz`;
    for (const id of ["price", "price-bar"]) if ($(id).textContent !== words) $(id).textContent = words;
    $("price-says").textContent = total === null ? unpriced(price) : priced(price);
    $("price-open").hidden = total === null || !("priority" in values);
  }

  const unpriced = (price) =>
    price === null ? "No price is published for this; civgen submit --dry-run asks what it costs." : "This page does not know it; civgen submit --dry-run does.";

  function priced(parts) {
    const number = (one) => String(Math.round(one * 1000) / 1000);
    const line = ({ base, factors, fixed }) =>
      [number(base), ...Object.entries(factors).map(([name, one]) => `× ${number(one)} ${name}`), ...Object.entries(fixed).map(([name, one]) => `+ ${number(one)} ${name}`)].join(" ");
    return parts.map(line).join(" + ");
  }

  function drawProblems(problems) {
    $("ready").hidden = problems.length > 0;
    $("missing").hidden = !problems.length;
    const items = problems.map((one) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => focusOn(one.field) }, `${one.label} ${one.why}`)));
    $("missing-list").replaceChildren(...items);
  }

  function focusOn(key) {
    const control = controls.get(key);
    const target = control && control.el.querySelector("input, textarea, select, button");
    if (target) target.focus();
  }

  function pretty(value, indent = "") {
    if (value instanceof Payload.Unknown) return h("em", { class: "unknown" }, Payload.Unknown.words);
    if (value === null || typeof value !== "object") return h("span", { class: typeof value }, JSON.stringify(value === undefined ? null : value));
    const list = Array.isArray(value);
    const inner = `${indent}  `;
    const made = document.createDocumentFragment();
    const parts = list ? value.map((one) => [null, one]) : Object.entries(value);
    if (!parts.length) return document.createTextNode(list ? "[]" : "{}");
    made.append(list ? "[" : "{");
    parts.forEach(([key, one], number) => {
      made.append(`${number ? "," : ""}\n${inner}`);
      if (key !== null) made.append(h("span", { class: "key" }, JSON.stringify(key)), ": ");
      made.append(pretty(one, inner));
    });
    made.append(`\n${indent}${list ? "]" : "}"}`);
    return made;
  }

  // The request that this page stands for: what was chosen, without what follows from it.
  function request() {
    const said = { ecosystem: data.ecosystem.key, workflow: state.workflow, ...data.options };
    for (const [field, shown] of current.shown) {
      const value = clean(state.given[field.key]);
      const open = !shown.hidden && !("derived" in shown) && !("fixed" in shown);
      if (open && Form.given(value) && !(Array.isArray(value) && !value.length)) said[field.key] = value;
    }
    return said;
  }

  function pastedRecords() {
    const named = JSON.stringify(request());
    return [...state.pasted.values()].filter((one) => named.includes(`"id":${one.id}`)).map(({ id, type, air }) => ({ id, type, air }));
  }

  function command(workflow) {
    const quoted = (words) => (/^[\w./:@=+-]+$/.test(words) ? words : `'${words.replaceAll("'", "'\\''")}'`);
    const { ecosystem, model, prompt, ...rest } = request();
    const words = ["civgen preview", `--ecosystem ${ecosystem}`, `--workflow ${workflow.key}`];
    if (model && model.id) words.push(`--model ${model.id}`);
    if (prompt) words.push(`--prompt ${quoted(prompt)}`);
    delete rest.workflow;
    for (const [key, value] of Object.entries(rest)) words.push(`--set ${quoted(`${key}=${JSON.stringify(value)}`)}`);
    const extra = pastedRecords();
    if (extra.length) words.push(`--resources <(echo ${quoted(JSON.stringify(extra))})`);
    if (data.facts.tier !== "free") words.push(`--tier ${data.facts.tier}`);
    for (const name of data.facts.feature) words.push(`--feature ${name}`);
    return words.join(" \\\n  ");
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const text = button.dataset.copy === "payload" ? JSON.stringify(current.body, null, 2) : $("command").textContent;
      try {
        await navigator.clipboard.writeText(text);
        say("Copied.");
      } catch {
        getSelection().selectAllChildren($(button.dataset.copy));
        say("Selected: copy it with the keyboard.");
      }
    });
  }

  // ---- theme ------------------------------------------------------------------------------------

  const root = document.documentElement;
  const stored = (change) => {
    try {
      return change(localStorage);
    } catch {
      return null; // a page opened from a file may have no storage
    }
  };
  function theme(name) {
    if (name) root.dataset.theme = name;
    else delete root.dataset.theme;
    stored((storage) => storage.setItem("theme", name));
  }
  const chosen = stored((storage) => storage.getItem("theme")) || "";
  for (const input of document.querySelectorAll("input[name=theme]")) {
    input.checked = input.value === chosen;
    input.addEventListener("change", () => theme(input.value));
  }
  if (chosen) theme(chosen);

  $("known-resources").append(...data.resources.map((one) => h("option", { value: one.air || String(one.id) }, one.label || `${one.type} ${one.id}`)));
  update();

  // For whoever drives the page by script: the request it stands for, and what it makes of that.
  window.civgen = {
    request,
    records: pastedRecords,
    payload: () => (current.body === undefined ? null : current.body),
    price: () => Payload.total(current.price),
    filled: () => ({ values: current.values, problems: current.problems, shown: current.shown.map(([field, shown]) => ({ key: field.key, ...shown })) }),
    set,
    choose,
    put(workflow, given) {
      state.workflow = workflow;
      state.given = {};
      for (const [key, value] of Object.entries(given)) state.given[key] = value;
      update();
    },
    named,
  };
})();
