/** How the report looks, in the light and in the dark. */
export const style = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --faint: #6a737d; --line: #d8dee4; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181c; --ink: #e6e9ed; --faint: #9aa4af; --line: #323a43; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; } h3 { margin: 0; font-size: 1rem; }
small { color: var(--faint); font-weight: normal; }
.counts { display: flex; gap: 2px; } .counts span { min-width: max-content; padding: .2rem .6rem; color: #111; border-radius: 3px; }
.counts .holds, td.holds { background: #9be3ae; } .counts .broken, td.broken { background: #ffb3ad; }
.counts .unanswered, td.unanswered { background: #f5d67b; } .counts .not-verifiable, td.not-verifiable { background: #d0d7de; }
article { margin: 0 0 1rem; padding: .8rem 1rem; border-left: 5px solid var(--line); background: color-mix(in srgb, var(--line) 25%, transparent); }
article p { margin: .4rem 0 0; overflow-wrap: anywhere; }
article.broken { border-color: #d1242f; } article.unanswered { border-color: #bf8700; }
table { width: 100%; border-collapse: separate; border-spacing: 2px; }
th, td { padding: .35rem .6rem; text-align: left; } thead th { color: var(--faint); font-weight: normal; }
tbody th { font-weight: normal; } tr.group th { padding-top: 1.2rem; font-weight: 600; border-bottom: 1px solid var(--line); }
td { border-radius: 3px; color: #111; white-space: nowrap; } td small { color: #333; }
`;
