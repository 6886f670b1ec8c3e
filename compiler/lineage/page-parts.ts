/** How the catalogue looks, and how it is searched: each word somewhere in an entry. */
export const STYLE = `
:root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #1f2328; background: #fff; }
body { margin: 0; }
header { background: #fff; border-bottom: 1px solid #d1d9e0; padding: .75rem 1.5rem; }
header { position: sticky; top: 0; z-index: 1; }
header h1 { font-size: 1.2rem; margin: 0; } header p { margin: .1rem 0 .5rem; color: #59636e; }
#search { box-sizing: border-box; font: inherit; max-width: 40rem; padding: .4rem .6rem; width: 100%; }
#search { border: 1px solid #8c959f; border-radius: 6px; }
#found:empty { display: none; }
main { max-width: 75rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
.drawing { overflow: auto; border: 1px solid #d1d9e0; border-radius: 6px; max-height: 75vh; }
summary { cursor: pointer; font-weight: 600; padding: .4rem 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } h2 small { color: #59636e; font-weight: 400; }
article { border: 1px solid #d1d9e0; border-radius: 6px; margin: .5rem 0; padding: .6rem .9rem; }
article { overflow-wrap: anywhere; scroll-margin-top: 9rem; }
article:target { border-color: #0969da; box-shadow: 0 0 0 2px #ddf4ff; }
h3 { font-size: 1rem; margin: 0; } p { margin: .2rem 0; } .meta { color: #59636e; font-size: .9em; }
.kind { border: 1px solid #8c959f; border-radius: 4px; font-size: .75rem; font-weight: 400; padding: .05rem .4rem; }
table { border-collapse: collapse; font-size: .9em; margin: .4rem 0; }
th:first-child, td:first-child { min-width: 9rem; }
th, td { border-bottom: 1px solid #d1d9e0; padding: .15rem .9rem .15rem 0; text-align: left; vertical-align: top; }
.flow { list-style: none; margin: .3rem 0 0; padding: 0; font-size: .9em; }
.flow b { color: #59636e; font-weight: 400; }
a { color: #0969da; text-decoration: none; } a:hover { text-decoration: underline; }
@media print { header { position: static; } #search { display: none; } }
`;

/** No text of a spec is in it. */
export const SCRIPT = `
const search = document.getElementById('search');
const found = document.getElementById('found');
const entries = [...document.querySelectorAll('article')].map((node) => [node, node.textContent.toLowerCase()]);
const show = () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const [node, text] of entries) {
    node.hidden = !words.every((word) => text.includes(word));
    if (!node.hidden) count += 1;
  }
  for (const section of document.querySelectorAll('section'))
    section.hidden = section.querySelector('article:not([hidden])') === null;
  document.getElementById('lineage').hidden = words.length > 0;
  found.textContent = words.length > 0 ? count + ' of ' + entries.length : '';
};
search.hidden = false;
search.addEventListener('input', show);
document.addEventListener('click', ({ target }) => {
  if (target.closest && target.closest('a[href^="#"]') && search.value !== '') { search.value = ''; show(); }
});
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== search) { event.preventDefault(); search.focus(); }
});
`;
