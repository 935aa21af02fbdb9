// Passkeys: asks the browser for one, puts what it says into the form, and sends the form. Without support for them,
// or without this script, the forms stay hidden and passwords work as ever.

const supported = window.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined;

async function credentialFor(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token: form.elements.token?.value ?? "" }),
  });
  if (!answer.ok) throw new Error(answer.statusText);
  const options = await answer.json();
  return form.dataset.passkey === "new"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!supported) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify((await credentialFor(form)).toJSON());
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
