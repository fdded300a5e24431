// Saves a form by itself two seconds after the last key, and says so; a clash waits for a person to press Save.
const form = document.querySelector("form[data-autosave]");
const line = form?.querySelector("[data-saved]");
let timer = null;
let running = Promise.resolve();

async function save() {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new FormData(form),
  });
  const told = await answer.json();
  line.textContent = told.theirs ? `${told.said} ${told.theirs}` : told.said;
  if (!answer.ok) return;
  form.elements.revision.value = told.revision;
  form.elements.was.value = JSON.stringify(told.was);
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    running = running.then(save).catch(() => {});
  }, 2000);
});
form?.addEventListener("submit", () => clearTimeout(timer));
