// While a question is typed: what answers it already. The question travels in the body of a POST, never in an address.
const form = document.querySelector("form[data-ask]");
const place = document.querySelector("[data-found]");
if (form && place) {
  const box = form.elements.question;
  let timer = 0;
  let asked = box.value.trim();
  let going = null;
  const look = async () => {
    const text = box.value.trim();
    if (text === asked || text.length < 8) return;
    asked = text;
    going?.abort();
    going = new AbortController();
    try {
      const answer = await fetch(form.dataset.ask, { method: "POST", body: new FormData(form), signal: going.signal });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // the button still works
    }
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 600);
  });
}
