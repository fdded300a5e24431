// A file sent in pieces, with progress, that goes on after a break; without this the form sends it in one go.
const form = document.querySelector("form[data-upload]");
const WAITS = [1, 2, 4, 8, 15, 30, 30, 30, 30, 30];
const LOOKS = 120;

function wait(seconds) {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}

function known(file) {
  return `upload:${form.dataset.upload}:${file.name}:${file.size}:${file.lastModified}`;
}

async function opened(file, headers) {
  const before = localStorage.getItem(known(file));
  if (before) {
    const answer = await fetch(before, { headers });
    if (answer.ok) return { address: before, ...(await answer.json()) };
  }
  const body = new FormData();
  body.set("filename", file.name);
  body.set("size", file.size);
  const answer = await fetch(form.dataset.upload, { method: "POST", headers, body });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  const address = answer.headers.get("Location");
  localStorage.setItem(known(file), address);
  return { address, ...told };
}

async function send(file, show) {
  const headers = { "X-Form-Token": form.elements.form_token.value };
  let { address, offset, piece } = await opened(file, headers);
  let failed = 0;
  while (offset < file.size) {
    show(offset / file.size);
    try {
      const answer = await fetch(address, {
        method: "PATCH",
        headers: { ...headers, "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" },
        body: file.slice(offset, offset + piece),
      });
      if (answer.status === 413 && piece > 262144) piece /= 2;
      else if (answer.status === 204 || answer.status === 409) offset = Number(answer.headers.get("Upload-Offset"));
      else throw new Error(answer.status);
      failed = answer.status === 204 ? 0 : failed + 1;
    } catch (error) {
      if (failed >= WAITS.length) throw error;
      show(offset / file.size, form.dataset.again);
      await wait(WAITS[failed]);
      failed += 1;
    }
    if (failed > WAITS.length) throw new Error("409");
  }
  show(1, form.dataset.read);
  const body = new FormData();
  body.set("revision", form.elements.revision.value);
  const told = await ended(address, headers, body);
  localStorage.removeItem(known(file));
  if (told.error) throw new Error(told.error);
  location.assign(told.next ?? form.dataset.upload.replace(/unggah$/, "bacaan"));
}

// Reading a large file can take longer than a server in between waits for: the upload is gone once it has been read.
async function ended(address, headers, body) {
  let fault;
  try {
    const answer = await fetch(address, { method: "POST", headers, body });
    if (answer.headers.get("Content-Type")?.startsWith("application/json")) return await answer.json();
    fault = answer.status;
  } catch (error) {
    fault = error.message;
  }
  for (let turn = 0; turn < LOOKS; turn += 1) {
    await wait(5);
    const state = await fetch(address, { method: "HEAD", headers }).catch(() => null);
    if (state?.status === 404) return {};
  }
  throw new Error(fault);
}

form?.addEventListener("submit", (event) => {
  const file = form.elements.file.files[0];
  if (!file) return;
  event.preventDefault();
  const box = form.querySelector("[data-progress]");
  const [bar, line] = [box.querySelector("progress"), box.querySelector("p")];
  const button = form.querySelector("button");
  box.hidden = false;
  button.disabled = true;
  send(file, (share, words) => {
    bar.value = Math.floor(share * 100);
    line.textContent = words ?? form.dataset.said.replace("{percent}", `${bar.value} %`);
  }).catch((error) => {
    line.textContent = error.message;
    button.disabled = false;
  });
});
