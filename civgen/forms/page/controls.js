"use strict";
// Controls: one a kind of field. A control is made for a field as it is shown; `show(value)` puts a value in, and
// `ctx.set(value)` says what a person chose. Everything is native: radio buttons, ranges, check boxes, selects.
const Controls = (() => {
  const FEW = 7; // more options than this are a list, not chips

  function h(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name in node && typeof value !== "string") node[name] = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat().filter((one) => one !== null && one !== undefined && one !== false));
    return node;
  }

  const noteId = (ctx) => `${ctx.id}-notes`;
  const unitOf = (shown) => (shown.unit ? ` ${shown.unit}` : "");
  const readable = (number) => new Intl.NumberFormat("en").format(number);

  // The frame of a field with one input: a label above it.
  function labelled(ctx, input, beside = null) {
    const label = h("label", { class: "label", for: input.id }, ctx.shown.label, mark(ctx));
    return h("div", { class: "field" }, h("div", { class: "head" }, label, beside), input);
  }

  // The frame of a field with several: a group with a legend.
  function grouped(ctx, ...children) {
    const legend = h("legend", { class: "label" }, ctx.shown.label, mark(ctx));
    return h("fieldset", { class: "field", "aria-describedby": noteId(ctx), disabled: locked(ctx.shown) }, legend, ...children);
  }

  const mark = (ctx) => (ctx.shown.required && !Form.given(ctx.shown.default) && !locked(ctx.shown) ? h("span", { class: "mark" }, "required") : null);
  const locked = (shown) => Boolean(shown.disabled) || "fixed" in shown;

  // ---- choices ----------------------------------------------------------------------------------

  function chips(ctx, options, { drawn = null, plain = (value) => value, name = ctx.id, className = "chips" } = {}) {
    const inputs = options.map((option, number) =>
      h("input", { type: "radio", name, id: `${name}-${number}`, value: String(number), onchange: () => ctx.set(option.value) }),
    );
    const labels = options.map((option, number) =>
      h("label", { class: "chip", for: inputs[number].id }, inputs[number], h("span", { class: "face" }, drawn ? drawn(option) : option.label)),
    );
    const show = (value) => options.forEach((option, number) => (inputs[number].checked = option.value === plain(value)));
    return { el: h("div", { class: className }, labels), show };
  }

  function presets(ctx, options = ctx.shown.presets) {
    if (!options || !options.length || locked(ctx.shown)) return { el: null, show() {} };
    const buttons = options.map((one) =>
      h("button", { type: "button", class: "preset", onclick: () => ctx.set(one.value) }, one.label),
    );
    const show = (value) => buttons.forEach((one, number) => one.setAttribute("aria-pressed", String(options[number].value === value)));
    return { el: h("div", { class: "presets", role: "group", "aria-label": `Presets for ${ctx.shown.label}` }, buttons), show };
  }

  function dropdown(ctx, options, plain = (value) => value) {
    const choose = (event) => ctx.set(options[event.target.selectedIndex].value);
    const input = h("select", { id: ctx.id, "aria-describedby": noteId(ctx), disabled: locked(ctx.shown), onchange: choose },
      options.map((one) => h("option", {}, one.label)));
    return { input, show: (value) => (input.selectedIndex = options.findIndex((one) => one.value === plain(value))) };
  }

  function choice(ctx) {
    const suggested = presets(ctx);
    if (ctx.shown.options.length > FEW) {
      const list = dropdown(ctx, ctx.shown.options);
      const el = labelled(ctx, h("div", { class: "select" }, list.input));
      el.querySelector("label").htmlFor = ctx.id;
      el.append(suggested.el || "");
      return { el, show: (value) => (list.show(value), suggested.show(value)) };
    }
    const row = chips(ctx, ctx.shown.options);
    return { el: grouped(ctx, row.el, suggested.el), show: (value) => (row.show(value), suggested.show(value)) };
  }

  function aspectRatio(ctx) {
    const most = 40;
    function shape(option) {
      const ratio = Form.ratioOf(option.value) || 1;
      const [width, height] = ratio >= 1 ? [most, most / ratio] : [most * ratio, most];
      const style = `width:${width.toFixed(1)}px;height:${Math.max(height, 6).toFixed(1)}px`;
      const pixels = option.width ? h("span", { class: "pixels" }, `${option.width} × ${option.height}`) : null;
      const name = option.label && option.label !== option.value ? option.label : option.value;
      return [h("span", { class: "shape", "aria-hidden": "true" }, h("span", { style })), h("span", { class: "ratio" }, name), pixels];
    }
    const row = chips(ctx, ctx.shown.options, { drawn: shape, plain: Form.plain, className: "chips ratios" });
    return { el: grouped(ctx, row.el), show: row.show };
  }

  function toggle(ctx) {
    const input = h("input", { type: "checkbox", role: "switch", id: ctx.id, "aria-describedby": noteId(ctx), disabled: locked(ctx.shown), onchange: () => ctx.set(input.checked) });
    const label = h("label", { class: "switch", for: ctx.id }, input, h("span", { class: "track", "aria-hidden": "true" }), h("span", { class: "label" }, ctx.shown.label));
    return { el: h("div", { class: "field" }, label), show: (value) => (input.checked = Boolean(value)) };
  }

  // ---- numbers ----------------------------------------------------------------------------------

  function slider(ctx, { id = ctx.id, label = ctx.shown.label, limits = ctx.shown, set = ctx.set } = {}) {
    const { min = 0, max = 100, step } = limits;
    const off = locked(ctx.shown);
    const said = { min: String(min), max: String(max), disabled: off, "aria-describedby": noteId(ctx) };
    const range = h("input", { ...said, type: "range", id, step: String(step || "any"), "aria-valuetext": "", oninput: () => set(Number(range.value)) });
    const entry = h("input", { ...said, type: "number", id: `${id}-entry`, step: "any", "aria-label": `${label}, as a number`, inputmode: "decimal",
      onchange: () => set(entry.value === "" ? null : Number(entry.value)) });
    const beside = h("span", { class: "entry" }, entry, limits.unit ? h("span", { class: "unit" }, limits.unit) : null);
    function show(value) {
      const there = typeof value === "number" ? value : min;
      range.value = String(there);
      if (document.activeElement !== entry || Number(entry.value) !== there) entry.value = String(there);
      range.setAttribute("aria-valuetext", `${there}${unitOf(limits)}`);
      range.style.setProperty("--fill", `${max > min ? ((there - min) / (max - min)) * 100 : 0}%`);
    }
    return { range, beside, show };
  }

  function number(ctx) {
    const made = slider(ctx);
    const suggested = presets(ctx);
    const { min, max, unit } = ctx.shown;
    const ends = h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, `${min}`), h("span", {}, `${max}${unit ? ` ${unit}` : ""}`));
    const el = labelled(ctx, made.range, made.beside);
    el.append(ends, suggested.el || "");
    return { el, show: (value) => (made.show(value), suggested.show(value)) };
  }

  function seed(ctx) {
    const change = () => ctx.set(input.value === "" ? null : Number(input.value));
    const input = h("input", { type: "number", id: ctx.id, min: String(ctx.shown.min), max: String(ctx.shown.max), step: "1", placeholder: "A new one each time", inputmode: "numeric", "aria-describedby": noteId(ctx), onchange: change });
    const draw = () => {
      const [drawn] = crypto.getRandomValues(new Uint32Array(1));
      ctx.set(ctx.shown.min + Math.floor((drawn / 4294967296) * (ctx.shown.max - ctx.shown.min + 1)));
    };
    const random = h("button", { type: "button", class: "button", onclick: draw }, "Random");
    const clear = h("button", { type: "button", class: "button quiet", onclick: () => (ctx.set(null), input.focus()) }, "Clear");
    clear.setAttribute("aria-label", `Clear ${ctx.shown.label}`);
    random.setAttribute("aria-label", `Random ${ctx.shown.label}`);
    const el = labelled(ctx, input);
    const row = h("div", { class: "row" });
    input.replaceWith(row);
    row.append(input, random, clear);
    return { el, show: (value) => ((input.value = Form.given(value) ? String(value) : ""), (clear.hidden = !Form.given(value))) };
  }

  // ---- text and media ---------------------------------------------------------------------------

  function text(ctx) {
    const most = ctx.shown.max_length;
    const count = h("span", { class: "count", "aria-hidden": "true" });
    const input = h("textarea", { id: ctx.id, rows: ctx.first ? "4" : "2", "aria-describedby": noteId(ctx), "aria-required": ctx.shown.required ? "true" : "false", disabled: locked(ctx.shown),
      placeholder: ctx.first ? "Describe what you want to see" : "", oninput: () => ctx.set(input.value) });
    function show(value) {
      if (input.value !== (value || "")) input.value = value || "";
      const length = Array.from(input.value).length;
      count.textContent = most ? `${readable(length)} / ${readable(most)}` : "";
      count.classList.toggle("over", Boolean(most) && length > most);
    }
    return { el: labelled(ctx, input, count), show };
  }

  function thumbnail(image) {
    const ratio = image.width > 0 && image.height > 0 ? Math.min(Math.max(image.width / image.height, 0.15), 7) : 1;
    const [width, height] = ratio >= 1 ? [56, 56 / ratio] : [56 * ratio, 56];
    return h("span", { class: "thumb", "aria-hidden": "true" }, h("span", { style: `width:${width.toFixed(1)}px;height:${height.toFixed(1)}px` }));
  }

  const addressInput = (id, label, value, change, notes) =>
    h("input", { type: "url", id, value, "aria-label": label, placeholder: "https://…", "aria-describedby": notes, oninput: (event) => change(event.target.value), autocomplete: "off", spellcheck: "false" });

  // An image's address and size, with a drawing of its proportions.
  function imageInputs(prefix, name, image, change, notes) {
    const frame = h("span", { class: "frame" }, thumbnail(image));
    const changed = (part) => {
      Object.assign(image, part);
      for (const one of ["width", "height"]) if (!image[one]) delete image[one];
      frame.replaceChildren(thumbnail(image));
      change({ ...image });
    };
    const side = (part, label) =>
      h("input", { type: "number", id: `${prefix}-${part}`, min: "1", step: "1", value: String(image[part] || ""), placeholder: "auto", "aria-label": `${label} of ${name} in pixels`, inputmode: "numeric",
        oninput: (event) => changed({ [part]: Number(event.target.value) }) });
    const sides = h("span", { class: "sides" }, side("width", "Width"), h("span", { "aria-hidden": "true" }, "×"), side("height", "Height"), h("span", { class: "unit", "aria-hidden": "true" }, "px"));
    const address = addressInput(`${prefix}-url`, `Address of ${name}`, image.url || "", (url) => changed({ url }), notes);
    return [frame, h("span", { class: "inputs" }, address, sides)];
  }

  const NEW_IMAGE = { url: "", width: 1024, height: 1024 };

  // A list of entries that can be added and removed, from `min` to `max` of them.
  function several(ctx, { least = 0, most = Infinity, noun, fresh, row, className }) {
    const list = h("ul", { class: className });
    const counted = h("span", { class: "count" });
    const add = h("button", { type: "button", class: "add", id: `${ctx.id}-add`, onclick: () => put([...held, fresh()], `${ctx.id}-${held.length}-url`) }, h("span", { "aria-hidden": "true" }, "+"), ` Add ${noun}`);
    let held = [];
    function put(entries, focus) {
      held = entries;
      draw();
      ctx.set(held);
      const target = focus && document.getElementById(focus);
      if (target) target.focus();
    }
    function draw() {
      list.replaceChildren(...held.map((entry, number) => {
        const name = `${noun} ${number + 1}`;
        const change = (changed) => {
          held = held.map((one, other) => (other === number ? changed : one));
          ctx.set(held);
        };
        const remove = h("button", { type: "button", class: "button quiet", "aria-label": `Remove ${name}`, onclick: () => put(held.filter((_, other) => other !== number), add.id) }, "Remove");
        return h("li", { class: "entry-row" }, ...row(entry, number, change, name), remove);
      }));
      add.hidden = held.length >= most;
      counted.textContent = Number.isFinite(most) ? `${held.length} of ${least > 0 && least < most ? `${least} to ` : least === most ? "" : "up to "}${most}` : `${held.length}`;
    }
    function show(value) {
      const wanted = Array.isArray(value) ? value : [];
      if (JSON.stringify(wanted) !== JSON.stringify(held) || !list.childElementCount) {
        held = wanted.length || !least ? wanted : Array.from({ length: least }, fresh);
        draw();
      }
    }
    const el = grouped(ctx, h("div", { class: "several" }, list, h("div", { class: "row" }, add, counted)));
    return { el, show };
  }

  function images(ctx) {
    const { min, max } = ctx.shown;
    return several(ctx, {
      least: ctx.shown.required ? min : 0,
      most: max,
      noun: "image",
      fresh: () => ({ ...NEW_IMAGE }),
      className: "slots",
      row: (image, number, change, name) => imageInputs(`${ctx.id}-${number}`, name, { ...image }, change, noteId(ctx)),
    });
  }

  function video(ctx) {
    const metadata = { width: "Width, px", height: "Height, px", fps: "Frames a second", duration: "Seconds" };
    const held = { url: "", metadata: {} };
    const said = () => {
      if (!held.url) return null;
      const known = Object.fromEntries(Object.entries(held.metadata).filter(([, value]) => value > 0));
      return Object.keys(known).length ? { url: held.url, metadata: known } : { url: held.url };
    };
    const address = addressInput(ctx.id, `Address of the video`, "", (url) => ((held.url = url), ctx.set(said())), noteId(ctx));
    const inputs = {};
    const parts = Object.entries(metadata).map(([name, label]) => {
      const input = h("input", { type: "number", id: `${ctx.id}-${name}`, min: "0", step: "any", oninput: () => ((held.metadata[name] = Number(input.value)), ctx.set(said())) });
      inputs[name] = input;
      return h("label", { class: "part", for: input.id }, h("span", {}, label), input);
    });
    function show(value) {
      if (JSON.stringify(value || null) === JSON.stringify(said())) return;
      Object.assign(held, { url: (value || {}).url || "", metadata: { ...((value || {}).metadata || {}) } });
      address.value = held.url;
      for (const [name, input] of Object.entries(inputs)) input.value = held.metadata[name] || "";
    }
    return { el: grouped(ctx, h("div", { class: "several" }, address, h("div", { class: "parts" }, parts))), show };
  }

  // ---- models and resources ---------------------------------------------------------------------

  // Where a model version is named: by number if the page knows it, else by its AIR.
  function picker(ctx, id, label, entry, change) {
    const shownText = entry.id ? (ctx.known(entry.id) ? `${ctx.known(entry.id).air || entry.id}` : String(entry.id)) : entry.text || "";
    const read = (event) => change(ctx.named(event.target.value));
    return h("input", { type: "text", id, value: shownText, list: "known-resources", "aria-label": label, placeholder: "Number or urn:air:…", autocomplete: "off", spellcheck: "false", "aria-describedby": noteId(ctx), oninput: read });
  }

  function resources(ctx) {
    const limits = { min: -2, max: 2, step: 0.05, ...(ctx.shown.strength || {}) };
    return several(ctx, {
      most: Form.given(ctx.shown.limit) ? ctx.shown.limit : Infinity,
      noun: "resource",
      fresh: () => ({ id: null, text: "", strength: 1 }),
      className: "picks",
      row(entry, number, change, name) {
        const held = { ...entry };
        const prefix = `${ctx.id}-${number}`;
        const named = picker(ctx, `${prefix}-url`, `Number or AIR of ${name}`, held, (found) => change(Object.assign(held, { text: "" }, found)));
        const strength = slider(ctx, { id: `${prefix}-strength`, label: `Strength of ${name}`, limits, set: (value) => (Object.assign(held, { strength: value === null ? 1 : value }), strength.show(held.strength), change({ ...held })) });
        strength.range.setAttribute("aria-label", `Strength of ${name}`);
        strength.show(typeof held.strength === "number" ? held.strength : 1);
        return [h("span", { class: "inputs" }, named, h("span", { class: "strength" }, h("span", { class: "small", "aria-hidden": "true" }, "Strength"), strength.range, strength.beside))];
      },
    });
  }

  function resource(ctx) {
    const input = picker(ctx, ctx.id, ctx.shown.label, {}, (found) => ctx.set(found.id || found.text ? found : null));
    input.removeAttribute("aria-label");
    return { el: labelled(ctx, input), show: (value) => {
      if (document.activeElement !== input) input.value = value ? (value.id ? (ctx.known(value.id) || {}).air || String(value.id) : value.text) : "";
    } };
  }

  const OWN = "own";

  function model(ctx) {
    const own = ctx.shown.locked ? [] : [{ value: OWN, label: "Another checkpoint" }];
    const choices = [...ctx.shown.options, ...own];
    const other = picker(ctx, `${ctx.id}-own`, "Number or AIR of the checkpoint", {}, (found) => ctx.set({ text: "", ...found }));
    const plain = (value) => (ctx.shown.options.some((one) => value && one.value === value.id) ? value.id : OWN);
    const choose = { ...ctx, set: (value) => ctx.set(value === OWN ? { text: "" } : { id: value }) };
    const row = chips(choose, choices, { plain });
    function show(value) {
      row.show(value);
      const custom = plain(value) === OWN;
      other.hidden = !custom;
      if (custom && document.activeElement !== other) other.value = (value && (value.id ? (ctx.known(value.id) || {}).air || value.id : value.text)) || "";
    }
    return { el: grouped(ctx, row.el, own.length ? other : null), show };
  }

  function controlNets(ctx) {
    return several(ctx, {
      most: ctx.shown.limit,
      noun: "control net",
      fresh: () => ({ preprocessor: ctx.shown.options[0].value, image: { ...NEW_IMAGE }, mode: "auto", weight: 1, startStep: 0, endStep: 1 }),
      className: "nets",
      row(net, number, change, name) {
        const held = { mode: "auto", weight: 1, startStep: 0, endStep: 1, ...net };
        const prefix = `${ctx.id}-${number}`;
        const put = (part) => change({ ...Object.assign(held, part) });
        const kind = h("select", { id: `${prefix}-kind`, "aria-label": `Preprocessor of ${name}`, onchange: () => put({ preprocessor: ctx.shown.options[kind.selectedIndex].value }) }, ctx.shown.options.map((one) => h("option", {}, one.label)));
        kind.selectedIndex = ctx.shown.options.findIndex((one) => one.value === held.preprocessor);
        const done = h("input", { type: "checkbox", id: `${prefix}-mode`, checked: held.mode === "preprocessed", onchange: () => put({ mode: done.checked ? "preprocessed" : "auto" }) });
        const fraction = (part, label, max) => {
          const input = h("input", { type: "number", id: `${prefix}-${part}`, min: "0", max: String(max), step: "0.05", value: String(held[part]), onchange: () => put({ [part]: Number(input.value) }) });
          return h("label", { class: "part", for: input.id }, h("span", {}, label), input);
        };
        return [
          ...imageInputs(prefix, name, { ...held.image }, (image) => put({ image }), noteId(ctx)),
          h("span", { class: "inputs" }, h("span", { class: "select" }, kind),
            h("label", { class: "check", for: done.id }, done, h("span", {}, "Already preprocessed")),
            h("span", { class: "parts" }, fraction("weight", "Weight", 2), fraction("startStep", "Starts at", 1), fraction("endStep", "Ends at", 1))),
        ];
      },
    });
  }

  // A kind that this page does not know: as JSON.
  function other(ctx) {
    const input = h("textarea", { id: ctx.id, rows: "2", class: "code", spellcheck: "false", "aria-describedby": noteId(ctx), onchange: () => {
      try {
        ctx.set(input.value.trim() ? JSON.parse(input.value) : null);
      } catch {
        input.setCustomValidity("not JSON");
        input.reportValidity();
      }
    } });
    return { el: labelled(ctx, input), show: (value) => (input.value = Form.given(value) ? JSON.stringify(value) : "") };
  }

  const KINDS = { choice, aspectRatio, toggle, number, quantity: number, seed, text, images, video, model, resource, resources, controlNets };

  // The control of a field as it is shown.
  function make(ctx) {
    const made = (KINDS[ctx.field.kind] || other)(ctx);
    made.notes = h("div", { class: "notes", id: noteId(ctx) });
    made.el.dataset.key = ctx.field.key;
    made.el.append(made.notes);
    return made;
  }

  return { make, chips, h, locked, readable };
})();
