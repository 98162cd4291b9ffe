// @ts-check
/** Where the service wants a key: trades it for a session, whose cookie no script can read. The key is kept nowhere. */
import * as api from './api.js';
import { say } from './ui.js';
import { html, signal, useEffect, useRef, useState } from './vendor/vendor.js';

const PATH = 'api/v1/session';

/** @typedef {{key_required: boolean, signed_in: boolean, name: string | null, scopes: string[]}} Session */

/** Who one is; null while that isn't known. */
/** @type {import('./vendor/vendor.js').Signal<Session | null>} */
export const session = signal(null);

async function askWho() {
    session.value = await api.call(PATH).catch(() => null);
    if (session.value?.key_required && !session.value.signed_in) {
        api.signedOut.value = true;
    }
}

async function signOut() {
    try {
        await api.send(api.url(PATH), { method: 'DELETE' });
        startAfresh();
    } catch (e) {
        say(`Still signed in: ${/** @type {Error} */ (e).message}`);
    }
}

/** Nothing that one saw stays in the memory of the page for the next one. */
function startAfresh() {
    location.reload();
}

/** Whom the service takes one for, and the way out. */
export function Identity() {
    useEffect(() => {
        askWho();
    }, [api.signedOut.value]);
    return session.value?.signed_in && html`<button onClick=${signOut} title="Signed in as ${session.value.name}: ${session.value.scopes.join(', ')}">Sign out</button>`;
}

export function SignIn() {
    const [wrong, setWrong] = useState('');
    const input = useRef(/** @type {HTMLInputElement | null} */ (null));
    useEffect(() => input.current?.focus(), []);
    /** @param {Event} event */
    const enter = async (event) => {
        event.preventDefault();
        const form = /** @type {HTMLFormElement} */ (event.target);
        const key = String(new FormData(form).get('key'));
        try {
            await api.send(api.url(PATH), { method: 'POST', body: { key } });
            startAfresh();
        } catch (e) {
            form.reset();
            setWrong(/** @type {Error} */ (e).message);
        }
    };
    return html`<div class="page sign-in"><form onSubmit=${enter}>
        <h2>Sign in</h2>
        <label>API key <input ref=${input} name="key" type="password" required autocomplete="off" /></label>
        ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
        <button type="submit" class="primary">Sign in</button>
        <p class="quiet">The key is traded for a session of this browser, and not kept.</p>
    </form></div>`;
}
