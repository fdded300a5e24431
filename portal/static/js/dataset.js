// Behaviours of a dataset's page; it is right without any of them.

// A button that copies the text of the element it names; shown only where the browser can.
function copies(button) {
  if (!navigator.clipboard) return;
  const words = button.querySelector("span");
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    words.textContent = button.dataset.done;
    setTimeout(() => {
      words.textContent = before;
    }, 2000);
  });
}

// A form that leaves empty fields out of the address it makes.
function staysShort(form) {
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll("input, select")) {
      if (field.value === "" || (field.name === "_add_operator" && !form.elements._add_column.value)) field.disabled = true;
    }
    setTimeout(() => form.querySelectorAll(":disabled").forEach((field) => { field.disabled = false; }));
  });
}

// A button that makes the chart above it answer to the pointer, and gives the picture back; its script comes only then.
function answers(button) {
  const words = button.querySelector("span");
  const before = words.textContent;
  let end = null;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (end) {
      end();
      end = null;
      words.textContent = before;
      return;
    }
    button.disabled = true;
    words.textContent = button.dataset.wait;
    try {
      const { liven } = await import(button.dataset.script);
      end = await liven(button);
      words.textContent = button.dataset.back;
    } catch {
      words.textContent = button.dataset.failed;
    }
    button.disabled = false;
  });
}

document.querySelectorAll("[data-copy]").forEach(copies);
document.querySelectorAll(".ds-filter").forEach(staysShort);
document.querySelectorAll("[data-live]").forEach(answers);
