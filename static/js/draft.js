// Keeps what is typed in the meeting form as a draft on the server, and says so in words.
"use strict";

(() => {
  const form = document.getElementById("log-form");
  if (!form) return;
  const kept = document.getElementById("kept");
  const banner = document.getElementById("banner");
  const page = Math.random().toString(36).slice(2) + Date.now().toString(36);
  let basedOn = form.dataset.sequence, count = 0, last = written(), timer = 0;
  let busy = false, again = false, stopped = false, leaving = false, failed = false;

  function clock(text) {
    return new Date(text).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }
  function say(text) { kept.textContent = text; }
  if (form.dataset.kept) say("Kept as a draft " + clock(form.dataset.kept));

  function fields() {
    const data = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...data]) if (!value) data.delete(name, value);
    return data;
  }
  // Without the token: a renewed one is no change of the note.
  function written() {
    const data = fields();
    data.delete("csrfmiddlewaretoken");
    return data.toString();
  }
  function is_new() { return written() !== last; }

  async function keep(more = {}) {
    clearTimeout(timer);
    if (busy) { again = true; return; }
    if (stopped || leaving || !(is_new() || more.insist)) return;
    busy = true;
    const now = written(), data = fields();
    data.set("tab", page);
    data.set("count", ++count);
    data.set("based_on", basedOn);
    if (more.insist) data.set("insist", "1");
    try {
      const keepalive = document.visibilityState === "hidden" && data.toString().length < 60000;
      answered(await fetch(form.dataset.keep, {
        method: "POST", body: data, keepalive, redirect: "error", credentials: "same-origin",
      }), now);
    } catch {
      missed("Not saved: no connection; still on this page");
      timer = setTimeout(keep, 5000);
    }
    busy = false;
    if (again) { again = false; keep(); }
  }

  function missed(text) { failed = true; say(text); }

  async function answered(answer, now) {
    if (answer.status === 401 || answer.status === 403) return signedOut();
    if (answer.status === 409) return elsewhere((await answer.json()).saved_at);
    if (answer.status === 410) return gone((await answer.json()).told);
    if (!answer.ok) {
      missed(answer.status === 413 || answer.status === 400
        ? "Not saved: the text is too long. Shorten it; it is still on this page"
        : "Not saved: the server could not; still on this page");
      timer = setTimeout(keep, 15000);
      return;
    }
    const said = await answer.json();
    basedOn = said.sequence;
    last = now;
    failed = false;
    say("Saved " + clock(said.saved_at));
    banner.replaceChildren();
  }

  function show(text, ...ways) {
    const box = document.createElement("div");
    box.className = "notice warn row ends";
    box.append(Object.assign(document.createElement("p"), { textContent: text }), ...ways);
    banner.replaceChildren(box);
    banner.scrollIntoView({ block: "nearest" });
  }
  function button(label, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
    made.addEventListener("click", act);
    return made;
  }

  // The sign-in ended: everything stays, sign in beside it, then go on.
  let asked = false;
  async function signedOut() {
    missed("Not saved: sign in again; still on this page");
    if (await renewed()) return;
    asked = true;
    const link = Object.assign(document.createElement("a"), {
      href: form.dataset.signIn, target: "_blank", rel: "noopener", className: "button filled", textContent: "Sign in again",
    });
    show("Your sign-in has ended. Nothing you typed is lost.", link, button("I have signed in", () => renewed()));
  }
  // After a new sign-in the form must send the new token.
  async function renewed() {
    try {
      const answer = await fetch(form.dataset.token, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return false;
      const { token } = await answer.json();
      for (const box of document.getElementsByName("csrfmiddlewaretoken")) box.value = token;
    } catch { return false; }
    asked = false;
    banner.replaceChildren();
    last = "";
    setTimeout(keep, 0);
    return true;
  }

  function elsewhere(when) {
    stopped = true;
    missed("Not saved here: this draft is open on another page too");
    show("This draft was changed on another page at " + clock(when) + ". This page is no longer kept by itself.",
      button("Go on with the other text", () => { leaving = true; location.reload(); }),
      button("Keep this page's text", () => { stopped = false; banner.replaceChildren(); keep({ insist: true }); }));
  }
  function gone(text) {
    stopped = true;
    missed("Not kept as a draft any more");
    show(text);
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 1000);
  });
  form.addEventListener("change", () => { clearTimeout(timer); timer = setTimeout(keep, 300); });
  form.addEventListener("focusout", () => keep());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && asked) renewed();
    else keep();
  });
  window.addEventListener("focus", () => { if (asked) renewed(); });
  window.addEventListener("online", () => keep());
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); say("Saving…"); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
  // Asked only when the server does not have what stands here.
  window.addEventListener("beforeunload", (event) => { if (failed && !leaving && is_new()) event.preventDefault(); });
})();
