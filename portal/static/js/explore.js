// A form whose lists act at once; without script its button does the same.
function goesAtOnce(form) {
  form.addEventListener("change", (event) => {
    if (event.target.tagName === "SELECT") form.requestSubmit();
  });
}

document.querySelectorAll("[data-go]").forEach(goesAtOnce);
