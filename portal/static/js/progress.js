// A page of work that is going on shows by itself how far it is; without script there is a link to load it anew.
const EVERY = 2000;

async function look() {
  const shown = document.querySelector("[data-progress-page='going']");
  if (!shown) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok && !shown.contains(document.activeElement)) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-progress-page]");
      if (fresh) shown.replaceWith(fresh);
    }
  } catch {
    // the connection is away; it is asked again
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
