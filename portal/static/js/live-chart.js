// A picture of a chart becomes a chart that answers: what is pointed at is told, a legend picks, dots can be zoomed into.
// Fetched only when a reader asks for it. The picture stays in the page and comes back at the same button.

const library = {};

async function vegaOf(button) {
  library.vega ??= import(button.dataset.vega).then(() => import(button.dataset.interpreter));
  const { expressionInterpreter } = await library.vega;
  return { vega: globalThis.vega, expressionInterpreter };
}

// The words beside the pointer; a list of names and figures, as text only.
function tells(place, tip) {
  return (_handler, event, _item, value) => {
    tip.hidden = value === null || value === undefined || value === "";
    if (tip.hidden) return;
    const told = typeof value === "object" ? Object.entries(value) : [["", String(value)]];
    tip.replaceChildren(...told.map(([name, words]) => {
      const line = document.createElement("p");
      const term = document.createElement("span");
      term.textContent = name;
      const figure = document.createElement("b");
      figure.textContent = words;
      line.append(term, figure);
      return line;
    }));
    const frame = place.getBoundingClientRect();
    const x = event.clientX - frame.left;
    const y = event.clientY - frame.top;
    tip.style.left = `${Math.max(0, Math.min(x + 14, frame.width - tip.offsetWidth - 2))}px`;
    tip.style.top = `${Math.max(0, y - tip.offsetHeight - 14 < 0 ? y + 18 : y - tip.offsetHeight - 14)}px`;
  };
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

// Draws into the figure of `button`; answers what redraws it and what takes it away.
export async function liven(button) {
  const figure = button.closest("figure");
  const { vega, expressionInterpreter } = await vegaOf(button);
  const place = document.createElement("div");
  place.className = "ds-live";
  const canvas = document.createElement("div");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", figure.querySelector("img").alt);
  const tip = document.createElement("div");
  tip.className = "ds-tip";
  tip.hidden = true;
  place.append(canvas, tip);
  let view;
  let shown = "";

  async function draw() {
    const narrow = matchMedia("(max-width: 40rem)").matches;
    const address = button.dataset[`${narrow ? "narrow" : "wide"}${isDark() ? "Dark" : "Light"}`];
    if (address === shown) return;
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const made = await answer.json();
    shown = address;
    view?.finalize();
    canvas.replaceChildren();
    tip.hidden = true;
    const read = vega.parse(made.vega, null, { ast: true });
    view = new vega.View(read, { expr: expressionInterpreter, renderer: "canvas", container: canvas, hover: true, locale: { number: made.number, time: made.time } });
    view.tooltip(tells(place, tip));
    await view.width(place.clientWidth || view.width()).runAsync();
  }

  figure.classList.add("is-live");
  figure.querySelector("picture").before(place);
  const again = () => draw().catch(() => {});
  const theme = new MutationObserver(again);
  const size = new ResizeObserver(() => { again().then(() => view?.width(place.clientWidth).runAsync()); });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  function end() {
    theme.disconnect();
    size.disconnect();
    scheme.removeEventListener("change", again);
    view?.finalize();
    place.remove();
    figure.classList.remove("is-live");
  }
  try {
    await draw();
  } catch (error) {
    end();
    throw error;
  }
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  scheme.addEventListener("change", again);
  size.observe(place);
  return end;
}
