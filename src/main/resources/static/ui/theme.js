// Runs before anything is painted, so that no page flashes in the wrong colours. Not a module for that reason.
(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
        const chosen = localStorage.getItem('theme');
        document.documentElement.dataset.theme = chosen ?? (dark.matches ? 'dark' : 'light');
        dispatchEvent(new Event('themechange'));
    };
    dark.addEventListener('change', apply);
    addEventListener('storage', apply);
    addEventListener('choosetheme', apply);
    apply();
})();
