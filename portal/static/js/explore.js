// A form whose lists act at once; without script its button does the same.
function goesAtOnce(form) {
  form.addEventListener("change", (event) => {
    if (event.target.tagName === "SELECT") form.requestSubmit();
  });
}

document.querySelectorAll("[data-go]").forEach(goesAtOnce);

// The form of SQL: Ctrl+Enter runs it; while it runs, a button ends it on the server under a ticket only this page knows.
function runsSql(form) {
  const stop = form.querySelector("[data-stop]");
  const running = form.querySelector("[data-running]");
  const ticket = document.createElement("input");
  ticket.type = "hidden";
  ticket.name = "_ticket";
  form.append(ticket);
  form.querySelector("[data-keys]").hidden = false;
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    ticket.value = crypto.randomUUID ? crypto.randomUUID().replaceAll("-", "") : Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    stop.hidden = false;
    running.hidden = false;
  });
  stop.addEventListener("click", () => {
    fetch(form.dataset.cancel, { method: "POST", keepalive: true, body: new URLSearchParams({ _ticket: ticket.value }) });
  });
  // The ticket is of no use any more: the address that is copied or kept goes without it.
  const address = new URL(location.href);
  if (address.searchParams.has("_ticket")) {
    address.searchParams.delete("_ticket");
    history.replaceState(null, "", address);
  }
  addEventListener("pageshow", () => {
    stop.hidden = true;
    running.hidden = true;
  });
}

document.querySelectorAll("[data-sql]").forEach(runsSql);
