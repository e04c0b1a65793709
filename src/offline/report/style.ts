/** How the report looks, in the light and in the dark. */
export const style = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1f24; --faint: #6a737d; --line: #d8dee4; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181c; --ink: #e6e9ed; --faint: #9aa4af; --line: #323a43; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; } h3 { margin: 0; font-size: 1rem; }
small { color: var(--faint); font-weight: normal; }
article { margin: 0 0 1rem; padding: .8rem 1rem; border-left: 5px solid var(--line); background: color-mix(in srgb, var(--line) 25%, transparent); }
article p { margin: .4rem 0 0; }
article.error { border-color: #d1242f; } article.warn { border-color: #bf8700; } article.info { border-color: #0969da; }
.severity { text-transform: uppercase; font-size: .8rem; letter-spacing: .05em; }
.good { color: #1a7f37; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .5rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--faint); font-weight: normal; } tbody th { font-weight: 600; overflow-wrap: anywhere; }
td:last-child { width: 50%; } .number { text-align: right; font-variant-numeric: tabular-nums; }
.bar { display: block; box-sizing: border-box; min-width: max-content; margin-bottom: .2rem; padding: .1rem .5rem; border-radius: 3px; background: var(--line); color: #111; }
.bar small { color: #333; } .s2 { background: #9be3ae; } .s3 { background: #a8d1ff; } .s4 { background: #f5d67b; } .s5 { background: #ffb3ad; }
.violation { margin: .2rem 0 0; color: #bf3989; font-weight: normal; font-size: .9rem; }
`;
