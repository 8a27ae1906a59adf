// fetch for our own endpoints that answer JSON: CSRF, problem+json, one kind of error.
import { gettext } from "./texts.js";

export class Problem extends Error {
  constructor(status, { title = gettext("The request failed"), detail = "", errors = [] } = {}) {
    super(detail || title);
    this.name = "Problem";
    this.status = status; // 0: no answer at all
    this.title = title;
    this.errors = errors; // [{field, message}]
  }
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

const WORDS = {
  401: gettext("You are signed out. Sign in again in another tab, then repeat this."),
  403: gettext("You may not do this."),
  404: gettext("This is not there any more."),
  413: gettext("This is too large."),
  429: gettext("Too many requests. Wait a moment."),
};

export function words(status) {
  if (status === 0) return gettext("The server cannot be reached. Nothing was changed.");
  return WORDS[status] ?? gettext("The server answered with error {status}.", { status });
}

async function problemOf(response) {
  const type = response.headers.get("content-type") ?? "";
  const told = type.includes("json") ? await response.json().catch(() => ({})) : {};
  return new Problem(response.status, { title: words(response.status), ...told });
}

// Resolves with the parsed JSON (null for 204); rejects with a Problem, or an AbortError when aborted. An ArrayBuffer
// or a FormData as the body is sent as it is, anything else as JSON.
export async function request(url, { method = "GET", body, headers = {}, signal } = {}) {
  const isBytes = body instanceof ArrayBuffer;
  const sent = { Accept: "application/json", ...headers };
  const isForm = body instanceof FormData; // it names its own type
  if (body !== undefined && !isForm) sent["Content-Type"] = isBytes ? "application/octet-stream" : "application/json";
  if (method !== "GET") sent["X-CSRFToken"] = csrfToken();
  const options = { method, headers: sent, signal, credentials: "same-origin" };
  if (body !== undefined) options.body = isBytes || isForm ? body : JSON.stringify(body);
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { title: words(0) });
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return null;
  // a session that ended leads on to the sign-in page, which is no answer
  if (response.redirected) throw new Problem(401, { title: words(401) });
  return response.json();
}

// Resolves with the HTML of a part of a page; rejects as `request` does.
export async function html(url, options = {}) {
  const headers = { "X-CSRFToken": csrfToken() };
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", headers, ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { title: words(0) });
  }
  if (response.redirected) throw new Problem(401, { title: words(401) });
  if (!response.ok) throw await problemOf(response);
  return response.text();
}
